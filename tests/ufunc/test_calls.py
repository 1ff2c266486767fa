"""The arguments and methods of a ufunc: out, where, dtype, casting, order, at, reduce, ..."""

import re
from itertools import permutations

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs
from support.table import DTYPES

import gelu_fast

pytestmark = pytest.mark.kinds


def test_is_a_ufunc(row):
    ufunc = getattr(gelu_fast, row.function)
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.nin, ufunc.nout, ufunc.nargs) == (row.nin, 1, row.nin + 1)
    assert ufunc.__name__ == row.function
    assert ufunc.identity is None
    assert ufunc.signature is None
    dtype = np.dtype(row.dtype)
    assert ufunc.resolve_dtypes((dtype,) * row.nin + (None,)) == (dtype,) * ufunc.nargs
    if dtype.isbuiltin == 1:  # NumPy does not list the loops of other libraries' dtypes
        assert f"{dtype.char * row.nin}->{dtype.char}" in ufunc.types


def test_scalars(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    dtype = np.dtype(row.dtype)
    want = ufunc(*[np.array([0.75], dtype)] * row.nin)[0]
    for x in (dtype.type(0.75), np.array(0.75, dtype)):
        got = ufunc(*[x] * row.nin)
        assert type(got) is dtype.type
        assert_same_bits(got, want)


def test_python_numbers(ufunc):
    for x in (True, 2, 0.75):
        got = ufunc(*[x] * ufunc.nin)
        assert type(got) is type(np.exp(x))
        assert_same_bits(got, ufunc(*[np.array([x])] * ufunc.nin)[0])
    whole, floating = [[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])
    assert_same_bits(ufunc(*[whole] * ufunc.nin), ufunc(*[floating] * ufunc.nin))


def test_out(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 99)
    for out_argument in (lambda out: out, lambda out: (out,)):
        out = np.empty(99, row.dtype)
        assert ufunc(*args, out=out_argument(out)) is out
        assert_same_bits(out, ufunc(*args))
    out = np.empty(99, row.dtype)
    assert ufunc(*args, out) is out
    assert_same_bits(out, ufunc(*args))


def test_out_zero_dimensional(row):
    ufunc = getattr(gelu_fast, row.function)
    out = np.empty((), row.dtype)
    assert ufunc(*[np.ones((), row.dtype)] * row.nin, out=out) is out
    assert_same_bits(out, ufunc(*[np.ones(1, row.dtype)] * row.nin)[0])


def test_input_broadcasts_to_out(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 37)
    out = ufunc(*(x[:, np.newaxis] for x in args), out=np.empty((5, 37, 19), row.dtype))
    assert_same_bits(out, np.broadcast_to(ufunc(*args)[:, np.newaxis], out.shape))


@pytest.mark.parametrize(("dtype", "other"), list(permutations(DTYPES, 2)))
def test_out_of_another_dtype(ufunc, dtype, other):
    args, out = [np.linspace(-3, 3, 50).astype(dtype)] * ufunc.nin, np.empty(50, other)
    if np.can_cast(dtype, other, "same_kind"):
        assert_same_bits(ufunc(*args, out=out), ufunc(*args).astype(other))
        return
    with pytest.raises(TypeError, match="Cannot cast ufunc"):
        ufunc(*args, out=out)


def test_where(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 300)
    want = ufunc(*args)
    rng = np.random.default_rng(3)
    for mask in (rng.random(300) < 0.5, rng.random(300) < 0.03, np.arange(300) % 40 < 25):
        out = np.full_like(want, 7)
        ufunc(*args, out=out, where=mask)
        assert_same_bits(out, np.where(mask, want, np.full_like(want, 7)))


def test_where_in_place_and_broadcast(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    args = [x.reshape(10, 12) for x in inputs(row, 120)]
    rows_wanted = np.arange(10)[:, np.newaxis] % 3 == 0
    want = np.where(rows_wanted, ufunc(*args), args[0])
    ufunc(*args, out=args[0], where=rows_wanted)
    assert_same_bits(args[0], want)


def test_dtype_argument(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    x = np.linspace(-3, 3, 50)
    want = ufunc(*[x.astype(row.dtype)] * row.nin)
    dtype = np.dtype(row.dtype)
    assert_same_bits(ufunc(*[x] * row.nin, signature=(dtype,) * ufunc.nargs), want)
    if dtype.isbuiltin == 1:  # for other dtypes, NumPy needs an array among the arguments
        assert_same_bits(ufunc(*[x] * row.nin, dtype=dtype), want)
        signature = f"{dtype.char * row.nin}->{dtype.char}"
        assert_same_bits(ufunc(*[x] * row.nin, signature=signature), want)


def test_dtype_argument_for_integers(ufunc):
    assert ufunc(*[np.arange(5)] * ufunc.nin, dtype=np.float32).dtype == np.float32


def test_order(ufunc):
    args = [np.asfortranarray(np.ones((4, 5)))] * ufunc.nin
    assert ufunc(*args).flags.f_contiguous
    assert ufunc(*args, order="C").flags.c_contiguous
    assert ufunc(*(x.T for x in args), order="F").flags.f_contiguous


# NumPy ufuncs with loops for the same dtypes, by their number of inputs.
MODELS = {1: np.exp, 2: np.nextafter}


def outcome(call, ufunc):
    """Returns the type of the error, and its message without the name of the ufunc."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        call(ufunc, [X] * ufunc.nin)
    return type(caught.value), re.sub(rf"\b{ufunc.__name__}\b", "UFUNC", str(caught.value))


X = np.linspace(-3, 3, 12).reshape(3, 4)

REFUSED = {
    "no argument": lambda f, x: f(),
    "an argument too few": lambda f, x: f(*x[1:]),
    "too many arguments": lambda f, x: f(*x, X.copy(), X.copy()),
    "unknown keyword": lambda f, x: f(*x, alpha=1),
    "axis": lambda f, x: f(*x, axis=0),
    "axes": lambda f, x: f(*x, axes=[(0,), (0,)]),
    "keepdims": lambda f, x: f(*x, keepdims=True),
    "out too small": lambda f, x: f(*x, out=np.empty((3, 3))),
    "out would broadcast": lambda f, x: f(*x, out=np.empty((1, 4))),
    "out not an array": lambda f, x: f(*x, out=[0.0] * 12),
    "out read-only": lambda f, x: f(*x, out=np.broadcast_to(0.0, (3, 4))),
    "out of integers": lambda f, x: f(*x, out=np.empty((3, 4), int)),
    "tuple of outs too long": lambda f, x: f(*x, out=(X.copy(), X.copy())),
    "where of another shape": lambda f, x: f(*x, where=np.ones(5, bool)),
    "where not boolean": lambda f, x: f(*x, where=np.ones((3, 4))),
    "casting unknown": lambda f, x: f(*x, casting="any"),
    "casting too narrow": lambda f, x: f(*x, dtype="f4", casting="safe"),
    "casting none": lambda f, x: f(*(a.astype("f4") for a in x), out=X.copy(), casting="no"),
    "order unknown": lambda f, x: f(*x, order="Z"),
    "dtype of an integer": lambda f, x: f(*x, dtype=int),
    "at, index out of range": lambda f, x: f.at(X.copy(), [5], *x[1:]),
    "at, too many arguments": lambda f, x: f.at(X.copy(), [0], *x),
    "at, not an array": lambda f, x: f.at([1.0], [0], *x[1:]),
    "reduce of nothing": lambda f, x: f.reduce(X[:0]),
    "reduceat out of range": lambda f, x: f.reduceat(X, [0, 10]),
    "outer of too many": lambda f, x: f.outer(*x, X),
}
REFUSED_IF_UNARY = {
    "reduce": lambda f, x: f.reduce(X),
    "accumulate": lambda f, x: f.accumulate(X),
    "reduceat": lambda f, x: f.reduceat(X, [0, 1]),
    "outer": lambda f, x: f.outer(X, X),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_refuses_as_numpy_does(ufunc, mistake):
    call = REFUSED[mistake]
    assert outcome(call, ufunc) == outcome(call, MODELS[ufunc.nin])


@pytest.mark.parametrize("method", REFUSED_IF_UNARY)
def test_methods_of_binary_ufuncs(ufunc, method):
    call = REFUSED_IF_UNARY[method]
    if ufunc.nin == 1:
        assert outcome(call, ufunc) == outcome(call, np.exp)
        return
    long = np.linspace(-3, 3, 100)
    chain = [long[0]]
    for x in long[1:]:
        chain.append(ufunc(chain[-1], x))
    assert_same_bits(ufunc.accumulate(long), np.array(chain))
    assert_same_bits(ufunc.reduce(long), chain[-1])
    want = {
        "reduce": ufunc(ufunc(X[0], X[1]), X[2]),
        "accumulate": np.stack([X[0], ufunc(X[0], X[1]), ufunc(ufunc(X[0], X[1]), X[2])]),
        "reduceat": np.stack([X[0], ufunc(X[1], X[2])]),
        "outer": ufunc(X[:, :, np.newaxis, np.newaxis], X),
    }
    assert_same_bits(call(ufunc, [X, X]), want[method])


def test_at(row, isa):
    ufunc = getattr(gelu_fast, row.function)
    got, *others = inputs(row, 50)
    want = got.copy()
    indices = [0, 7, 7, 49, -1, 3, 7]
    others = [x[indices] for x in others]
    for i, *values in zip(indices, *others, strict=True):
        want[i] = ufunc(want[i], *values)
    assert ufunc.at(got, indices, *others) is None
    assert_same_bits(got, want)


def test_resolve_dtypes(ufunc):
    for char in [*"?bBhHiIlLqQ", *DTYPES]:
        dtype = np.dtype(char)
        dtypes = (dtype,) * ufunc.nin + (None,)
        assert ufunc.resolve_dtypes(dtypes) == MODELS[ufunc.nin].resolve_dtypes(dtypes)
