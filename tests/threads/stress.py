"""Does for some seconds what can go wrong with threads, all at the same time: calls in several
Python threads, another number of threads all the time, forks, exceptions, processes that end while
daemon threads compute.

    python tests/threads/stress.py --seconds 60

It prints how often it did what, and fails with the first wrong result or child."""

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter

import numpy as np

import gelu_fast
from gelu_fast._core.threads import share_from

LIMIT = 60  # seconds after which a child is taken to hang
MOST = 60_000  # elements
X = np.linspace(-9, 6, MOST, dtype=np.float32)
NAMES = ("gelu", "relu", "erfc", "swiglu")
DTYPES = ("float16", "float32", "float64")

done = Counter()
wrong: list[str] = []


def operands(name, dtype, n, step):
    return [X.astype(dtype)[:n:step]] * getattr(gelu_fast, name).nin


def expected():
    """The results in one thread; elements do not depend on others."""
    with gelu_fast.num_threads(1):
        return {
            (name, dtype): getattr(gelu_fast, name)(*operands(name, dtype, MOST, 1)).tobytes()
            for name in NAMES
            for dtype in DTYPES
        }


WANT = expected()


def compute(chance):
    name, dtype = chance.choice(NAMES), chance.choice(DTYPES)
    n, step = chance.randrange(1000, MOST), chance.choice((1, 1, 1, 2, 3))
    got = getattr(gelu_fast, name)(*operands(name, dtype, n, step))
    want = np.frombuffer(WANT[name, dtype], dtype)[:n:step]
    if got.tobytes() != want.tobytes():
        raise AssertionError(f"{name}, {dtype}, {n} elements, step {step}: wrong results")


def set_number(chance):
    gelu_fast.set_num_threads(chance.choice((1, 2, 2, 3, 4, 7)))


def fork(chance):
    """The child computes and may fork again; os._exit leaves its other threads alone."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            for _ in range(chance.randrange(1, 4)):
                compute(chance)
            if chance.random() < 0.3:
                fork(chance)
            status = 0
        finally:
            os._exit(status)
    end = time.monotonic() + LIMIT
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > end:
            os.kill(child, 9)
            raise AssertionError("a child hangs")
        time.sleep(0.001)
    if status:
        raise AssertionError(f"a child ended with status {status}")


def fail_in_the_middle(chance):
    """A floating-point error that NumPy raises after a call, and an output of a wrong shape."""
    x = X[: chance.randrange(20_000, MOST)]
    try:
        with np.errstate(divide="raise"):
            np.divide(gelu_fast.gelu(x), 0)
    except FloatingPointError:
        pass
    else:
        raise AssertionError("no error is raised")
    try:
        gelu_fast.gelu(x, out=np.empty(3, np.float32))
    except ValueError:
        pass
    else:
        raise AssertionError("no error is raised")


def sleep(chance):
    """Workers fall asleep after 50 us."""
    time.sleep(chance.choice((0, 1e-5, 1e-4, 1e-3)))


LEAVE = """
import threading, time
import numpy as np
import gelu_fast
from gelu_fast._core import _ufuncs
_ufuncs.set_share_ns(0)
gelu_fast.set_num_threads(3)
x = np.ones(500_000, np.float32)
def work():
    while True:
        gelu_fast.gelu(x)
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep({seconds})
"""


def leave(chance):
    """A process ends while its daemon threads compute."""
    code = LEAVE.format(seconds=chance.random() / 20)
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=LIMIT
    )
    if run.returncode or run.stderr:
        raise AssertionError(f"a process ended with status {run.returncode}: {run.stderr}")


ACTIONS = (
    (compute, 60), (set_number, 15), (sleep, 15), (fail_in_the_middle, 5), (fork, 4), (leave, 0.2)
)  # fmt: skip


def work(seed, end):
    chance = random.Random(seed)
    names, weights = zip(*ACTIONS, strict=True)
    while time.monotonic() < end and not wrong:
        [action] = chance.choices(names, weights)
        try:
            action(chance)
        except BaseException as error:
            wrong.append(f"{action.__name__}: {type(error).__name__}: {error}")
        done[action.__name__] += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--natural", action="store_true", help="split only calls that are worth it")
    args = parser.parse_args()
    end = time.monotonic() + args.seconds
    with share_from(2500 if args.natural else 0):
        threads = [
            threading.Thread(target=work, args=(1000 * args.seed + i, end))
            for i in range(args.threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(", ".join(f"{name} {count}" for name, count in sorted(done.items())))
    if wrong:
        sys.exit("\n".join(wrong))
    print("all right")


if __name__ == "__main__":
    main()
