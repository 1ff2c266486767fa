"""gelu-fast apply as a process: signals, memory, and the progress bar on a terminal."""

import os
import re
import signal
import subprocess
import sys
import termios
import time

import numpy as np
import pytest

APPLY = [sys.executable, "-m", "gelu_fast", "apply"]
TO_GELU = ["in.npy", "out.npy", "--function", "gelu"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save_zeros(path, nbytes):
    """Saves a float32 array of zeros, which takes no space on the disk."""
    shape = (nbytes // 4,)
    with open(path, "wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + nbytes)


def default_signals(ignored=()):
    """Sets the signal handlers of a new process, because the suite itself may run under nohup or in
    the background."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN if signum in ignored else signal.SIG_DFL)


def wait_for_output(job, before):
    """Waits until the job has made a new file."""
    while not set(os.listdir()) - before:
        assert job.poll() is None, job.communicate()
        time.sleep(0.001)


def stop_halfway(options, *signals, ignored=()):
    """Starts a long job, sends it signals once it is writing, and returns (status, stderr)."""

    save_zeros("in.npy", 1 << 32)  # far more than it can write before the signal
    before = set(os.listdir())
    command = [*APPLY, *TO_GELU, *options]
    job = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: default_signals(ignored)
    )
    try:
        wait_for_output(job, before)
        for signum in signals:
            job.send_signal(signum)
        _, err = job.communicate(timeout=60)
    finally:
        job.kill()
        job.wait()
    return job.returncode, err


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_nothing(folder, name):
    signum = signal.Signals[name]
    status, err = stop_halfway([], signum)
    assert (status, err) == (128 + signum, f"gelu-fast: stopped by {name}\n")
    assert os.listdir() == ["in.npy"]


def test_impatient_signals_leave_nothing(folder):
    status, _ = stop_halfway([], *[signal.SIGINT, signal.SIGTERM] * 20)
    assert status in (130, 143)
    assert os.listdir() == ["in.npy"]


TO_THE_VERY_END = """
import sys, time
from gelu_fast import __main__
from gelu_fast._cli import command as cli

class SlowEnd:  # deleted after Python has restored the default handlers
    def __del__(self, sleep=time.sleep):
        sleep(0.3)

def wait():
    print(flush=True)
    while True:
        pass

slow_end = SlowEnd()
if sys.argv.pop(1) == "before it":
    cli.parser = wait
__main__.run()
"""


@pytest.mark.parametrize("where", ["in the job", "before it"])
def test_signals_to_the_very_end(folder, where):
    """The first signal decides the status, even if others come late in the shutdown of Python."""
    save_zeros("in.npy", 1 << 32)
    job = subprocess.Popen(
        [sys.executable, "-c", TO_THE_VERY_END, where, "apply", *TO_GELU],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=default_signals,
    )
    try:
        if where == "before it":
            job.stdout.readline()
        else:
            wait_for_output(job, {"in.npy"})
        while job.poll() is None:
            job.send_signal(signal.SIGTERM)
            job.send_signal(signal.SIGINT)
            time.sleep(0.002)
        _, err = job.communicate()
    finally:
        job.kill()
        job.wait()
    assert job.returncode in (130, 143), err
    assert re.fullmatch(r"gelu-fast: stopped by SIG(INT|TERM)\n", err)
    assert os.listdir() == ["in.npy"]


def test_nohup_is_respected(folder):
    status, _ = stop_halfway([], signal.SIGHUP, signal.SIGTERM, ignored=[signal.SIGHUP])
    assert status == 143


def test_a_signal_with_force_keeps_the_old_file(folder):
    (folder / "out.npy").write_text("precious")
    status, _ = stop_halfway(["--force"], signal.SIGINT)
    assert status == 130
    assert sorted(os.listdir()) == ["in.npy", "out.npy"]
    assert (folder / "out.npy").read_text() == "precious"


PEAK_MEMORY = """
{code}
with open("/proc/self/status") as status:
    [peak] = [line.split()[1] for line in status if line.startswith("VmHWM")]
print(peak)
"""


def peak_memory(code):
    """Returns the peak resident memory of a Python process that runs `code`, in bytes; it includes
    mapped pages."""
    command = [sys.executable, "-c", PEAK_MEMORY.format(code=code)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return 1024 * int(done.stdout)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc to measure with")
def test_memory_is_bounded(folder):
    nbytes = 192 << 20
    save_zeros("in.npy", nbytes)
    bare = peak_memory("")
    code = f"from gelu_fast._cli.command import main; assert main({['apply', *TO_GELU]}) == 0"
    assert peak_memory(code) - bare < 64 << 20
    assert os.path.getsize("out.npy") == os.path.getsize("in.npy")
    # This measure detects both ways of holding the whole file in memory.
    assert peak_memory("import numpy as np; np.load('in.npy').sum()") - bare > nbytes
    assert peak_memory("import numpy as np; np.load('in.npy', mmap_mode='r').sum()") - bare > nbytes


def on_a_terminal(command, **options):
    """Runs a command with a terminal as its stderr, and returns (status, output on terminal)."""
    parent, child = os.openpty()
    termios.tcsetwinsize(child, (24, 80))
    job = subprocess.Popen(command, stderr=child, **options)
    os.close(child)
    drawn = b""
    try:
        while data := os.read(parent, 4096):
            drawn += data
    except OSError:  # Linux raises this when the other end is closed
        pass
    os.close(parent)
    return job.wait(), drawn.decode()


def test_progress_bar_on_a_terminal(folder):
    pytest.importorskip("tqdm", reason="tqdm (extra cli) is not installed")
    save_zeros("in.npy", 8 << 20)
    status, drawn = on_a_terminal([*APPLY, *TO_GELU])
    assert status == 0
    assert re.search(r"100%.*8\.\d+M/8\.\d+M", drawn)


@pytest.mark.slow
def test_progress_bar_of_selfcheck():
    pytest.importorskip("tqdm", reason="tqdm (extra cli) is not installed")
    command = [sys.executable, "-m", "gelu_fast", "selfcheck", "--function", "tanh"]
    status, drawn = on_a_terminal(command, stdout=subprocess.DEVNULL)
    assert status == 0
    done, total = re.findall(r"100%.* (\d+)/(\d+) .* blocks/s", drawn)[-1]
    assert done == total


def test_silent_without_tqdm(folder):
    save_zeros("in.npy", 8 << 20)
    code = "import sys; sys.modules['tqdm'] = None; from gelu_fast._cli.command import main; "
    code += f"sys.exit(main({['apply', *TO_GELU]}))"
    assert on_a_terminal([sys.executable, "-c", code]) == (0, "")
    assert os.path.exists("out.npy")


def test_silent_without_a_terminal(folder):
    save_zeros("in.npy", 8 << 20)
    done = subprocess.run([*APPLY, *TO_GELU], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_stderr_closed(folder):
    """The status still shows a refusal if stderr is closed."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", *APPLY, *TO_GELU], stdout=subprocess.PIPE
    )
    assert (done.returncode, done.stdout) == (2, b"")
