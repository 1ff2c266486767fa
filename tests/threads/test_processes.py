"""Forks in every order of fork and use, other processes, many threads, the end of a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

STRESS = Path(__file__).resolve().with_name("stress.py")

HEAD = """
import contextlib, os, pathlib, signal, sys, threading, time
import numpy as np
import gelu_fast
from gelu_fast._core import _ufuncs

_ufuncs.set_share_ns(0)
x = np.linspace(-9, 9, 50_000, dtype=np.float32)
want = gelu_fast.gelu(x)
gelu_fast.set_num_threads(3)

def workers():
    if sys.platform != "linux":
        return 2
    names = []
    for task in pathlib.Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread ends meanwhile
            names.append((task / "comm").read_text())
    return sum(name.startswith("gelu_fast-") for name in names)

def use():
    for _ in range(3):
        assert gelu_fast.gelu(x).tobytes() == want.tobytes()
    assert workers() == 2, workers()

def in_child(*steps):
    child = os.fork()
    if child == 0:
        status = 1
        signal.alarm(60)
        try:
            assert workers() == 0 or sys.platform != "linux"
            for step in steps:
                step()
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0) == (child, 0)
"""


def check(code):
    command = [sys.executable, "-Werror", "-Wignore::DeprecationWarning", "-c", HEAD + code]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


has_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


@has_fork
@pytest.mark.parametrize(
    "code",
    [
        "in_child(use)",
        "in_child(use); use()",
        "use(); in_child(use)",
        "use(); in_child(use); use(); in_child(use)",
        "use(); in_child(); use()",
        "use(); in_child(use, lambda: in_child(use), use)",
        "use(); in_child(lambda: in_child(lambda: in_child(use)), use)",
        "in_child(lambda: in_child(use)); use()",
        "use(); time.sleep(0.01); in_child(use)",  # the workers sleep
    ],
)
def test_fork(code):
    check(code)


@has_fork
def test_fork_while_another_thread_computes():
    """The child has no part of the other thread's call, and a pool of its own."""
    check("""
stop = False
def work():
    big = np.ones(3_000_000, np.float32)
    while not stop:
        gelu_fast.gelu(big)
thread = threading.Thread(target=work)
thread.start()
time.sleep(0.05)
try:
    for _ in range(30):
        in_child(use)
finally:
    stop = True
    thread.join()
use()
""")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("use_first", [True, False])
def test_multiprocessing(tmp_path, method, use_first):
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"there is no {method}")
    program = tmp_path / "program.py"
    program.write_text(f"""
import multiprocessing
import numpy as np
import gelu_fast

def compute(seed):
    gelu_fast.set_num_threads(2)
    x = np.random.default_rng(seed).normal(size=200_000).astype(np.float32)
    return gelu_fast.gelu(x).tobytes()

if __name__ == "__main__":
    if {use_first}:
        compute(0)
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        assert pool.map(compute, range(6), 1) == [compute(seed) for seed in range(6)]
""")
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout) == (0, ""), run.stderr


def test_many_threads_at_once():
    """Each of them gets the right results, and there are not more workers than asked for."""
    check("""
barrier = threading.Barrier(12)
errors = []
def work():
    try:
        barrier.wait()
        for _ in range(200):
            assert gelu_fast.gelu(x).tobytes() == want.tobytes()
            assert workers() <= 2
    except BaseException as error:
        errors.append(error)
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not errors, errors
use()
""")


@pytest.mark.parametrize(
    "end", ["", "sys.exit()", "os._exit(0)", "os.kill(os.getpid(), signal.SIGTERM)"]
)
def test_end_while_daemon_threads_compute(end):
    code = f"""
big = np.ones(2_000_000, np.float32)
def work():
    while True:
        gelu_fast.gelu(big)
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
{end}
"""
    run = subprocess.run(
        [sys.executable, "-c", HEAD + code], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == (-15 if "SIGTERM" in end else 0)
    assert (run.stdout, run.stderr) == ("", "")


def test_ctrl_c():
    """A signal in the middle of a call reaches Python's main thread, as always. Python sets no
    handler itself if the tests were started with the signal ignored."""
    check("""
signal.signal(signal.SIGINT, signal.default_int_handler)
big = np.ones(3_000_000, np.float32)
gelu_fast.gelu(big)
try:
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        gelu_fast.gelu(big)
except KeyboardInterrupt:
    use()
else:
    raise AssertionError("no KeyboardInterrupt")
""")


def test_stress():
    """stress.py for some seconds."""
    run = subprocess.run(
        [sys.executable, "-Wignore::DeprecationWarning", STRESS, "--seconds", "6"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert run.stdout.endswith("all right\n")
    for name in ("compute", "fork", "set_number", "fail_in_the_middle"):
        assert f"{name} " in run.stdout


def test_idle_threads_sleep():
    """Threads wait for work in a loop for 50 us at most. Threads of a millisecond, as in some
    libraries, would use the CPU all the time here."""
    check("""
used = time.process_time()
for _ in range(400):
    gelu_fast.gelu(x)
    time.sleep(1e-3)
used = time.process_time() - used
assert used < 0.2, f"{used} s of CPU time in 400 calls and pauses of 1 ms"
""")
