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
    As for every `numpy.ufunc`.

Returns
-------
{returned} : ndarray or scalar
    Of the inputs' shape (broadcast) and dtype: {dtypes}.
    Integers and booleans become floats as in `numpy.exp`; bfloat16 is that of ml_dtypes.

Raises
------
TypeError
    For any other dtype: complex, longdouble, object, string, datetime.
ValueError
    If the shapes of the arguments do not broadcast.

Notes
-----
Limits{where}: {limits}; NaN at NaN. No input makes a floating-point warning.
{remark}
Over all inputs, final rounding included:
{errors}.

The same value gives the same bits wherever it stands in an array.

References
----------
{source}.

Examples
--------
>>> import gelu_fast
>>> gelu_fast.{function}({arguments})
{result}
"""

# What else is worth knowing of a function.
REMARKS = {
    "gelu": """
Its least value is -0.16997, at x = -0.75179; it falls before that and rises after. (In popular
articles -0.17 is found as the place.)
""",
    "gelu_grad": """
Its zero is at x = -0.75179, where `gelu` is least, -0.16997.
""",
}


def docstring(rows: Sequence[Row]) -> str:
    """The docstring of the function whose rows of `_ufuncs.table()` or `compounds()` these are."""
    first = rows[0]
    return TEMPLATE.format(
        **first._asdict(),
        parameters="\n".join(f"{name} : array_like" for name in first.inputs),
        returned=", ".join(first.outputs),
        where=", where dy is 1" if first.inputs == ("dy", "x") else "",
        dtypes=", ".join(row.dtype for row in rows),
        remark=REMARKS.get(first.function, ""),
        errors=errors(rows),
    )


def errors(rows: Sequence[Row]) -> str:
    """The promises of the rows: "correctly rounded in float16, at most 1 ULP off in float32"."""
    dtypes: dict[str, list[str]] = {}
    for row in rows:
        bound = row.bound_ulp  # 0.5: the rounding alone
        promise = "correctly rounded" if bound == 0.5 else f"at most {bound:g} ULP off"
        dtypes.setdefault(promise, []).append(row.dtype)
    return ",\n".join(f"{promise} in {' and '.join(names)}" for promise, names in dtypes.items())


# ---- Signatures, like NumPy's but with the names of the operands

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
    """The result of `inspect.signature`."""
    operands = [operand(name) for name in row.inputs]
    out = Parameter("out", Parameter.POSITIONAL_OR_KEYWORD, default=default_out(row))
    return Signature([*operands, out, *KEYWORD_PARAMETERS])


@cache
def operand(name: str) -> Parameter:
    return Parameter(name, Parameter.POSITIONAL_ONLY)


def signature_line(row: Row) -> str:
    """The same as text: the first line of `help`."""
    keywords = ", ".join(f"{name}={default!r}" for name, default in KEYWORDS.items())
    return f"{row.function}({', '.join(row.inputs)}, /, out={default_out(row)}, *, {keywords})"
