"""gelu-fast apply as a process: signals, memory, and the progress bar on a terminal."""

import os
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import numpy as np
import pytest

from gelu_fast._tools import _start

APPLY = [sys.executable, "-m", "gelu_fast", "apply"]
TO_GELU = ["in.npy", "out.npy", "--function", "gelu"]


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


COMMANDS = {
    "script": [str(Path(sys.executable).with_name("gelu-fast"))],
    "module": [sys.executable, "-m", "gelu_fast"],
    "module in one word": [sys.executable, "-mgelu_fast"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("arguments", [["info"], ["selfcheck", "--jobs", "2"], ["--version"]])
def test_wrong_instruction_set(folder, command, arguments):
    if not os.path.exists(command[0]):
        pytest.skip("the script gelu-fast is not beside the interpreter")
    environment = {**os.environ, "GELU_FAST_ISA": "abacus"}
    done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gelu-fast: GELU_FAST_ISA='abacus' cannot be used: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("original", "arguments", "expected"),
    [
        ("python /usr/bin/gelu-fast info", "/usr/bin/gelu-fast info", True),
        ("python -X utf8 gelu-fast", "gelu-fast", True),
        ("python -m gelu_fast info", "-m info", True),
        ("python -P -mgelu_fast apply x y", "-m apply x y", True),
        ("python -m pytest gelu_fast", "-m gelu_fast", False),
        ("python -c code gelu-fast", "-c gelu-fast", False),
        ("python script.py", "script.py", False),
        ("python gelu-fast.py", "gelu-fast.py", False),
        ("python", "", False),
        ("", "gelu-fast", False),  # embedded in another program
        ("gelu-fast", "one more", False),
    ],
)
def test_which_processes_are_the_command(monkeypatch, original, arguments, expected):
    monkeypatch.setattr(sys, "orig_argv", original.split())
    monkeypatch.setattr(sys, "argv", arguments.split())
    assert _start.is_command() == expected
    monkeypatch.delattr(sys, "argv")
    assert not _start.is_command()


# A module called numpy, which the command imports instead of NumPy.
WITHOUT_NUMPY = {
    "sleeps": "import time; print(flush=True); time.sleep(60)",
    "catches": """
import time; print(flush=True)
try: time.sleep(60)
except BaseException: time.sleep(60)
""",
    "missing": "raise ImportError('there is no NumPy here')",
    "broken": "raise ImportError('line 1\\nline 2')",
    "wrong": "raise ValueError('no reason')",
}


@pytest.fixture
def starting(folder):
    """Starts the command, which fails or waits in its first import."""

    def starting(numpy, *command, ignored=()):
        (folder / "numpy.py").write_text(WITHOUT_NUMPY[numpy])
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONSAFEPATH"}
        return subprocess.Popen(
            command or [sys.executable, "-m", "gelu_fast", "info"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**environment, "PYTHONPATH": str(folder)},
            preexec_fn=lambda: default_signals(ignored),
        )

    return starting


@pytest.mark.parametrize("numpy", ["sleeps", "catches"])
@pytest.mark.parametrize("full", [False, True], ids=["", "stderr full"])
def test_interrupt_while_starting(starting, numpy, full):
    command = [sys.executable, "-m", "gelu_fast", "info"]
    job = starting(numpy, *(["sh", "-c", 'exec "$@" 2>/dev/full', "sh"] if full else []), *command)
    job.stdout.readline()
    job.send_signal(signal.SIGINT)
    assert job.communicate(timeout=30)[1] == ("" if full else "gelu-fast: stopped by SIGINT\n")
    assert job.returncode == 130


def test_interrupt_before_there_is_a_handler(folder):
    code = "import sys; sys.orig_argv[:] = sys.argv[:] = ['gelu-fast']\n"
    code += (
        "from gelu_fast._tools import _start; sys.excepthook = _start.fail; raise KeyboardInterrupt"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "gelu-fast: stopped by SIGINT\n")


def test_an_ignored_interrupt_while_starting(starting):
    job = starting("sleeps", ignored=[signal.SIGINT])
    job.stdout.readline()
    job.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        job.wait(0.3)
    job.kill()
    job.communicate()


def test_import_errors_while_starting(starting):
    job = starting("missing")
    assert job.communicate() == ("", "gelu-fast: there is no NumPy here\n")
    assert job.returncode == 2
    for numpy, last in {"broken": "line 2", "wrong": "ValueError: no reason"}.items():
        error = starting(numpy).communicate()[1]
        assert error.startswith("Traceback")
        assert error.endswith(f"{last}\n")


def test_other_processes_start_unchanged(starting):
    """A program that imports the package keeps its excepthook and its signal handlers."""
    code = "import sys, signal; sys.argv += ['a', 'b']; import gelu_fast; "
    code += "assert signal.getsignal(signal.SIGINT) is signal.default_int_handler; "
    code += "assert sys.excepthook is sys.__excepthook__; print('ok')"
    for command in ([sys.executable, "-c", code], [sys.executable, "-c", code, "gelu-fast"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, preexec_fn=default_signals)
        assert done.stdout == b"ok\n"
    job = starting("missing", sys.executable, "-c", "import gelu_fast")
    assert job.communicate()[1].endswith("ImportError: there is no NumPy here\n")
    assert job.returncode == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("buffering", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["apply", "none.npy", "out.npy", "--function", "gelu"], 2),
        (["apply", "none.npy"], 2),
        (["compare", "none.npy"], 2),
        (["info"], 0),
    ],
)
def test_stderr_full(folder, arguments, status, buffering):
    """The status still shows a refusal if its line cannot be written."""
    command = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh", *COMMANDS["module"], *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": buffering}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE)
    assert done.returncode == status


def test_stderr_closed(folder):
    """The status still shows a refusal if stderr is closed."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", *APPLY, *TO_GELU], stdout=subprocess.PIPE
    )
    assert (done.returncode, done.stdout) == (2, b"")
