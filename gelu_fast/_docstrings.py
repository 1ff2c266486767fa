"""The docstring of a ufunc, from its rows in the C table."""

TEMPLATE = """\
{formula}, element by element.

Parameters
----------
{parameters}
out, where, casting, order, dtype, subok, signature
    As for every `numpy.ufunc`.

Returns
-------
ndarray or scalar
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


def docstring(rows):
    """The docstring of the function whose rows of `_ufuncs.table()` these are."""
    first = rows[0]
    names, where = {1: (["x"], ""), 2: (["dy", "x"], ", where dy is 1")}[first["nin"]]
    return TEMPLATE.format(
        **first,
        parameters="\n".join(f"{name} : array_like" for name in names),
        where=where,
        dtypes=", ".join(row["dtype"] for row in rows),
        errors=errors(rows),
    )


def errors(rows):
    """The promises of the rows: "correctly rounded in float16, at most 1 ULP off in float32"."""
    dtypes = {}
    for row in rows:
        # Half an ULP is the rounding alone. A function of two inputs has too many pairs of them to
        # be sure that none is too near to the middle between two numbers.
        exact = row["bound_ulp"] == 0.5 and row["nin"] == 1
        promise = "correctly rounded" if exact else f"at most {row['bound_ulp']:g} ULP off"
        dtypes.setdefault(promise, []).append(row["dtype"])
    return ",\n".join(f"{promise} in {' and '.join(names)}" for promise, names in dtypes.items())
