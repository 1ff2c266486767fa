"""The name "-" stands for standard input and standard output."""

import io
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import gelu_fast
from gelu_fast._files import numbers

COMMAND = [sys.executable, "-m", "gelu_fast"]
X = np.linspace(-5, 5, 1001, dtype="f4")


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def run(*arguments, **options):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, **options)


def refused(*arguments, **options):
    """Runs a command that refuses, and returns its one line."""
    done = run(*arguments, **options)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    return done.stderr.decode()


def test_pipes(folder):
    """Through pipes, several chunks give the bytes of a file."""
    x = np.random.default_rng(0).normal(0, 3, 3 * numbers.CHUNK_BYTES // 4 + 7).astype("f4")
    np.save("x.npy", x)
    assert run("apply", "x.npy", "y.npy", "--function", "gelu").returncode == 0
    expected = Path("y.npy").read_bytes()
    done = run("apply", "-", "-", "--function", "gelu", input=saved(x))
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
    done = run("apply", "x.npy", "-", "--function", "gelu")
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
    done = run("apply", "-", "z.npy", "--function", "gelu", input=saved(x))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert Path("z.npy").read_bytes() == expected
    with open("x.npy", "rb") as file:
        done = run("apply", "-", "-", "--function", "gelu", stdin=file)
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
    assert sorted(os.listdir()) == ["x.npy", "y.npy", "z.npy"]


def test_a_file_of_that_name(folder):
    Path("-").write_bytes(saved(X))
    said = refused("apply", "-", "-", "--function", "gelu", input=b"")
    assert said.startswith("gelu-fast: '-': not a readable .npy file")
    assert run("apply", "./-", "y.npy", "--function", "gelu").returncode == 0
    np.testing.assert_array_equal(np.load("y.npy"), gelu_fast.gelu(X))
    assert run("apply", "-", "./-", "--force", "--function", "relu", input=saved(X)).returncode == 0
    np.testing.assert_array_equal(np.load("-"), gelu_fast.relu(X))


def test_compare_of_a_pipe(folder):
    np.save("x.npy", X)
    options = ["--functions", "gelu,relu", "--csv"]
    by_name, by_pipe = (
        run("compare", "x.npy", *options),
        run("compare", "-", *options, input=saved(X)),
    )
    assert by_pipe.returncode == 0
    lines = [done.stdout.decode().splitlines() for done in (by_name, by_pipe)]
    without_time = [[line.rpartition(",")[0] for line in each] for each in lines]
    assert without_time[0] == without_time[1]
    assert len(lines[0]) == 3


@pytest.mark.parametrize("source", ["pipe", "file"])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "'-': not a readable .npy file"),
        (saved(X)[:50], "'-': not a readable .npy file"),
        (saved(X)[:-1], "'-': truncated"),
        (saved(X) + b"\n", "'-': data after the array"),
    ],
    ids=["empty", "half a header", "truncated", "more"],
)
def test_incomplete_input(folder, source, data, said):
    Path("x").write_bytes(data)
    for command in (["apply", "-", "y.npy", "--function", "gelu"], ["compare", "-"]):
        if source == "pipe":
            assert said in refused(*command, input=data)
        else:
            with open("x", "rb") as file:
                assert said in refused(*command, stdin=file)
    assert os.listdir() == ["x"]


@pytest.mark.parametrize("shut", ["<&-", ">&-"])
def test_closed(folder, shut):
    command = [
        "sh",
        "-c",
        f'exec "$@" {shut}',
        "sh",
        *COMMAND,
        "apply",
        "-",
        "-",
        "--function",
        "gelu",
    ]
    done = subprocess.run(command, input=saved(X), capture_output=True)
    what = "input" if shut == "<&-" else "output"
    assert done.returncode == 2
    assert done.stderr.decode() == f"gelu-fast: '-': standard {what} is closed\n"


def test_output_to_a_terminal(folder):
    np.save("x.npy", X)
    parent, child = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "apply", "x.npy", "-", "--function", "gelu"],
        stdout=child,
        stderr=subprocess.PIPE,
    )
    os.close(child)
    os.close(parent)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("gelu-fast: '-': is a terminal")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("size", [10, 1 << 20])
def test_output_to_a_full_disk(folder, size):
    np.save("x.npy", np.ones(size, "f4"))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, "apply", "x.npy", "-", "--function", "gelu"],
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 2
    assert done.stderr == b"gelu-fast: standard output: No space left on device\n"


def test_reader_that_closes(folder):
    np.save("x.npy", np.ones(1 << 20, "f4"))
    job = subprocess.Popen(
        [*COMMAND, "apply", "x.npy", "-", "--function", "gelu"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    job.stdout.read(10)
    job.stdout.close()
    assert (job.wait(60), job.stderr.read()) == (141, b"")
    job.stderr.close()


WAITING = [["apply", "-", "y.npy", "--function", "gelu"], ["compare", "-"]]


@pytest.mark.parametrize("command", WAITING)
def test_a_signal_while_it_waits(folder, command):
    """Nothing comes through the pipe, and the signal still stops the command."""
    job = subprocess.Popen(
        [*COMMAND, *command],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        job.stdin.write(saved(np.ones(1 << 20))[:300_000])
        job.stdin.flush()
        while command[0] == "apply" and not os.listdir():
            time.sleep(0.01)
        time.sleep(0.5)
        job.send_signal(signal.SIGINT)
        error = job.communicate(timeout=30)[1]
    finally:
        job.kill()
        job.wait()
    assert (job.returncode, error) == (130, b"gelu-fast: stopped by SIGINT\n")
    assert os.listdir() == []
