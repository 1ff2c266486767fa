"""The rows of the table, which parametrize tests."""

from gelu_fast._core import _ufuncs

ROWS = _ufuncs.table()
COMPOUNDS = _ufuncs.compounds()
FUNCTIONS = list(dict.fromkeys(row.function for row in ROWS))
ROW = {(row.function, row.dtype): row for row in [*ROWS, *COMPOUNDS]}
NAMES = {function for function, _ in ROW}
KINDS = [
    "gelu",  # a tail on one side
    "sigmoid",  # a tail on both sides
    "erf",  # no tail
    "gelu_backward",  # two inputs; 16-bit types compute in double
    "bias_gelu",  # two inputs; 16-bit types compute in float
    "geglu_backward",  # three inputs, two outputs
]
DTYPES = list(dict.fromkeys(row.dtype for row in ROWS))


def short_name(dtype):
    """The short name of a dtype in C: f16, bf16 ..."""
    return dtype.replace("float", "f")
