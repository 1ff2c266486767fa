"""Measures errors of the contestants against the definitions of the table in ball arithmetic."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from common.inputs import DATA, filled
from support.reference import error_ulp, reference  # tests/support

from gelu_fast._core import _ufuncs

TAIL_SHARE = 4  # this many values of the data for each value in the left tail


@dataclass
class Errors:
    """The largest errors of one contestant in ULP, and its values at the infinities."""

    data: float
    left_tail: float
    at_minus_inf: float
    at_plus_inf: float


def left_tail(function, dtype):
    """Returns (lo, lo / 4), where lo is the left end of the domain in the table, but at least -100.
    Most implementations suffer from cancellation there."""
    rows = {(row.function, row.dtype): row for row in _ufuncs.table()}
    lo = max(rows[function, dtype].lo, -100.0)
    return lo, lo / 4


@cache
def samples(function, dtype, data, count):
    """Returns [(x, its Reference)] for `count` values of the data, the left tail and the
    infinities."""
    number = np.dtype(dtype)
    tail = np.random.default_rng(4).uniform(*left_tail(function, dtype), count // TAIL_SHARE)
    arrays = [
        DATA[data](count, number),
        filled(tail, number),
        filled([-np.inf, np.inf], number),
    ]
    return [(x, reference(function, dtype, x)) for x in arrays]


def errors(peer, function, dtype, data, count):
    """Returns the Errors of a peer, or raises Unsupported if it lacks the function or the dtype."""
    worst, at_infinities = [], None
    for x, want in samples(function, dtype, data, count):
        out = filled(np.zeros(x.size), x.dtype)
        with np.errstate(all="ignore"):  # a peer may raise warnings at the infinities
            peer.prepare(function, x, out)()
        peer.finish()
        at_infinities = [float(value) for value in out]
        # For a zero in place of a small number, only the distance counts and not the sign.
        flushed = (out == 0) & (want.nearest != 0)
        out[flushed] = np.copysign(0, want.nearest[flushed])
        worst.append(float(error_ulp(out, want).max()))
    return Errors(*worst[:2], *at_infinities)
