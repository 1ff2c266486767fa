"""The heads of math/*.h state the worst inputs correctly: an independent reference gives the stated
error, the library gives the stated result (if this CPU has the stated instruction set), and the
table holds the same input."""

import re

import numpy as np
import pytest
from support.c_programs import CORE
from support.reference import error_ulp, reference, reference_of_compound
from support.table import COMPOUNDS, ROWS, short_name

import gelu_fast
from gelu_fast._core.dispatch import force_isa

LINE = re.compile(
    r"\n \*   (b?f\d+) (\S+) ULP at ([^:]+) \((\w+)\):\n \*       got (\S+), want (\S+)"
)


def lines_about(row):
    """The lines about the row's dtype in the head of the function's file."""
    texts = [file.read_text() for file in (CORE / "math").rglob(f"{row.function}.h")]
    lines = [line for text in texts for line in LINE.findall(text)]
    return [line for line in lines if line[0] == short_name(row.dtype)]


STATED = [*ROWS, *(row for row in COMPOUNDS if lines_about(row))]


def stated(row):
    """Returns (ULP, arguments, instruction set, got, want) from the head of the function's file,
    for the dtype of the row."""
    lines = lines_about(row)
    assert len(lines) == 1, f"{row.function}.h states no worst {row.dtype} input"
    _, ulp, at, isa, got, want = lines[0]
    numbers = [float.fromhex(word) for word in at.split(", ")]
    return float(ulp), numbers, isa, float.fromhex(got), float.fromhex(want)


@pytest.mark.parametrize("row", STATED, ids=lambda row: f"{row.function}-{row.dtype}")
def test_worst_input(row):
    ulp, numbers, isa, got, want = stated(row)
    assert len(numbers) == row.nin
    if row in ROWS:
        assert numbers[-1] == row.worst
    args, got = [np.array([x], row.dtype) for x in numbers], np.array([got], row.dtype)
    if row in ROWS:
        exact = reference(row.function, row.dtype, *reversed(args))
    else:
        [exact] = reference_of_compound(row, args)
    assert error_ulp(got, exact) == pytest.approx(ulp, abs=1e-3)
    assert error_ulp(np.array([want]).astype(row.dtype), exact) <= 0.51
    for here in gelu_fast.available_isas():
        with force_isa(here):
            result = getattr(gelu_fast, row.function)(*args)
        assert error_ulp(result, exact) <= row.bound_ulp
        if here == isa:
            assert result.tobytes() == got.tobytes()
