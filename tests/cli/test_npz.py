"""gelu-fast apply on .npz files: np.load reads the bits of the ufunc, and the archive is kept."""

import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._files import numbers
from gelu_fast._files.formats import npz

X = np.random.default_rng(3).normal(0, 4, 1200)
ARRAYS = {
    "half": X.astype("f2"),
    "x": X.astype("f4").reshape(3, -1),
    "fortran": np.asfortranarray(X.reshape(40, 30)),
    "big": X.astype(">f4"),
    "deep/er": X[:7],
    "none": np.zeros((0, 3), "f4"),
    "scalar": np.array(-0.75),
    "ids": np.arange(9),
    "text": np.array(["a", "bc"]),
}
FLOATS = ["half", "x", "fortran", "big", "deep/er", "none", "scalar"]


def assert_applied(names, function=gelu_fast.gelu):
    with np.load("in.npz") as old, np.load("out.npz") as new:
        assert new.files == old.files
        for name in old.files:
            x = old[name]
            y = np.asarray(function(x)) if name in names else x
            assert new[name].dtype == y.dtype
            assert new[name].shape == y.shape
            assert new[name].tobytes() == y.tobytes()
            assert new[name].flags.f_contiguous == x.flags.f_contiguous


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("chunk", [1 << 18, 64])
def test_arrays(folder, monkeypatch, capfd, save, chunk):
    monkeypatch.setattr(numbers, "CHUNK_BYTES", chunk)
    save("in.npz", **ARRAYS)
    assert main(["apply", "in.npz", "out.npz", "--function", "gelu"]) == 0
    assert capfd.readouterr() == ("", "")
    assert sorted(os.listdir()) == ["in.npz", "out.npz"]
    assert_applied(FLOATS)
    with zipfile.ZipFile("in.npz") as old, zipfile.ZipFile("out.npz") as new:
        assert new.testzip() is None
        for a, b in zip(old.infolist(), new.infolist(), strict=True):
            for what in ("filename", "compress_type", "date_time", "external_attr", "comment"):
                assert getattr(a, what) == getattr(b, what)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--tensors", "x"], ["x"]),
        (["--columns", "x,ids"], ["x", "ids"]),
        (["--tensors", "[xi]*", "--columns", "deep*"], ["x", "ids", "deep/er"]),
    ],
)
def test_patterns(folder, options, names):
    np.savez("in.npz", **ARRAYS)
    assert main(["apply", "in.npz", "out.npz", "--function", "sigmoid", *options]) == 0
    assert_applied(names, gelu_fast.sigmoid)


def test_bfloat16(folder, refused):
    b = X[:50].astype("bfloat16")
    np.savez("in.npz", b=b, x=X)
    assert main(["apply", "in.npz", "out.npz", "--function", "gelu", "--bfloat16"]) == 0
    with np.load("out.npz") as new:
        assert new["b"].tobytes() == gelu_fast.gelu(b).tobytes()
        assert new["b"].dtype.str == "|V2"
        assert new["x"].tobytes() == gelu_fast.gelu(X).tobytes()
    assert main(["apply", "in.npz", "out.npz", "--function", "gelu", "--force"]) == 0
    with np.load("out.npz") as new:
        assert new["b"].tobytes() == b.tobytes()
    line = refused("in.npz", "new.npz", "--tensors", "b")
    assert "'in.npz/b.npy': dtype |V2 is not supported: if the numbers are bfloat16, add --" in line


def test_other_members_and_comments_are_kept(folder):
    with zipfile.ZipFile("in.npz", "w") as archive:
        archive.comment = b"made by a test"
        archive.writestr("read.me", "text", zipfile.ZIP_BZIP2)
        with archive.open(zipfile.ZipInfo("x.npy", (1999, 1, 2, 3, 4, 6)), "w") as file:
            np.save(file, X)
        with archive.open("objects.npy", "w") as file:
            np.save(file, np.array([{"a": 1}]), allow_pickle=True)
    assert main(["apply", "in.npz", "out.npz", "--function", "gelu"]) == 0
    with zipfile.ZipFile("in.npz") as old, zipfile.ZipFile("out.npz") as new:
        assert new.comment == b"made by a test"
        assert new.read("read.me") == b"text"
        assert new.getinfo("read.me").compress_type == zipfile.ZIP_BZIP2
        assert new.getinfo("x.npy").date_time == (1999, 1, 2, 3, 4, 6)
        assert new.read("objects.npy") == old.read("objects.npy")
    assert np.load("out.npz")["x"].tobytes() == gelu_fast.gelu(X).tobytes()


def test_members_beyond_four_gigabytes(folder, monkeypatch):
    """The entries of such members need the format ZIP64."""
    monkeypatch.setattr(npz, "LARGE", 1000)
    np.savez("in.npz", x=X)
    assert main(["apply", "in.npz", "out.npz", "--function", "gelu"]) == 0
    assert_applied(["x"])
    with zipfile.ZipFile("out.npz") as new:
        assert new.getinfo("x.npy").extract_version >= 45


def test_names(folder, refused):
    np.savez("in.npz", **ARRAYS)
    line = refused("in.npz", "out.npz", "--tensors", "x,y*")
    assert "'in.npz': no tensor matches 'y*'; there are 'half', 'x', 'fortran', " in line
    assert "'in.npz/text.npy': gelu does not support dtype <U2" in refused(
        "in.npz", "out.npz", "--tensors", "t*"
    )
    assert "'out.npy': would be an .npz file" in refused("in.npz", "out.npy")
    assert "standard output takes .npy files" in refused("in.npz", "-")
    np.savez("ids.npz", ids=np.arange(3))
    assert "no tensor has floats; there are 'ids': choose with --tensors" in refused(
        "ids.npz", "out.npz"
    )
    np.savez("empty.npz")
    assert "no tensor has floats; there is none" in refused("empty.npz", "out.npz")
    np.save("x.npy", X)
    assert "has no name to choose" in refused("x.npy", "y.npy", "--tensors", "x")
    many = {f"a{i}": np.arange(1) for i in range(100)}
    np.savez("many.npz", **many)
    assert "'a19' and 80 more" in refused("many.npz", "out.npz", "--tensors", "b")


def entry(name):
    """The place of the data of a member."""
    with zipfile.ZipFile("in.npz") as archive:
        start = archive.getinfo(name).header_offset
    data = Path("in.npz").read_bytes()
    return start + 30 + sum(struct.unpack("<HH", data[start + 26 : start + 30]))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("member", ["x.npy", "ids.npy"])
def test_a_wrong_checksum(folder, refused, save, member):
    save("in.npz", x=X, ids=np.arange(900))
    data = bytearray(Path("in.npz").read_bytes())
    data[entry(member) + 700] ^= 1
    Path("in.npz").write_bytes(data)
    assert "'in.npz': not an .npz file that can be read: " in refused("in.npz", "out.npz")


def test_encrypted(folder, refused):
    np.savez("in.npz", x=X)
    data = bytearray(Path("in.npz").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    Path("in.npz").write_bytes(data)
    assert "is encrypted" in refused("in.npz", "out.npz")


@pytest.mark.parametrize("data", [b"", b"text", b"PK\x03\x04" + bytes(50)], ids=len)
def test_not_an_archive(folder, refused, data):
    Path("in.npz").write_bytes(data)
    assert "'in.npz': not an .npz file that can be read: " in refused("in.npz", "out.npz")
    os.unlink("in.npz")
    assert "'in.npz': No such file" in refused("in.npz", "out.npz")
    os.mkdir("in.npz")
    assert "'in.npz': not a regular file" in refused("in.npz", "out.npz")


def test_a_member_that_is_no_array(folder, refused):
    with zipfile.ZipFile("in.npz", "w") as archive:
        archive.writestr("x.npy", "text")
    assert "'in.npz/x.npy': not a readable .npy file" in refused("in.npz", "out.npz")


def test_two_members_of_one_name(folder, refused):
    with zipfile.ZipFile("in.npz", "w") as archive:
        archive.writestr("x.txt", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x.txt", "2")
    assert "two members have the same name" in refused("in.npz", "out.npz")


def test_damage_at_random(folder, capfd):
    np.savez_compressed("in.npz", x=X[:200], ids=np.arange(9))
    good = Path("in.npz").read_bytes()
    random = np.random.default_rng(0)
    for _ in range(200):
        data = bytearray(good)
        for at in random.integers(0, len(data), random.integers(1, 4)):
            data[at] = random.integers(256)
        Path("in.npz").write_bytes(data)
        status = main(["apply", "in.npz", "out.npz", "--function", "gelu"])
        out, err = capfd.readouterr()
        assert (status, out, err.count("\n")) in [(0, "", 0), (2, "", 1)]
        if status == 0:
            os.unlink("out.npz")
        assert os.listdir() == ["in.npz"]


@pytest.mark.parametrize(
    ("threads", "said"), [("x", "integer"), ("-1", "0 to 1024"), ("1025", "0 to 1024")]
)
def test_threads_that_are_refused(folder, capfd, threads, said):
    arguments = ["apply", "in.npz", "out.npz", "--function", "gelu", "--threads", threads]
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2
    assert said in capfd.readouterr().err


@pytest.mark.parametrize("threads", ["0", "1", "2", "5"])
def test_threads(folder, threads):
    before = gelu_fast.get_num_threads()
    np.savez("in.npz", x=np.resize(X, 1 << 20).astype("f4"))
    arguments = ["apply", "in.npz", "out.npz", "--function", "gelu", "--threads", threads]
    assert main(arguments) == 0
    assert_applied(["x"])
    assert gelu_fast.get_num_threads() == before
