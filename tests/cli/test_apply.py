"""gelu-fast apply: for every supported kind of file, it gives the same results as the ufunc."""

import os
import stat

import numpy as np
import pytest

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._core.table import unary_functions
from gelu_fast._files import numbers

VALUES = np.linspace(-20, 20, 1001)


@pytest.fixture
def apply(tmp_path, capfd):
    """Saves an array, applies a function to the file, and returns the array in the output file."""

    def apply(array, function="gelu", version=None):
        source, target = tmp_path / "in.npy", tmp_path / "out.npy"
        with open(source, "wb") as file:
            np.lib.format.write_array(file, np.asanyarray(array), version)
        assert main(["apply", str(source), str(target), "--function", function]) == 0
        assert capfd.readouterr() == ("", "")
        assert sorted(os.listdir(tmp_path)) == ["in.npy", "out.npy"]
        return np.load(target)

    return apply


def assert_same(got, expected):
    assert got.dtype == expected.dtype
    assert got.dtype.isnative
    assert got.shape == expected.shape
    assert got.tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", unary_functions())
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_function_and_dtype(apply, name, dtype):
    x = VALUES.astype(dtype)
    assert_same(apply(x, name), getattr(gelu_fast, name)(x))


@pytest.mark.parametrize("dtype", ["?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q"])
def test_integers_and_bool_promote_as_in_a_call(apply, dtype):
    x = np.arange(-100, 100).astype(dtype)
    assert_same(apply(x), gelu_fast.gelu(x))


@pytest.mark.parametrize("dtype", [">f2", ">f4", ">f8", ">i4", "<f2", "<f4", "<f8", "<i4"])
def test_byte_order_of_the_output_is_native(apply, dtype):
    x = VALUES.astype(dtype)
    assert_same(apply(x), gelu_fast.gelu(x))


def test_fortran_order_is_kept(apply):
    x = np.asfortranarray(VALUES.reshape(7, 11, 13).astype("f4"))
    got = apply(x)
    assert got.flags.f_contiguous
    assert not got.flags.c_contiguous
    np.testing.assert_array_equal(got, gelu_fast.gelu(x))


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (1,) * 32, (2, 3, 4)])
def test_shapes(apply, shape):
    x = np.full(shape, -0.75, "f4")
    assert_same(apply(x), np.asarray(gelu_fast.gelu(x)))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.filterwarnings("ignore:Stored array in format")
def test_format_versions(apply, version):
    x = VALUES.astype("f4")
    assert_same(apply(x, version=version), gelu_fast.gelu(x))


def test_header_written_by_python_2(tmp_path, capfd):
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (3L,)}".ljust(117) + b"\n"
    x = np.array([-1, 0, 2], "<f4")
    source.write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + header + x.tobytes())
    assert main(["apply", str(source), str(target), "--function", "gelu"]) == 0
    assert capfd.readouterr() == ("", "")
    assert_same(np.load(target), gelu_fast.gelu(x.astype("f4")))


@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("dtype", ["i1", "f2", "f4", ">f8"])
def test_chunk_boundaries(apply, dtype, extra):
    n = 3 * numbers.CHUNK_BYTES // max(np.dtype(dtype).itemsize, 2) + extra
    x = np.random.default_rng(0).normal(0, 5, n).astype(dtype)
    assert_same(apply(x), gelu_fast.gelu(x))


def test_special_values_warn_of_nothing(apply):
    x = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45, -1e-45, 3e38, -3e38, -14.2], "f4")
    x = np.append(x, np.array([0x7F800001], "u4").view("f4"))  # a signalling NaN
    assert_same(apply(x), gelu_fast.gelu(x))


def test_permissions_are_those_of_a_new_file(apply, tmp_path):
    before = os.umask(0o027)
    try:
        apply(VALUES)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.npy").stat().st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o666, 0o777])
def test_permissions_of_a_replaced_file_are_kept(tmp_path, monkeypatch, mode):
    """From its first byte, the new file has the permissions of the old one."""
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    np.save(source, VALUES)
    target.touch()
    target.chmod(mode)
    seen = []

    def note(*args):
        seen.extend(path for path in tmp_path.iterdir() if path.suffix == ".part")
        seen[1:] = [stat.S_IMODE(seen[0].stat().st_mode)]
        return read_into(*args)

    read_into = numbers.read_into
    monkeypatch.setattr(numbers, "read_into", note)
    before = os.umask(0o022)
    try:
        assert main(["apply", str(source), str(target), "--function", "gelu", "--force"]) == 0
    finally:
        os.umask(before)
    assert seen[1:] == [mode]
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert_same(np.load(target), gelu_fast.gelu(VALUES))


def test_special_permissions_are_not_kept(tmp_path):
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    np.save(source, VALUES)
    target.touch()
    target.chmod(0o4755)
    assert main(["apply", str(source), str(target), "--function", "gelu", "--force"]) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_owner_of_a_replaced_file_is_kept(tmp_path):
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    np.save(source, VALUES)
    target.touch()
    os.chown(target, 1234, 4321)
    assert main(["apply", str(source), str(target), "--function", "gelu", "--force"]) == 0
    assert (target.stat().st_uid, target.stat().st_gid) == (1234, 4321)


def test_owner_that_cannot_be_kept(tmp_path, monkeypatch):
    def fchown(*args):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", fchown)
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    np.save(source, VALUES)
    target.touch()
    target.chmod(0o600)
    assert main(["apply", str(source), str(target), "--function", "gelu", "--force"]) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_force_replaces(tmp_path):
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    np.save(source, VALUES)
    target.write_text("something else")
    assert main(["apply", str(source), str(target), "--function", "gelu", "--force"]) == 0
    assert_same(np.load(target), gelu_fast.gelu(VALUES))


def test_symbolic_links_are_followed(tmp_path):
    source, target = tmp_path / "in.npy", tmp_path / "real.npy"
    np.save(source, VALUES)
    target.write_text("something else")
    (tmp_path / "in-link.npy").symlink_to(source)
    (tmp_path / "out-link.npy").symlink_to(target)
    paths = [str(tmp_path / "in-link.npy"), str(tmp_path / "out-link.npy")]
    assert main(["apply", *paths, "--function", "gelu", "--force"]) == 0
    assert (tmp_path / "out-link.npy").is_symlink()
    assert_same(np.load(target), gelu_fast.gelu(VALUES))


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_bfloat16(tmp_path, version):
    """np.save stores bfloat16 numbers without the name of their dtype."""
    source, target = tmp_path / "in.npy", tmp_path / "out.npy"
    x = VALUES.astype("bfloat16")
    with open(source, "wb") as file:
        np.lib.format.write_array(file, x, version)
    arguments = ["apply", str(source), str(target), "--function", "gelu", "--bfloat16"]
    assert main(arguments) == 0
    np.save(tmp_path / "expected.npy", gelu_fast.gelu(x))
    assert target.read_bytes() == (tmp_path / "expected.npy").read_bytes()


def test_names_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("in.npy", VALUES)
    assert main(["apply", "in.npy", "out.npy", "--function", "gelu"]) == 0
    assert_same(np.load("out.npy"), gelu_fast.gelu(VALUES))


def test_a_name_as_long_as_names_get(tmp_path):
    source, target = tmp_path / "in.npy", tmp_path / ("o" * 255)
    np.save(source, VALUES)
    assert main(["apply", str(source), str(target), "--function", "gelu"]) == 0
    assert_same(np.load(target), gelu_fast.gelu(VALUES))


def test_a_file_system_without_hard_links(apply, monkeypatch):
    def link(source, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    assert_same(apply(VALUES), gelu_fast.gelu(VALUES))
