"""Timing of several calls against each other on a machine that is never quite still."""

import gc
import math
import random
import statistics
from itertools import repeat
from time import perf_counter

SAMPLE = 200e-6  # seconds that one sample should last at least
MOST_ROUNDS = 300


def interleaved(calls, seconds, least_rounds=7):
    """{name: [seconds per call, one for each round]} of {name: call}.

    Every round times every call once, in an order drawn anew, so that whatever slows the machine
    for a while slows all of them. Quick calls are repeated within a sample, after an untimed one
    that brings their data into the cache. Rounds go on for `seconds`, and there are at least
    `least_rounds`.
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
                times[name].append(one_sample(calls[name], repeats[name]))
    finally:
        if collecting:
            gc.enable()
    return times


def repeats_for(call):
    """How often a call has to be repeated to make a sample."""
    call()
    start = perf_counter()
    call()
    return math.ceil(SAMPLE / max(perf_counter() - start, 1e-7))


def one_sample(call, repeats):
    """Seconds per call."""
    if repeats > 1:
        call()
    start = perf_counter()
    for _ in repeat(None, repeats):
        call()
    return (perf_counter() - start) / repeats


def quartiles(times):
    """(lower quartile, median, upper quartile)"""
    return tuple(statistics.quantiles(times, n=4, method="inclusive"))
