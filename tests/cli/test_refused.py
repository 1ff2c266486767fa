"""gelu-fast apply refuses bad arguments and files with one line and status 2, and leaves the folder
unchanged."""

import io
import os
import resource
import tempfile
from pathlib import Path

import numpy as np
import pytest

import gelu_fast
from gelu_fast._cli import apply as cli_apply
from gelu_fast._cli.command import main
from gelu_fast._core.table import unary_functions
from gelu_fast._files import apply as files_apply
from gelu_fast._files import numbers

X = np.linspace(-5, 5, 100, dtype="f4")


def saved(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def with_header(header, data=b"", version=b"\x01\x00"):
    length = len(header).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    return b"\x93NUMPY" + version + length + header + data


def contents(folder):
    return {
        path.name: path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in folder.iterdir()
    }


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes a current folder that contains in.npy."""
    monkeypatch.chdir(tmp_path)
    np.save("in.npy", X)
    return tmp_path


@pytest.fixture
def refused(capfd):
    """Runs gelu-fast apply, checks that it refuses, and returns its one line."""

    def refused(source="in.npy", target="out.npy", *options, function="gelu"):
        before = contents(Path())
        try:
            status = main(["apply", str(source), str(target), "--function", function, *options])
        except SystemExit as exit:  # argparse
            status = exit.code
        out, err = capfd.readouterr()
        assert status == 2
        assert out == ""
        assert err.startswith("gelu-fast: ")
        assert err.endswith("\n")
        assert err.count("\n") == 1
        assert contents(Path()) == before
        return err

    return refused


# ---- Names


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "force"])
@pytest.mark.parametrize("same", ["in.npy", "./in.npy", "absolute", "hard.npy", "soft.npy"])
def test_output_is_the_input(folder, refused, same, force):
    os.link("in.npy", "hard.npy")
    os.symlink("in.npy", "soft.npy")
    same = folder / "in.npy" if same == "absolute" else same
    assert "is the same file as the input" in refused("in.npy", same, *force)
    assert "is the same file as the input" in refused(same, "in.npy", *force)


def test_output_exists(folder, refused):
    Path("out.npy").write_text("precious")
    assert "'out.npy': exists already; --force replaces it" in refused()


def test_output_exists_behind_a_link(folder, refused):
    Path("real.npy").write_text("precious")
    os.symlink("real.npy", "out.npy")
    assert "exists already" in refused()


def test_output_appears_meanwhile(folder, capfd, monkeypatch):
    def appear(*args):
        Path("out.npy").write_text("precious")
        return new_file(*args)

    new_file = files_apply.new_file
    monkeypatch.setattr(files_apply, "new_file", appear)
    assert main(["apply", "in.npy", "out.npy", "--function", "gelu"]) == 2
    assert "appeared while the output was computed" in capfd.readouterr().err
    assert Path("out.npy").read_text() == "precious"
    assert sorted(os.listdir()) == ["in.npy", "out.npy"]


@pytest.mark.parametrize("name", [".", "new/", ".."])
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "force"])
def test_output_is_a_folder(folder, refused, name, force):
    assert "is a folder" in refused("in.npy", name, *force)


def test_output_without_a_name(folder, refused):
    """The value of a variable of the shell that is not set."""
    assert "'': is no name of a file" in refused("in.npy", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_output_is_a_device(folder, refused):
    before = os.stat("/dev/full")
    assert "'/dev/full': exists and is not a regular file" in refused(
        "in.npy", "/dev/full", "--force"
    )
    assert os.stat("/dev/full").st_ino == before.st_ino


def test_output_folder_is_missing(folder, refused):
    assert "no such folder" in refused("in.npy", "missing/out.npy")
    assert "Not a directory" in refused("in.npy", "in.npy/out.npy")


def test_output_is_a_loop_of_links(folder, refused):
    os.symlink("out.npy", "out.npy")
    assert "Too many levels of symbolic links" in refused()


def test_input_is_missing(folder, refused):
    assert "'missing.npy': No such file or directory" in refused("missing.npy")


def test_input_is_no_file(folder, refused):
    os.mkfifo("fifo")
    assert "'.': not a regular file" in refused(".")
    assert "'fifo': not a regular file" in refused("fifo")


def test_a_name_of_two_lines_still_gives_one(folder, refused):
    assert r"'two\nlines'" in refused("two\nlines")
    assert r"'\udcff'" in refused("\udcff")


@pytest.fixture
def public():
    """Makes a folder that every user can read."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.mark.parametrize("what", ["input", "folder"])
def test_permission_denied(public, capfd, what):
    source, target = public / "in.npy", public / "out.npy"
    np.save(source, X)
    source.chmod(0o000 if what == "input" else 0o644)
    public.chmod(0o555)
    user = os.geteuid()
    if user == 0:  # root may read and write everything, so the command runs as another user
        os.seteuid(65534)
    try:
        status = main(["apply", str(source), str(target), "--function", "gelu"])
    finally:
        os.seteuid(user)
        public.chmod(0o755)
    assert status == 2
    path = source if what == "input" else target
    assert capfd.readouterr().err == f"gelu-fast: {str(path)!r}: Permission denied\n"
    assert os.listdir(public) == ["in.npy"]


# ---- Contents

CORRUPT = {
    "empty": b"",
    "text": b"1.0, 2.0, 3.0\n",
    "magic only": b"\x93NUMPY",
    "version": with_header(b"{}", version=b"\x09\x00"),
    "no header": b"\x93NUMPY\x01\x00",
    "half a header": saved(X)[:40],
    "header of zeros": with_header(bytes(118)),
    "huge header": with_header(b"", version=b"\x02\x00")[:8] + b"\xff" * 4 + bytes(1 << 16),
    "no dictionary": with_header(b"[1, 2]\n"),
    "missing key": with_header(b"{'descr': '<f4', 'shape': (1,)}\n", bytes(4)),
    "code": with_header(b"{'descr': exit(), 'fortran_order': False, 'shape': (1,)}\n", bytes(4)),
    "deep": with_header(b"(" * 9000 + b"\n"),
    "unbalanced": with_header(b"{'descr': '<f4', 'fortran_order': (False, 'shape': (1,)}\n"),
    "dtype": with_header(b"{'descr': '<f5', 'fortran_order': False, 'shape': (1,)}\n", bytes(4)),
    "dtype of dictionary": with_header(
        b"{'descr': {'a': 1}, 'fortran_order': False, 'shape': (1,)}\n", bytes(4)
    ),
    "negative shape": with_header(
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1)}\n", bytes(4)
    ),
    "shape beyond any array": with_header(
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (0, %d)}\n" % 2**80
    ),
    "too many axes": with_header(
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (%s)}\n" % (b"1," * 100), bytes(4)
    ),
    "zip": b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("data", CORRUPT.values(), ids=CORRUPT)
@pytest.mark.filterwarnings("error")
def test_corrupt_header(folder, refused, data):
    Path("bad.npy").write_bytes(data)
    assert "'bad.npy': not a readable .npy file" in refused("bad.npy")


def test_damaged_headers_at_random(folder, refused):
    """No damage to a header causes a traceback or an incomplete file."""
    good = saved(X)
    random = np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(good)
        for at in random.integers(6, 70, random.integers(1, 4)):
            data[at] = random.integers(256)
        Path("bad.npy").write_bytes(data)
        status = main(["apply", "bad.npy", "out.npy", "--function", "gelu"])
        if status == 0:
            os.unlink("out.npy")
        assert status in (0, 2)
        assert sorted(os.listdir()) == ["bad.npy", "in.npy"]


PYTHON_2 = b"{'descr': '<f4', 'fortran_order': False, 'shape': (3L,)}".ljust(115) + b"\n"
COMMENTED = b"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} # %s\n"
HEADERS = {
    "of Python 2": PYTHON_2,
    "UTF-8": COMMENTED % "\xe9".encode(),
    "Latin-1": COMMENTED % b"\xe9",
    "short": COMMENTED % b"",
    "longest": COMMENTED % b"" + b" " * (10_000 - len(COMMENTED % b"")),
    "too long": COMMENTED % b"" + b" " * (10_001 - len(COMMENTED % b"")),
    "longest in UTF-8": COMMENTED % ("\U0001f600" * (10_000 - len(COMMENTED % b""))).encode(),
    "too long in UTF-8": COMMENTED % ("\U0001f600" * (10_001 - len(COMMENTED % b""))).encode(),
}


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("longer", [0, 1], ids=["", "cut"])
@pytest.mark.filterwarnings("ignore")
def test_headers_as_numpy_reads_them(folder, capfd, version, header, longer):
    size = (len(header) + 13 * longer).to_bytes(2 if version == 1 else 4, "little")
    data = b"\x93NUMPY" + bytes([version, 0]) + size + header + X[:3].tobytes()
    Path("some.npy").write_bytes(data)
    try:
        expected = np.load("some.npy")
    except ValueError:
        assert main(["apply", "some.npy", "out.npy", "--function", "gelu"]) == 2
        assert capfd.readouterr().err.startswith("gelu-fast: 'some.npy': not a readable .npy file")
    else:
        assert main(["apply", "some.npy", "out.npy", "--function", "gelu"]) == 0
        np.testing.assert_array_equal(np.load("out.npy"), gelu_fast.gelu(expected))


@pytest.mark.parametrize("missing", [1, 4, 399, 400])
def test_truncated_data(folder, refused, missing):
    Path("bad.npy").write_bytes(saved(X)[:-missing])
    expected = f"'bad.npy': truncated: expected 400 bytes of data, found {400 - missing}"
    assert expected in refused("bad.npy")


def test_truncated_meanwhile(folder, refused, monkeypatch):
    np.save("in.npy", np.zeros(3 * numbers.CHUNK_BYTES, "f4"))

    def apply_file(source, target, function, *, progress, **options):
        def shorten(done, total):
            if done:
                os.truncate("in.npy", total // 2)

        try:
            files_apply.apply_file(source, target, function, progress=shorten)
        finally:
            np.save("in.npy", np.zeros(3 * numbers.CHUNK_BYTES, "f4"))

    monkeypatch.setattr(cli_apply, "apply_file", apply_file)
    assert "'in.npy': became shorter while it was read" in refused()


def test_more_after_the_array(folder, refused):
    Path("bad.npy").write_bytes(saved(X) + b"\n")
    assert "data after the array: expected 400 bytes of data, found 401" in refused("bad.npy")


UNSUPPORTED = {
    "complex64": X.astype("c8"),
    "complex128": X.astype("c16"),
    "longdouble": X.astype("g"),
    "str": np.array(["a", "b"]),
    "bytes": np.array([b"a", b"b"]),
    "empty str": np.zeros(2, "U0"),
    "void": np.zeros(2, "V4"),
    "structured": np.zeros(2, [("a", "f4"), ("b", "f4")]),
    "one field": np.zeros(2, [("a", "f4")]),
    "datetime64": np.zeros(2, "M8[s]"),
    "timedelta64": np.zeros(2, "m8[s]"),
}


@pytest.mark.parametrize("array", UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_unsupported_dtype(folder, refused, array):
    np.save("bad.npy", array)
    line = refused("bad.npy")
    assert f"gelu does not support dtype {array.dtype}: " in line
    assert "allowed are float16, float32, float64, integers and bool" in line


def test_bfloat16(folder, refused):
    np.save("bad.npy", np.ones(3, "bfloat16"))
    line = refused("bad.npy")
    assert "'bad.npy': dtype |V2 is not supported: if the numbers are bfloat16, add --" in line
    line = refused("in.npy", "out.npy", "--bfloat16")
    assert "'in.npy': --bfloat16 needs dtype |V2, as which np.save stores bfloat16, not f" in line


@pytest.mark.parametrize("arrays", [{}, {"x": X}, {"x": X, "y": X}], ids=len)
def test_npz_that_is_called_npy(folder, refused, arrays):
    np.savez("bad.npz", **arrays)
    os.rename("bad.npz", "bad.npy")
    line = refused("bad.npy")
    assert "'bad.npy': not a readable .npy file: it is a ZIP archive, such as an .npz file" in line


def test_elements_that_are_arrays(folder, refused):
    header = b"{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (3,)}\n"
    Path("bad.npy").write_bytes(with_header(header, bytes(24)))
    assert "gelu does not support dtype" in refused("bad.npy")


class Trap:
    """Makes a folder when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


@pytest.mark.parametrize("dtype", [object, [("a", object)]], ids=["object", "in a field"])
def test_pickled_objects_are_never_loaded(folder, refused, dtype):
    np.save("bad.npy", np.array([(Trap(),)], dtype), allow_pickle=True)
    assert "holds pickled Python objects" in refused("bad.npy")
    np.load("bad.npy", allow_pickle=True)
    assert os.path.isdir("unpickled")  # the trap works, so `refused` would have found the folder


# ---- Usage


def test_unknown_function(folder, refused):
    line = refused(function="gleu")
    assert "unknown function 'gleu': did you mean gelu? allowed are " in line
    for name in unary_functions():
        assert name in line
    assert "did you mean" not in refused(function="qqq")
    assert "unknown function 'isa'" in refused(function="isa")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["apply"],
        ["apply", "in.npy"],
        ["apply", "in.npy", "out.npy"],
        ["apply", "in.npy", "out.npy", "--function"],
        ["apply", "in.npy", "out.npy", "more.npy", "--function", "gelu"],
        ["apply", "in.npy", "out.npy", "--function", "gelu", "--forc"],
        ["info", "more"],
    ],
)
def test_usage_errors(capfd, arguments):
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("gelu-fast: ")
    assert err.count("\n") == 1


# ---- Disks


def test_no_space(folder, refused):
    """The system limits the file to 1 MiB, as a full disk would."""
    np.save("in.npy", np.ones(1 << 20, "f4"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        line = refused()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "out.npy': File too large" in line


def test_no_space_with_force_keeps_the_old_file(folder, refused):
    np.save("in.npy", np.ones(1 << 20, "f4"))
    Path("out.npy").write_text("precious")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        refused("in.npy", "out.npy", "--force")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert Path("out.npy").read_text() == "precious"


def test_a_disk_that_is_full_only_at_the_end(folder, refused, monkeypatch):
    def fsync(descriptor):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fsync)
    assert "out.npy': No space left on device" in refused()
