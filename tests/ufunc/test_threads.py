"""Threads: a call releases the GIL, and results do not depend on other threads."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs

import gelu_fast

pytestmark = pytest.mark.kinds

MARK = 7  # no result is 7


def seen_half_done(ufunc, args, calls):
    """Returns whether another Python thread ever sees that a call has written the first element of
    its output but not the last. The interpreter never takes the GIL from a running thread here, so
    the other thread can look only if the call releases the GIL during the loop."""
    out = np.empty_like(args[0])
    stop = seen = False

    def look():
        nonlocal seen
        while not (seen or stop):
            seen = out[0] != MARK and out[-1] == MARK
            time.sleep(0)

    thread = threading.Thread(target=look)
    interval = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1000)
        out[[0, -1]] = MARK
        thread.start()
        for _ in range(calls):
            out[[0, -1]] = MARK
            ufunc(*args, out)
            if seen:
                break
        return seen
    finally:
        stop = True
        sys.setswitchinterval(interval)
        thread.join()


with_gil = pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this interpreter has no GIL"
)


@with_gil
def test_gil_is_released(row, isa):
    args = [np.ones(300_000, row.dtype)] * row.nin
    assert seen_half_done(getattr(gelu_fast, row.function), args, calls=1000)


@with_gil
def test_gil_held_would_be_noticed():
    """The test above can fail: NumPy's loops over Python objects keep the GIL."""
    assert not seen_half_done(np.negative, [np.ones(100_000, object)], calls=20)


def test_threads_agree(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 50_001)
    want = ufunc(*args)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(lambda _: ufunc(*args), range(12)):
            assert_same_bits(got, want)


def test_threads_share_an_output(row, isa):
    """Threads write neighbouring parts of one array at once; none writes outside of its part."""
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 30_011)
    out = np.empty_like(args[0])
    bounds = np.linspace(0, len(out), 38).astype(int)

    def part(first, end):
        ufunc(*(x[first:end] for x in args), out[first:end])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(part, bounds[:-1], bounds[1:]))
    assert_same_bits(out, ufunc(*args))
