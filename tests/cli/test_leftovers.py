"""What a killed run leaves behind, the next run in that folder removes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gelu_fast._cli.command import main
from gelu_fast._files import leftovers

NAME = ".gelu-fast-0123456789abcdef.part"
APPLY = ["apply", "in.npy", "out.npy", "--function", "gelu", "--force"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("in.npy", np.ones(3))
    return tmp_path


def made(name, age):
    Path(name).write_bytes(b"unfinished")
    os.utime(name, (time.time() - age,) * 2)


def test_of_a_killed_run(folder):
    with open("in.npy", "wb") as file:  # sparse, and more than a run computes in a moment
        header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 30,)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + (1 << 32))
    np.save("small.npy", np.ones(3))
    small = ["apply", "small.npy", "small-out.npy", "--function", "gelu", "--force"]
    job = subprocess.Popen([sys.executable, "-m", "gelu_fast", *APPLY])
    try:
        while not (found := list(Path().glob(".gelu-fast-*.part"))):
            assert job.poll() is None
            time.sleep(0.001)
        [left] = found
        while not left.stat().st_size:  # it takes the lock before it writes
            time.sleep(0.001)
        job.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, job.pid, os.WSTOPPED)
        os.utime(left, (0, 0))
        assert main(small) == 0
        assert left.exists()  # a run still holds it
    finally:
        job.kill()
        job.wait()
    os.utime(left)
    assert main(small) == 0
    assert left.exists()  # it is not old
    os.utime(left, (0, 0))
    assert main(small) == 0
    assert sorted(os.listdir()) == ["in.npy", "small-out.npy", "small.npy"]


@pytest.mark.parametrize("age", [-100, 0, leftovers.OLD - 60, leftovers.OLD + 60])
def test_age(folder, age):
    made(NAME, age)
    assert main(APPLY) == 0
    assert os.path.exists(NAME) == (age < leftovers.OLD)


@pytest.mark.parametrize(
    "name",
    [
        *("a.part", f"a{NAME}", f"{NAME}.txt", NAME[1:], NAME.upper(), ".gelu-fast-.part"),
        *(NAME.replace("f.", end) for end in ("g.", ".", "ff.", "f_")),
        f"{NAME}\n",
    ],
)
def test_other_names_are_kept(folder, name):
    made(name, 1e6)
    assert main(APPLY) == 0
    assert os.path.exists(name)


def test_only_files_are_removed(folder):
    os.mkdir(NAME)
    os.utime(NAME, (0, 0))
    fifo, link = NAME.replace("0", "1"), NAME.replace("0", "2")
    os.mkfifo(fifo)
    os.utime(fifo, (0, 0))
    made("precious", 1e6)
    os.symlink("precious", link)
    os.utime(link, (0, 0), follow_symlinks=False)
    before = {*os.listdir(), "out.npy"}
    assert main(APPLY) == 0
    assert set(os.listdir()) == before


def test_several_and_one_that_cannot_be_removed(folder, monkeypatch):
    names = sorted(NAME.replace("0", digit) for digit in "345")
    for name in names:
        made(name, 1e6)

    def unlink(path):
        if path.endswith(names[1]):
            raise PermissionError(1, "Operation not permitted")
        return real(path)

    real = os.unlink
    monkeypatch.setattr(os, "unlink", unlink)
    assert main(APPLY) == 0
    assert sorted(os.listdir()) == [names[1], "in.npy", "out.npy"]


@pytest.mark.parametrize("missing", ["locks", "fcntl"])
def test_without_locks(folder, monkeypatch, missing):
    """Without locks on the file system nothing is removed. Without the module fcntl, on Windows,
    an open file cannot be removed anyway."""

    def flock(*args):
        raise OSError(95, "Operation not supported")

    if missing == "locks":
        monkeypatch.setattr(leftovers.fcntl, "flock", flock)
    else:
        monkeypatch.setattr(leftovers, "fcntl", None)
    made(NAME, 1e6)
    assert main(APPLY) == 0
    assert os.path.exists(NAME) == (missing == "locks")


def test_folder_that_cannot_be_read(folder, monkeypatch):
    def listdir(path):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", listdir)
        assert main(APPLY) == 0
    assert os.path.exists("out.npy")
