"""Ufuncs compute, promote and refuse the right dtypes."""

from itertools import product

import numpy as np
import pytest
from support.bits import assert_same_bits
from support.table import DTYPES

pytestmark = pytest.mark.kinds

NUMBERS = [*"?bBhHiIlLqQ", *DTYPES]
REFUSED = ["F", "D", "G", "O", "S3", "U3", "M8[s]", "m8[s]", "V8", [("x", "f4")]]
if np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant:
    REFUSED.append("g")  # on other systems longdouble is float64


# NumPy ufuncs with loops for the same dtypes and longdouble, by their number of inputs.
MODELS = {1: np.cbrt, 2: np.nextafter}


@pytest.mark.parametrize("char", NUMBERS)
def test_promotes_as_exp(ufunc, isa, char):
    x = np.array([0, 1, 1, 0, 1] * 20, char)
    got = ufunc(*[x] * ufunc.nin)
    assert got.dtype == np.exp(x).dtype
    assert_same_bits(got, ufunc(*[x.astype(got.dtype)] * ufunc.nin))
    assert ufunc(*[x[:0]] * ufunc.nin).dtype == got.dtype
    assert ufunc(*[x[0]] * ufunc.nin).dtype == np.exp(x[0]).dtype


def outcome(ufunc, *args, **kwargs):
    """Returns the dtype of the result, or the type of the error."""
    try:
        return ufunc(*args, **kwargs).dtype
    except Exception as error:
        return type(error)


def some(dtype):
    return np.array([0, 1, 1, 0], dtype)


OPERANDS = {
    **{str(dtype): some(dtype) for dtype in ["?", "i1", "u1", "i2", "i4", "i8", "F", "O", *DTYPES]},
    **{f"{dtype}, swapped": some(np.dtype(dtype).newbyteorder()) for dtype in ("i2", *DTYPES)},
    **{f"{dtype} scalar": some(dtype)[1] for dtype in ("i1", "i8", *DTYPES)},
    **{f"{dtype} of no dimensions": np.array(1, dtype) for dtype in ("i1", *DTYPES)},
    **{repr(value): value for value in (True, 2, 0.5, 1j, None, "1")},
}


@pytest.mark.parametrize("first", OPERANDS)
def test_mixed_operands_as_numpy(ufunc, first):
    rest = [[OPERANDS[second]] for second in OPERANDS] if ufunc.nin == 2 else [[]]
    for others in rest:
        args = [OPERANDS[first], *others]
        assert outcome(ufunc, *args) == outcome(MODELS[ufunc.nin], *args), args


def arguments():
    """Returns keyword arguments about dtypes."""
    for dtype, casting in product(DTYPES, ["no", "equiv", "safe", "same_kind", "unsafe"]):
        yield {"dtype": dtype, "casting": casting}
        yield {"out": np.zeros(4, dtype), "casting": casting}
        yield {"signature": (None, np.dtype(dtype)), "casting": casting}


@pytest.mark.parametrize("dtype", ["?", "i1", "i2", "i8", *DTYPES])
def test_arguments_about_dtypes_as_numpy(ufunc, dtype):
    args = [some(dtype)] * ufunc.nin
    for kwargs in arguments():
        if "signature" in kwargs:
            kwargs["signature"] = (None,) * ufunc.nin + kwargs["signature"][1:]
        got, want = outcome(ufunc, *args, **kwargs), outcome(MODELS[ufunc.nin], *args, **kwargs)
        assert got == want, kwargs


@pytest.mark.parametrize("dtype", REFUSED, ids=str)
def test_refuses(ufunc, dtype):
    for shape in (3, (), 0, (2, 2)):
        with pytest.raises(TypeError, match=f"'{ufunc.__name__}'"):
            ufunc(*[np.zeros(shape, dtype)] * ufunc.nin)


@pytest.mark.parametrize("value", ["1.0", b"1.0", 1j, None, object, {}, [None], [1, "a"]], ids=repr)
def test_refuses_python_objects(ufunc, value):
    with pytest.raises(TypeError, match=f"'{ufunc.__name__}'"):
        ufunc(*[value] * ufunc.nin)


def test_refuses_ragged_lists(ufunc):
    with pytest.raises(ValueError, match="inhomogeneous"):
        ufunc(*[[[1.0, 2.0], [3.0]]] * ufunc.nin)


@pytest.mark.parametrize("dtype", ["F", "D", "O"])
def test_refuses_dtype_argument(ufunc, dtype):
    with pytest.raises(TypeError, match=f"'?{ufunc.__name__}'?"):
        ufunc(*[np.ones(3)] * ufunc.nin, dtype=dtype)
