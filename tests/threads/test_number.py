"""The number of threads: functions, the environment variable, affinity, threadpoolctl."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from support.workers import HAS_TASKS

from gelu_fast import get_num_threads, num_threads, set_num_threads

VARIABLE = "GELU_FAST_NUM_THREADS"


@pytest.fixture(autouse=True)
def restored():
    before = get_num_threads()
    yield
    set_num_threads(before)


def python(code, value=None):
    """Runs code in a new interpreter with the variable set to value, or not set for None."""
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
    if value is not None:
        environment[VARIABLE] = value
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


# ---- Functions


@pytest.mark.parametrize("n", [1, 2, 1024, np.int64(3), np.uint8(4)])
def test_set(n):
    assert set_num_threads(n) is None
    assert get_num_threads() == n
    assert type(get_num_threads()) is int


@pytest.mark.parametrize("n", [-1, 1025, 2**31, -(2**63), 10**30])
def test_wrong_values(n):
    set_num_threads(3)
    message = f"n: expected 1 to 1024, or 0 for as many as this process may use, got {n}$"
    with pytest.raises(ValueError, match=message):
        set_num_threads(n)
    with pytest.raises(ValueError, match=message), num_threads(n):
        pass
    assert get_num_threads() == 3


@pytest.mark.parametrize("n", [None, "2", 2.0, [2], np.array([2, 3])])
def test_wrong_types(n):
    set_num_threads(3)
    with pytest.raises(TypeError, match=f"n: expected an integer, got {type(n).__name__}$"):
        set_num_threads(n)
    assert get_num_threads() == 3


def test_with_block():
    set_num_threads(2)
    with num_threads(5):
        assert get_num_threads() == 5
        with num_threads(1):
            assert get_num_threads() == 1
        assert get_num_threads() == 5
    assert get_num_threads() == 2
    with pytest.raises(ZeroDivisionError), num_threads(3):
        raise ZeroDivisionError
    assert get_num_threads() == 2


def test_all_threads_see_the_number():
    set_num_threads(3)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(get_num_threads()))
    thread.start()
    thread.join()
    assert seen == [3]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="there is no affinity")
def test_zero_follows_the_affinity():
    before = os.sched_getaffinity(0)
    set_num_threads(0)
    assert 1 <= get_num_threads() <= len(before)
    os.sched_setaffinity(0, {min(before)})
    try:
        set_num_threads(0)
    finally:
        os.sched_setaffinity(0, before)
    assert get_num_threads() == 1


# ---- The environment variable

SHOW = "import gelu_fast; print(gelu_fast.get_num_threads())"


@pytest.mark.parametrize(
    ("value", "number"), [(None, 1), ("", 1), ("1", 1), ("03", 3), ("1024", 1024)]
)
def test_variable(value, number):
    run = python(SHOW, value)
    assert (run.returncode, run.stdout) == (0, f"{number}\n"), run.stderr


def test_variable_zero():
    set_num_threads(0)
    assert python(SHOW, "0").stdout == f"{get_num_threads()}\n"


@pytest.mark.parametrize(
    "value", ["-1", "two", "1025", "2 ", " 2", "+2", "2.0", "9" * 30, "\u0663"]
)
def test_wrong_variable(value):
    run = python("import gelu_fast", value)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        f"ImportError: {VARIABLE}={value!r} cannot be used: the number of threads is 1 to 1024, "
        "or 0 for as many as this process may use"
    )


def test_import_after_a_correction():
    code = f"""
import os
try:
    import gelu_fast
except ImportError:
    os.environ["{VARIABLE}"] = "2"
import gelu_fast
print(gelu_fast.get_num_threads())
"""
    run = python(code, "two")
    assert (run.returncode, run.stdout) == (0, "2\n"), run.stderr


def test_variable_is_read_once():
    code = f"import os, gelu_fast; os.environ['{VARIABLE}'] = '7'; {SHOW}; {SHOW[17:]}"
    assert python(code, "2").stdout == "2\n2\n"


# ---- Threads of this process


@pytest.mark.skipif(not HAS_TASKS, reason="the system does not list threads")
def test_workers():
    """One thread makes none; n threads are the caller and n - 1 with a name, which leave signals to
    the threads of the program, except those of faults."""
    code = """
import signal, sys, time
sys.path.insert(0, sys.argv[1])
from support.workers import workers
import gelu_fast, numpy as np
from gelu_fast._core.threads import share_from
x = np.ones(100_000, np.float32)
gelu_fast.gelu(x)
with share_from(0):
    gelu_fast.gelu(x)
    print(len(workers()))
    gelu_fast.set_num_threads(4)
    print(len(workers()))
    gelu_fast.gelu(x)
    print(len(workers()))
    gelu_fast.set_num_threads(2)
    gelu_fast.gelu(x)
    print(len(workers()))
def blocked(signum):
    return [bits >> (signum - 1) & 1 for bits in workers().values()]
end = time.monotonic() + 30
while any(blocked(signal.SIGSEGV)) and time.monotonic() < end:
    time.sleep(0.001)  # the C library blocks all signals while a thread starts
for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGPROF):
    assert blocked(signum) == [1, 1, 1]
for signum in (signal.SIGSEGV, signal.SIGBUS):
    assert blocked(signum) == [0, 0, 0]
"""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    command = [sys.executable, "-c", code, folder]
    run = subprocess.run(command, capture_output=True, text=True)
    assert (run.returncode, run.stdout.split()) == (0, ["0", "0", "3", "3"]), run.stderr


# ---- threadpoolctl


@pytest.mark.parametrize(
    "order",
    [
        "import threadpoolctl, gelu_fast",
        "import gelu_fast, threadpoolctl",
        "import importlib.util, gelu_fast; importlib.util.find_spec('threadpoolctl')\n"
        "import threadpoolctl",
        "import threadpoolctl; threadpoolctl.threadpool_info(); import gelu_fast",
    ],
)
def test_threadpoolctl(order):
    run = python(f"""
{order}
import threadpoolctl
gelu_fast.set_num_threads(3)
[info] = [i for i in threadpoolctl.threadpool_info() if i["internal_api"] == "gelu_fast"]
assert info["user_api"] == "gelu_fast" and info["num_threads"] == 3, info
assert info["version"] == gelu_fast.__version__
with threadpoolctl.threadpool_limits(1):
    assert gelu_fast.get_num_threads() == 1
assert gelu_fast.get_num_threads() == 3
with threadpoolctl.threadpool_limits({{"gelu_fast": 2}}):
    assert gelu_fast.get_num_threads() == 2
with threadpoolctl.threadpool_limits(1, user_api="blas"):
    assert gelu_fast.get_num_threads() == 3
assert gelu_fast.get_num_threads() == 3
""")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize("text", ["", "register = LibController = None", "LibController = object"])
def test_an_old_threadpoolctl(tmp_path, text):
    (tmp_path / "threadpoolctl.py").write_text(text)
    run = python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport gelu_fast, threadpoolctl"
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_threadpoolctl_is_not_imported():
    code = "import sys, gelu_fast; print('threadpoolctl' in sys.modules)"
    assert python(code).stdout == "False\n"
