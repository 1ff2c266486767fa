"""Which dtypes are computed, promoted and refused."""

import numpy as np
import pytest
from bits import assert_same_bits

NUMBERS = "?bBhHiIlLqQefd"
REFUSED = ["F", "D", "G", "O", "S3", "U3", "M8[s]", "m8[s]", "V8", [("x", "f4")]]
if np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant:
    REFUSED.append("g")  # elsewhere it is float64 by another name


@pytest.mark.parametrize("char", NUMBERS)
def test_promotes_as_exp(ufunc, isa, char):
    x = np.array([0, 1, 1, 0, 1] * 20, char)
    got = ufunc(*[x] * ufunc.nin)
    assert got.dtype == np.exp(x).dtype
    assert_same_bits(got, ufunc(*[x.astype(got.dtype)] * ufunc.nin))
    assert ufunc(*[x[:0]] * ufunc.nin).dtype == got.dtype
    assert ufunc(*[x[0]] * ufunc.nin).dtype == np.exp(x[0]).dtype


@pytest.mark.parametrize("dtype", REFUSED, ids=str)
def test_refuses(ufunc, dtype):
    for shape in (3, (), 0, (2, 2)):
        with pytest.raises(TypeError, match=f"'{ufunc.__name__}'"):
            ufunc(*[np.zeros(shape, dtype)] * ufunc.nin)


@pytest.mark.parametrize(
    "value", ["1.0", b"1.0", 1j, None, object(), {}, [None], [1, "a"]], ids=repr
)
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
