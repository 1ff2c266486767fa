"""Threads: the GIL is released, and results do not depend on who computes beside."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from bits import assert_same_bits, samples

import gelu_fast


def lets_another_thread_run(call):
    """Whether another Python thread gets to run while `call()` does. The interpreter is told never
    to take the GIL away from a running thread, so the other runs only if the GIL is given up."""
    go, ran = threading.Event(), threading.Event()

    def other():
        go.wait()
        ran.set()

    thread = threading.Thread(target=other)
    interval = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1000)
        thread.start()
        go.set()
        for _ in range(200):
            call()
            if ran.is_set():
                return True
        return False
    finally:
        sys.setswitchinterval(interval)
        thread.join()


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this interpreter has no GIL"
)
def test_gil_is_released(row, isa):
    x = np.ones(100_000, row.dtype)
    out = np.empty_like(x)
    ufunc = getattr(gelu_fast, row.function)
    assert lets_another_thread_run(lambda: ufunc(x, out))
    assert not lets_another_thread_run(lambda: sum(range(1000)))  # else this test shows nothing


def test_threads_agree(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    x = samples(row, 50_001)
    want = ufunc(x)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(lambda _: ufunc(x), range(12)):
            assert_same_bits(got, want)


def test_threads_share_an_output(row, isa):
    """Neighbouring parts of one array, written at once: nothing is written outside of a part."""
    ufunc = getattr(gelu_fast, row.function)
    x = samples(row, 30_011)
    out = np.empty_like(x)
    bounds = np.linspace(0, len(x), 38).astype(int)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda a, b: ufunc(x[a:b], out[a:b]), bounds[:-1], bounds[1:]))
    assert_same_bits(out, ufunc(x))
