"""The rows of the table, by which tests are parametrized."""

from gelu_fast._core import _ufuncs

ROWS = _ufuncs.table()
COMPOUNDS = _ufuncs.compounds()
FUNCTIONS = list(dict.fromkeys(row.function for row in ROWS))
ROW = {(row.function, row.dtype): row for row in [*ROWS, *COMPOUNDS]}
NAMES = {function for function, _ in ROW}
KINDS = [
    "gelu",  # a tail on one side
    "sigmoid",  # on both
    "erf",  # none
    "gelu_backward",  # two inputs; 16-bit types through doubles
    "bias_gelu",  # two inputs; 16-bit types through floats
    "geglu_backward",  # three inputs, two outputs
]
DTYPES = list(dict.fromkeys(row.dtype for row in ROWS))


def short_name(dtype):
    """The name of a dtype of the table in C: f16, bf16 ..."""
    return dtype.replace("float", "f")
