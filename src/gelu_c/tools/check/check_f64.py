"""Prints the largest errors of the installed float64 ufuncs, measured with Arb:

    python check_f64.py > f64.csv

Each function gets a million inputs on every instruction set of this machine: random patterns,
uniform numbers in two intervals, numbers of all magnitudes, and the neighbours of every boundary
inside the kernels, of every zero and of the worst inputs in the table. The output has the form of
the CSV of error_report, for update_worst.py. The status is 1 if a bound is broken.
"""

import argparse
import re
import sys
from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from math import log
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import gelu_fast
from gelu_fast._core import _ufuncs, dispatch

CORE = Path(__file__).resolve().parents[2]
sys.path += [str(CORE / "tools" / "fit"), str(CORE.parents[1] / "tests")]
from exact import tanh_argument  # noqa: E402
from fit_f32 import SPECS  # noqa: E402
from maps_f64 import MAPS  # noqa: E402
from support.reference import error_ulp, reference  # noqa: E402
from support.samples import zero_crossings  # noqa: E402

REACH = 41  # how many neighbours on either side of a boundary
BLOCK = 2048
LAYOUTS = 16, 128  # numbers of pieces
FORMAT = "{},f64,{},{},{:.4f},{:g},{},{},{},{},{}"
HEADER = "function,dtype,isa,inputs,max_ulp,bound_ulp,verdict,dy,x,got,want"


# ---- Boundaries


def patterns(x):
    return np.asarray(x, np.float64).view(np.int64)


def floats(pattern):
    return np.asarray(pattern, np.int64).view(np.float64)


def fma(x, y, z):
    return float(Fraction(x) * Fraction(y) + Fraction(z))


def pieces_of(function):
    """The keys of the function's pieces in MAPS; a function without coefficients has none."""
    keys = ((function.replace("backward", "grad"), pieces) for pieces in LAYOUTS)
    return [key for key in keys if key in MAPS]


def piece_borders(name, pieces, sign):
    """The magnitudes of the last double of each piece, as math/parts/piecewise.h numbers pieces,
    and of the end of the pieces, on the side of a sign."""
    limit, _, start, rate, curve, shift = MAPS[name, pieces]
    end = limit if sign > 0 else abs(SPECS[name].lo)

    def piece(pattern):
        a = sign * floats(pattern).item()
        k = fma(a, fma(a, curve, rate), start)
        return abs(patterns(k).item()) >> shift

    def search(below, above):
        if piece(below) == piece(above):
            return
        if above - below == 1:
            yield floats(below).item()
            return
        middle = (below + above) // 2
        yield from search(below, middle)
        yield from search(middle, above)

    yield from search(0, patterns(end).item())
    yield end


def named_numbers():
    """The numbers of math/parts/ranges.h, where functions saturate and tails end."""
    text = (CORE / "math" / "parts" / "ranges.h").read_text()
    return [abs(float(number)) for number in re.findall(r" = (-?[\d.]+)", text)]


# phase(a) of the tails, which are factor * exp(-phase(a)), for a > 0.
PHASES = {
    "gelu_tanh": lambda a: float(tanh_argument(a).mid()),
    "erfc": lambda a: a * a,
    "sigmoid": lambda a: a,
    "gelu": lambda a: a * a / 2,
    "ndtr": lambda a: a * a / 2,
    "log_ndtr": lambda a: a * a / 2,
}


def exponent_borders(function):
    """Where the exponential of a tail changes its power of two, doubles just below."""
    names = [name for name in PHASES if function.startswith(name)]
    if not names:
        return
    phase = PHASES[names[0]]
    for n in range(1100):
        below, above = 0.0, 800.0
        for _ in range(60):
            middle = (below + above) / 2
            below, above = (
                (middle, above) if phase(middle) < (n + 0.5) * log(2) else (below, middle)
            )
        yield below


def boundaries(function, rows_of_table):
    for (name, pieces), sign in product(pieces_of(function), (1, -1)):
        yield from piece_borders(name, pieces, sign)
    yield from named_numbers()
    yield from zero_crossings(function, *domain(rows_of_table))
    for row in rows_of_table:
        yield from (row.lo, row.hi, row.worst)


def float64_row(rows_of_table):
    [row] = [row for row in rows_of_table if row.dtype == "float64"]
    return row


# ---- Inputs


def domain(rows_of_table):
    """The interval where a function varies, and 1 more on either side."""
    row = float64_row(rows_of_table)
    lo, hi = row.lo - 1, row.hi + 1
    return lo if np.isfinite(lo) else -hi, hi if np.isfinite(hi) else -lo


def around(points, reach):
    """Points and their neighbours, with both signs; the neighbours of 0 and infinity include
    NaNs."""
    pattern = patterns(np.unique(np.abs(points)))[:, None] + np.arange(-reach, reach + 1)
    x = floats(pattern.ravel())
    return np.concatenate([x, -x])


def any_pattern(rng, n):
    return rng.integers(0, 2**64, n, np.uint64).view(np.float64)


def any_magnitude(rng, n, lowest, highest):
    return rng.choice([-1, 1], n) * np.exp2(rng.uniform(lowest, highest, n))


def make_x(function, rows_of_table, rng, count):
    points = np.array([*boundaries(function, rows_of_table), 0, np.inf])
    many = [*exponent_borders(function), *np.ldexp(1.0, np.arange(-1074, 1024))]
    near = np.concatenate([around(points, REACH), around(many, 4)])
    limit = max((MAPS[key][0] for key in pieces_of(function)), default=1)
    n = max(0, count - near.size) // 5 + 1
    offsets = 1 + any_magnitude(rng, n, -53, 0)
    return np.concatenate(
        [
            near,
            any_pattern(rng, n),
            rng.uniform(*domain(rows_of_table), n),
            rng.uniform(-limit, limit, n),
            any_magnitude(rng, n, -60, 12),
            rng.choice(points[np.isfinite(points)], n) * offsets,
        ]
    )


def make_dy(rng, n):
    """n values of dy: half are in [2^-8, 2^8), a quarter are random patterns, the others are
    special or just below powers of two."""
    info = np.finfo(np.float64)
    specials = [0, info.smallest_subnormal, info.tiny, 1, info.max / 2, np.inf, np.nan]
    dy = any_magnitude(rng, n, -8, 8)
    dy[0::4] = any_pattern(rng, dy[0::4].size)
    dy[1::8] = np.nextafter(np.ldexp(1.0, rng.integers(-1074, 1023, dy[1::8].size)), [0.0])
    dy[5::8] = rng.choice([*specials, *np.negative(specials)], dy[5::8].size)
    return dy


# ---- Errors


def worst_of_block(function, isas, args):
    """[(error, dy, x, got, want)] of the largest error on each instruction set."""
    x, dy = args[-1], args[0] if len(args) == 2 else np.ones(args[0].size)
    want = reference(function, "float64", x, dy)
    worst = []
    for isa in isas:
        with dispatch.force_isa(isa), np.errstate(all="ignore"):
            got = getattr(gelu_fast, function)(*args)
        error = error_ulp(got, want)
        assert not np.isnan(error).any()
        i = np.argmax(error)
        worst.append(tuple(float(each[i]) for each in (error, dy, x, got, want.nearest)))
    return worst


def hexfloat(x):
    """x as C prints it with %a."""
    if not np.isfinite(x):
        return str(x)
    mantissa, exponent = x.hex().split("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}"


def check(function, rows_of_table, isas, count, pool):
    """Prints the lines of a function; returns whether its bound is broken."""
    row = float64_row(rows_of_table)
    rng = np.random.default_rng(22)
    x = make_x(function, rows_of_table, rng, count)
    args = (make_dy(rng, x.size), x) if row.nin == 2 else (x,)
    edges = range(0, x.size + BLOCK, BLOCK)
    blocks = ([arg[i:k] for arg in args] for i, k in pairwise(edges))
    found = list(pool.imap_unordered(partial(worst_of_block, function, isas), blocks))
    broken = False
    for isa, candidates in zip(isas, zip(*found, strict=True), strict=True):
        error, *where = max(candidates)
        verdict = "ok" if error <= row.bound_ulp else "BROKEN"
        broken |= verdict != "ok"
        where = map(hexfloat, where)
        print(FORMAT.format(function, isa, x.size, error, row.bound_ulp, verdict, *where))
    sys.stdout.flush()
    return broken


def main():
    table = list(_ufuncs.table())
    functions = list(dict.fromkeys(row.function for row in table))
    available = gelu_fast.available_isas()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--function", choices=functions, nargs="+", default=functions)
    parser.add_argument("--isa", choices=available, nargs="+", default=available)
    parser.add_argument("--count", type=int, default=10**6, help="inputs of a function")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    print(HEADER)
    broken = []
    with Pool(options.jobs) as pool:
        for function in options.function:
            rows = [row for row in table if row.function == function]
            broken.append(check(function, rows, options.isa, options.count, pool))
    return any(broken)


if __name__ == "__main__":
    sys.exit(main())
