"""The arguments and methods of a ufunc: out, where, dtype, casting, order, at, reduce, ..."""

import re

import numpy as np
import pytest
from bits import assert_same_bits, samples

import gelu_fast


def test_is_a_ufunc(row):
    ufunc = getattr(gelu_fast, row.function)
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.nin, ufunc.nout, ufunc.nargs) == (row.nin, 1, row.nin + 1)
    assert ufunc.__name__ == row.function
    assert ufunc.identity is None
    assert ufunc.signature is None
    assert "->".join([np.dtype(row.dtype).char * row.nin, np.dtype(row.dtype).char]) in ufunc.types


def test_scalars(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    dtype = np.dtype(row.dtype)
    want = ufunc(np.array([0.75], dtype))[0]
    for x in (dtype.type(0.75), np.array(0.75, dtype)):
        got = ufunc(x)
        assert type(got) is dtype.type
        assert_same_bits(got, want)


def test_python_numbers(ufunc):
    for x in (True, 2, 0.75):
        got = ufunc(x)
        assert type(got) is type(np.exp(x))
        assert_same_bits(got, ufunc(np.array([x]))[0])
    assert_same_bits(ufunc([[1, 2], [3, 4]]), ufunc(np.array([[1.0, 2.0], [3.0, 4.0]])))


def test_out(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    x = samples(row, 99)
    for out_argument in (lambda out: out, lambda out: (out,)):
        out = np.empty_like(x)
        assert ufunc(x, out=out_argument(out)) is out
        assert_same_bits(out, ufunc(x))
    out = np.empty_like(x)
    assert ufunc(x, out) is out
    assert_same_bits(out, ufunc(x))


def test_out_zero_dimensional(row):
    ufunc = getattr(gelu_fast, row.function)
    out = np.empty((), row.dtype)
    assert ufunc(np.ones((), row.dtype), out=out) is out
    assert_same_bits(out, ufunc(np.ones(1, row.dtype))[0])


def test_input_broadcasts_to_out(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    x = samples(row, 37)
    out = ufunc(x[:, np.newaxis], out=np.empty((5, 37, 19), row.dtype))
    assert_same_bits(out, np.broadcast_to(ufunc(x)[:, np.newaxis], out.shape))


def test_out_of_another_dtype(ufunc):
    x = np.linspace(-3, 3, 50)
    narrow = ufunc(x, out=np.empty(50, np.float32))
    assert_same_bits(narrow, ufunc(x).astype(np.float32))
    wide = ufunc(x.astype(np.float32), out=np.empty(50))
    assert_same_bits(wide, ufunc(x.astype(np.float32)).astype(np.float64))


def test_where(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    x = samples(row, 300)
    want = ufunc(x)
    rng = np.random.default_rng(3)
    for mask in (rng.random(300) < 0.5, rng.random(300) < 0.03, np.arange(300) % 40 < 25):
        out = np.full_like(x, 7)
        ufunc(x, out=out, where=mask)
        assert_same_bits(out, np.where(mask, want, np.full_like(x, 7)))


def test_where_in_place_and_broadcast(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    x = samples(row, 120).reshape(10, 12)
    rows_wanted = np.arange(10)[:, np.newaxis] % 3 == 0
    want = np.where(rows_wanted, ufunc(x), x)
    ufunc(x, out=x, where=rows_wanted)
    assert_same_bits(x, want)


def test_dtype_argument(ufunc):
    x = np.linspace(-3, 3, 50)
    for dtype in (np.float16, np.float32, np.float64):
        want = ufunc(x.astype(dtype))
        assert_same_bits(ufunc(x, dtype=dtype), want)
        char = np.dtype(dtype).char
        assert_same_bits(ufunc(x, signature=f"{char}->{char}"), want)
    assert ufunc(np.arange(5), dtype=np.float32).dtype == np.float32


def test_order(ufunc):
    x = np.asfortranarray(np.ones((4, 5)))
    assert ufunc(x).flags.f_contiguous
    assert ufunc(x, order="C").flags.c_contiguous
    assert ufunc(x.T, order="F").flags.f_contiguous


def outcome(call, ufunc):
    """The type of the error, and its message with the ufunc's name taken out."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        call(ufunc)
    return type(caught.value), re.sub(rf"\b{ufunc.__name__}\b", "UFUNC", str(caught.value))


X = np.linspace(-3, 3, 12).reshape(3, 4)

REFUSED = {
    "no argument": lambda f: f(),
    "too many arguments": lambda f: f(X, X.copy(), X.copy()),
    "unknown keyword": lambda f: f(X, alpha=1),
    "axis": lambda f: f(X, axis=0),
    "axes": lambda f: f(X, axes=[(0,), (0,)]),
    "keepdims": lambda f: f(X, keepdims=True),
    "out too small": lambda f: f(X, out=np.empty((3, 3))),
    "out would broadcast": lambda f: f(X, out=np.empty((1, 4))),
    "out not an array": lambda f: f(X, out=[0.0] * 12),
    "out read-only": lambda f: f(X, out=np.broadcast_to(0.0, (3, 4))),
    "out of integers": lambda f: f(X, out=np.empty((3, 4), int)),
    "tuple of outs too long": lambda f: f(X, out=(X.copy(), X.copy())),
    "where of another shape": lambda f: f(X, where=np.ones(5, bool)),
    "where not boolean": lambda f: f(X, where=np.ones((3, 4))),
    "casting unknown": lambda f: f(X, casting="any"),
    "casting too narrow": lambda f: f(X, dtype="f4", casting="safe"),
    "casting none": lambda f: f(X.astype("f4"), out=X.copy(), casting="no"),
    "order unknown": lambda f: f(X, order="Z"),
    "dtype of an integer": lambda f: f(X, dtype=int),
    "reduce": lambda f: f.reduce(X),
    "accumulate": lambda f: f.accumulate(X),
    "reduceat": lambda f: f.reduceat(X, [0, 1]),
    "outer": lambda f: f.outer(X, X),
    "at, index out of range": lambda f: f.at(X.copy(), [5]),
    "at, too many arguments": lambda f: f.at(X.copy(), [0], 1.0),
    "at, not an array": lambda f: f.at([1.0], [0]),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_refuses_as_numpy_does(ufunc, mistake):
    call = REFUSED[mistake]
    assert outcome(call, ufunc) == outcome(call, np.exp)


def test_at(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    got = samples(row, 50)
    want = got.copy()
    indices = [0, 7, 7, 49, -1, 3, 7]
    for i in indices:
        want[i] = ufunc(want[i])
    assert ufunc.at(got, indices) is None
    assert_same_bits(got, want)


def test_resolve_dtypes(ufunc):
    for char in "?bBhHiIlLqQefd":
        dtype = np.dtype(char)
        assert ufunc.resolve_dtypes((dtype, None)) == np.exp.resolve_dtypes((dtype, None))
