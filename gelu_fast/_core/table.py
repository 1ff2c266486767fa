"""Names of functions, in the order of the table."""

from . import _ufuncs

# What the field compares with each other; of these, what the table has.
MAIN = [
    "relu",
    "silu",
    "gelu",
    "gelu_tanh",
    "gelu_quick",
    "mish",
    "elu",
    "selu",
    "softplus",
    "sigmoid",
    "tanh",
    "hardswish",
]


def functions():
    """Those of x, or of dy and x: those that a reference is known for."""
    return list(dict.fromkeys(row["function"] for row in _ufuncs.table()))


def unary_functions():
    """Those of one input, which can be applied to a file, drawn and compared."""
    return list(dict.fromkeys(row["function"] for row in _ufuncs.table() if row["nin"] == 1))


def main_functions():
    """The names of the best known."""
    known = unary_functions()
    return [name for name in MAIN if name in known]


def derivative(name):
    """The ufunc of the derivative of a function of one input, or None."""
    return _ufuncs.ufuncs().get(f"{name}_grad")
