"""Times several calls against each other, on a machine that also does other work."""

import gc
import math
import random
import statistics
from itertools import repeat
from time import perf_counter, sleep

SAMPLE = 200e-6  # a sample should last at least this many seconds
MOST_ROUNDS = 300


def interleaved(calls, seconds, least_rounds=7, pause=0.0, clock=perf_counter):
    """Takes {name: call} and returns {name: [seconds per call in each round]}.

    Every round times every call once, in a new random order, so that a slow phase of the machine
    affects all calls. A sample repeats a quick call, after an untimed call that brings the data
    into the cache. There are at least `least_rounds` rounds, and new rounds start until `seconds`
    have passed or there are MOST_ROUNDS. With `pause` seconds before each sample, threads of other
    calls stop waiting for work. `clock` is the clock of the samples.
    """
    shuffle = random.Random(1).shuffle
    repeats = {name: repeats_for(call) for name, call in calls.items()}
    times = {name: [] for name in calls}
    order = list(calls)
    collecting = gc.isenabled()
    gc.disable()
    try:
        end = perf_counter() + seconds
        for rounds in range(MOST_ROUNDS):
            if rounds >= least_rounds and perf_counter() > end:
                break
            shuffle(order)
            for name in order:
                times[name].append(one_sample(calls[name], repeats[name], pause, clock))
    finally:
        if collecting:
            gc.enable()
    return times


def repeats_for(call):
    """Returns how often a sample must repeat a call."""
    call()
    start = perf_counter()
    call()
    return math.ceil(SAMPLE / max(perf_counter() - start, 1e-7))


def one_sample(call, repeats, pause=0.0, clock=perf_counter):
    """Returns the seconds per call."""
    if pause > 0:
        sleep(pause)
    if repeats > 1 or pause > 0:
        call()
    start = clock()
    for _ in repeat(None, repeats):
        call()
    return (clock() - start) / repeats


def quartiles(times):
    """Returns (lower quartile, median, upper quartile)."""
    return tuple(statistics.quantiles(times, n=4, method="inclusive"))
