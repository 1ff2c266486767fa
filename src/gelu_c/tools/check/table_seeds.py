"""Prints the numbers at which formulas change inside the kernels, for search_worst:

    python table_seeds.py > seeds.txt

Each line names a function and a dtype. `pieces LO LIMIT START RATE CURVE SHIFT` is a map from an
input to its piece (math/parts/piecewise.h), `number X` is another border, for the function `all`
one of math/parts/ranges.h. They come from the coefficients and the ranges that the kernel of a
function includes, and from the integers of the definition if it is the kernel, so they cannot
differ from those of the kernels.
"""

import ast
import math
import re
import sys
from functools import cache
from pathlib import Path

CORE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CORE))

from generate import calls_of, expressions, math_file  # noqa: E402
from table import functions  # noqa: E402

DTYPES = "f32", "f64"
MEMBERS = "lo", "limit", "start", "rate", "curve", "shift"


@cache
def pieces_in(file):
    """The names of the coefficients that a file of mathematics includes, directly or not."""
    text = (CORE / file).read_text()
    names = set(re.findall(r"^#include PIECES_OF\((\w+)\)", text, re.M))
    for included in re.findall(r'^#include "(math/[^"]+)"', text, re.M):
        names |= pieces_in(included)
    return names


def pieces_of(function):
    """The names of the coefficients that the kernel of a function reads."""
    called = [function] if math_file(function) else calls_of(function)
    return sorted(set().union(*(pieces_in(math_file(name)) for name in called)))


def member(layout, name):
    found = re.search(rf"\.{name} = (-?[\w.+-]+?)f?,", layout)
    return found[1] if found else "0"


def row_borders(layout):
    """Borders of rows (math/parts/rows.h): of the first, of the last, and of every eighth."""
    count = int(re.search(r"_rows\[(\d+)\]", layout)[1])
    lo, start, shift = (float.fromhex(member(layout, m)) for m in ("lo", "start", "shift"))
    width = 2.0 ** (math.floor(math.log2(start)) - 23)
    first = round((2.0**23 * width - start) / width)
    for n in range(count):
        if n < 8 or n % 8 == 0 or count - n < 4:
            x = (first + n + 0.5) * width + shift
            yield max(lo, x)


def coefficient_lines(function, dtype):
    for name in pieces_of(function):
        path = CORE / "coeffs" / f"{name}_{dtype}.h"
        if not path.exists():
            continue
        for layout in re.split(r"PIECEWISE|(?=extern)", path.read_text())[1:]:
            if layout.startswith("extern"):
                for x in row_borders(layout):
                    yield f"{function} {dtype} number {x.hex()}"
                continue
            members = " ".join(member(layout, m) for m in MEMBERS)
            yield f"{function} {dtype} pieces {members}"
            yield f"{function} {dtype} number {member(layout, 'slope_end')}"


def integer_lines(function, dtype):
    if not math_file(function):
        nodes = [node for tree in expressions(function) for node in ast.walk(tree)]
        for n in sorted({node.value for node in nodes if isinstance(node, ast.Constant)}):
            yield f"{function} {dtype} number {n}"


def range_lines():
    """The numbers of ranges.h, which has those of float32 first."""
    text = (CORE / "math" / "parts" / "ranges.h").read_text()
    for dtype, part in zip(DTYPES, text.split("\n#else\n"), strict=True):
        for number in re.findall(r" = (-?[\d.]+)", part):
            yield f"all {dtype} number {number}"


def main():
    for line in range_lines():
        print(line)
    for function in functions():
        for dtype in DTYPES:
            for line in [*coefficient_lines(function, dtype), *integer_lines(function, dtype)]:
                print(line)


if __name__ == "__main__":
    main()
