"""The signature and docstring of a ufunc, from its rows in the C table."""

from collections.abc import Sequence
from functools import cache
from inspect import Parameter, Signature

from .rows import Row

TEMPLATE = """\
{formula}, element by element.

Parameters
----------
{parameters}
out, where, casting, order, dtype, subok, signature
    They mean the same as for every `numpy.ufunc`.

Returns
-------
{returned} : ndarray or scalar
    The result has the broadcast shape of the inputs and their dtype: {dtypes}.
    Integers and booleans are converted to floats as in `numpy.exp`. bfloat16 is the dtype of the
    package ml_dtypes; its dtypes of 8 and fewer bits, such as float8_e4m3fn, are converted to
    float32, and its small integers to float16.

Raises
------
TypeError
    If an input has any other dtype, such as complex, longdouble, object, string or datetime.
ValueError
    If the shapes of the arguments do not broadcast.

Notes
-----
Limits{where}: {limits}; NaN at NaN. No input causes a floating-point warning.
{remark}
Over all inputs, and including the final rounding, the result is
{errors}.
{condition}

Equal inputs give the same bits at every position in an array.

References
----------
{source}.

Examples
--------
>>> import gelu_fast
>>> gelu_fast.{function}({arguments})
{result}
"""

# What bounds count on
ROUNDED_SUM = """
The bound is that of the rounded sum x + b: in float32 and float64 the result has the bits of the
same function without a bias at x + b. In the 16-bit dtypes the sum is rounded to float32."""
NORMAL_GATE = """
The bound holds unless gate is a subnormal number (in float16: always), because the activation of
such a gate is rounded to a subnormal number before the product."""
NORMAL_PRODUCT = """
The bound of dgate holds unless {product}, which is rounded first, is subnormal or infinite."""

# More facts about some functions.
REMARKS = {
    "gelu": """
The minimum is -0.16997, at x = -0.75179: gelu decreases below this x and increases above it. (Some
articles call -0.17 the position of the minimum; it is the value there.)
""",
    "gelu_grad": """
The only finite zero is at x = -0.75179, where `gelu` has its minimum, -0.16997.
""",
}


def docstring(rows: Sequence[Row]) -> str:
    """The docstring of a function, from its rows of `_ufuncs.table()` or `compounds()`."""
    first = rows[0]
    return TEMPLATE.format(
        **first._asdict(),
        parameters="\n".join(f"{name} : array_like" for name in first.inputs),
        returned=", ".join(first.outputs),
        where=", where dy is 1" if first.inputs == ("dy", "x") else "",
        dtypes=", ".join(row.dtype for row in rows),
        remark=REMARKS.get(first.function, ""),
        errors=errors(rows),
        condition=condition(rows[-1]),
    )


def errors(rows: Sequence[Row]) -> str:
    """The bounds of the rows, such as "correctly rounded in float16,\nat most 1 ULP off in
    float32"."""
    dtypes: dict[str, list[str]] = {}
    for row in rows:
        bound = row.bound_ulp  # at 0.5 the final rounding is the only error
        promise = "correctly rounded" if bound == 0.5 else f"at most {bound:g} ULP off"
        dtypes.setdefault(promise, []).append(row.dtype)
    return ",\n".join(f"{promise} in {' and '.join(names)}" for promise, names in dtypes.items())


def condition(row: Row) -> str:
    """What the bounds of a compound count on, or ""."""
    sentences = []
    if "b" in row.inputs:
        sentences.append(ROUNDED_SUM)
    if "up" in row.inputs and row.bound_ulp > 0.5:
        sentences.append(NORMAL_GATE)
    if {"dy", "up"} <= {*row.inputs}:
        product = "dy * up" if "dy * up" in row.definition else "dy * (up + 1)"
        sentences.append(NORMAL_PRODUCT.format(product=product))
    return " ".join(sentences)


# ---- Signatures: NumPy's, with the names of the operands

KEYWORDS = {
    "where": True,
    "casting": "same_kind",
    "order": "K",
    "dtype": None,
    "subok": True,
    "signature": None,
}
KEYWORD_PARAMETERS = [
    Parameter(name, Parameter.KEYWORD_ONLY, default=default) for name, default in KEYWORDS.items()
]


def default_out(row: Row) -> tuple[None, ...] | None:
    return None if row.nout == 1 else (None,) * row.nout


def signature(row: Row) -> Signature:
    """The signature that `inspect.signature` returns."""
    return signature_of(row.inputs, default_out(row))


@cache
def signature_of(inputs: tuple[str, ...], out: tuple[None, ...] | None) -> Signature:
    operands = [Parameter(name, Parameter.POSITIONAL_ONLY) for name in inputs]
    last = Parameter("out", Parameter.POSITIONAL_OR_KEYWORD, default=out)
    return Signature([*operands, last, *KEYWORD_PARAMETERS])


def signature_line(row: Row) -> str:
    """The same signature as text, which is the first line of `help`."""
    keywords = ", ".join(f"{name}={default!r}" for name, default in KEYWORDS.items())
    return f"{row.function}({', '.join(row.inputs)}, /, out={default_out(row)}, *, {keywords})"
