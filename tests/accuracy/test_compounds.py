"""Functions that combine others, such as gates and fused biases. They give the same bits as the
separate calls, whose errors other tests measure, except where a gate's activation is subnormal, and
their errors are within their bounds."""

import doctest
import pickle
import re
from functools import cache

import numpy as np
import pytest
from support.bits import arrays, assert_same
from support.layouts import misaligned
from support.reference import error_ulp, reference_of_compound
from support.table import ROW

import gelu_fast
from gelu_fast._core import _ufuncs
from gelu_fast._core.dispatch import stream_from

FUNCTIONS = dict.fromkeys(row.function for row in _ufuncs.compounds())


LIMITS = {"min": np.minimum, "max": np.maximum}


def is_made_of_functions(row):
    """Returns whether the definition calls functions, and otherwise only combines and limits
    numbers; those of beta * x do not round this product."""
    names = set(compile(row.definition, "definition", "eval").co_names) - {*row.inputs}
    calls = names & {*_ufuncs.ufuncs()}
    return bool(calls) and names <= calls | {*LIMITS} and "beta" not in row.inputs


def has_subnormal_activation(row, args):
    """Returns where gate's activation is a subnormal number of the dtype that the gate computes in,
    or 0 instead of one."""
    called = re.search(r"(\w+)\((gate|min\(gate, 7\))\)", row.definition)
    if not called or called[1] == "relu":
        return np.zeros(args[0].shape, bool)
    wide = np.promote_types(np.float32, row.dtype)
    with np.errstate(all="ignore"):  # on arm64 the cast of a signalling NaN is invalid
        gate = args[row.inputs.index("gate")].astype(wide)
        activation = getattr(gelu_fast, called[1])(gate)
    return (np.abs(activation) < np.finfo(wide).tiny) & (gate != 0) & np.isfinite(gate)


def made_of(row, args):
    """Returns a tuple of the results of the ufuncs in the definition. For 16-bit dtypes it computes
    in float32 and rounds once."""
    wide = np.dtype(row.dtype).itemsize < 4
    with np.errstate(all="ignore"):
        args = [x.astype(np.float32) if wide else x for x in args]
        words = vars(gelu_fast) | LIMITS
        results = eval(row.definition, words, dict(zip(row.inputs, args, strict=True)))
        results = results if row.nout == 2 else (results,)
        return tuple(y.astype(row.dtype) for y in results)


def call(row, args, **kwargs):
    """Returns the results as a tuple."""
    with np.errstate(all="raise"):  # no input causes a floating-point warning
        results = getattr(gelu_fast, row.function)(*args, **kwargs)
    return results if row.nout == 2 else (results,)


def test_same_bits_as_its_parts(compound, isa):
    args = arrays(compound, 20_000)
    if is_made_of_functions(compound):
        same = ~has_subnormal_activation(compound, args)
        if "<=" in compound.definition:  # kernels take 1 for NaN <= 7
            with np.errstate(invalid="ignore"):  # bfloat16 has signalling NaNs
                same &= ~np.logical_or.reduce([np.isnan(x) for x in args])
        assert same.mean() > 1 / 3
        args = [x[same] for x in args]
        assert_same(call(compound, args), made_of(compound, args))
    elif "beta" not in compound.inputs:
        assert compound.function in SPECIAL_VALUES


@pytest.mark.kinds
def test_position_free(compound, isa):
    args = arrays(compound, 300)
    want = call(compound, args)
    for n in [*range(40), 65, 129, 299]:
        assert_same(call(compound, [x[:n] for x in args]), [y[:n] for y in want])
        assert_same(call(compound, [x[n:] for x in args]), [y[n:] for y in want])
    for step in (2, 3, -1, -2):
        assert_same(call(compound, [x[::step] for x in args]), [y[::step] for y in want])
    for offset in (1, 3, 8):
        moved = [misaligned(x, offset) for x in args]
        out = tuple(misaligned(np.empty_like(y), offset) for y in want)
        assert_same(call(compound, moved, out=out), want)
        assert_same(out, want)


@pytest.mark.kinds
def test_past_the_caches(compound, isa):
    args = arrays(compound, 5_003)
    want = call(compound, args)
    with stream_from(1):
        assert_same(call(compound, args), want)


@pytest.mark.kinds
def test_in_place(compound, isa):
    args = arrays(compound, 3_001)
    want = call(compound, args)
    for first in range(compound.nin - compound.nout + 1):
        copies = [x.copy() for x in args]
        out = tuple(copies[first : first + compound.nout])
        assert_same(call(compound, copies, out=out), want)
        assert_same(out, want)


@pytest.mark.kinds
def test_overlap(compound, isa):
    """If an output overlaps an input by all but one element, NumPy makes a copy."""
    args = arrays(compound, 1_001)
    want = call(compound, [x[1:] for x in args])
    for source, target in ((slice(1, None), slice(-1)), (slice(-1), slice(1, None))):
        memory = np.empty((compound.nin, 1_001), compound.dtype)
        for part, x in zip(memory, args, strict=True):
            part[source] = x[1:]
        out = tuple(memory[k][target] for k in range(compound.nout))
        assert_same(call(compound, [part[source] for part in memory], out=out), want)


@pytest.mark.kinds
def test_broadcasting(compound):
    rows, columns = 7, 45
    args = [x.reshape(rows, columns) for x in arrays(compound, rows * columns)]
    args[-1] = args[-1][0]
    want = call(compound, [np.broadcast_to(x, (rows, columns)).copy() for x in args])
    assert_same(call(compound, args), want)
    args[0] = args[0][:, :1]
    want = call(compound, [np.broadcast_to(x, (rows, columns)).copy() for x in args])
    assert_same(call(compound, args), want)


@cache
def arguments(function, dtype):
    """Returns ordinary numbers, and a Reference for each output. The function rounds the sum with a
    bias first, so the reference takes the rounded sum."""
    compound = ROW[function, dtype]
    rng = np.random.default_rng(5)
    n = 500
    args = tuple(
        (rng.normal(0, 2, n) * 2.0 ** rng.integers(-3, 3, n)).astype(compound.dtype)
        for _ in range(compound.nin)
    )
    exact = args
    if compound.inputs[-1] == "b":
        wide = np.promote_types(np.dtype(np.float32), compound.dtype)
        rounded = args[-2].astype(wide) + args[-1].astype(wide)
        exact = (*args[:-2], rounded, np.zeros_like(rounded))
    return args, reference_of_compound(compound, exact)


@pytest.mark.arb
def test_error_within_bound(compound, isa):
    """Compares with Arb at numbers for which no intermediate result overflows or is subnormal."""
    args, wants = arguments(compound.function, compound.dtype)
    for got, want in zip(call(compound, args), wants, strict=True):
        error = np.where(want.nearest == 0, 0.0, error_ulp(got, want))  # other tests compare bits
        i = np.argmax(error)
        assert error[i] <= compound.bound_ulp, [float(x[i]).hex() for x in args]


INF, NAN = np.inf, np.nan
SPECIAL_VALUES = {  # (inputs, result) of functions that are no combinations, without help of Arb
    "leaky_relu": [
        ((0.0, 0.5), 0.0), ((-0.0, 0.5), -0.0), ((INF, 0.5), INF), ((-INF, 0.5), -INF),
        ((-2.0, 0.0), -0.0), ((-2.0, -0.5), 1.0), ((NAN, 0.5), NAN), ((3.0, NAN), 3.0),
        ((-3.0, NAN), NAN), ((-INF, 0.0), NAN),
    ],
    "leaky_relu_grad": [
        ((0.0, 0.5), 0.5), ((-0.0, 0.5), 0.5), ((INF, 0.5), 1.0), ((-INF, 0.5), 0.5),
        ((NAN, 0.5), NAN), ((3.0, NAN), 1.0), ((-3.0, NAN), NAN), ((1e-7, 0.5), 1.0),
    ],
    "leaky_relu_backward": [
        ((2.0, 0.0, 0.5), 1.0), ((2.0, -1.0, 0.5), 1.0), ((2.0, 1.0, 0.5), 2.0),
        ((-INF, 1.0, 0.5), -INF), ((NAN, 1.0, 0.5), NAN), ((2.0, NAN, 0.5), NAN),
    ],
    "swish": [
        ((0.0, 1.0), 0.0), ((-0.0, 1.0), -0.0), ((INF, 1.0), INF), ((-INF, 1.0), -0.0),
        ((INF, -1.0), 0.0), ((-INF, -1.0), -INF), ((6.0, 0.0), 3.0), ((-6.0, 0.0), -3.0),
        ((NAN, 1.0), NAN), ((1.0, NAN), NAN), ((5.0, INF), 5.0), ((-5.0, INF), -0.0),
        ((60000.0, 60000.0), 60000.0), ((-60000.0, 60000.0), -0.0),
    ],
    "swiglu_oai": [
        ((0.0, 2.0), 0.0), ((-0.0, 2.0), -0.0), ((-0.0, -2.0), 0.0), ((-INF, 2.0), -0.0),
        ((-INF, -INF), 0.0), ((INF, -1.0), 0.0), ((-2.0, -1.0), -0.0), ((NAN, 1.0), NAN),
        ((1.0, NAN), NAN), ((NAN, -1.0), NAN), ((NAN, INF), NAN), ((-INF, INF), -0.0),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SPECIAL_VALUES)
def test_special_values(name, isa):
    for row in _ufuncs.compounds():
        if row.function == name:
            for values, want in SPECIAL_VALUES[name]:
                got = getattr(gelu_fast, name)(*(np.array([x], row.dtype) for x in values))
                want = np.array([want], row.dtype)
                assert_same([got], [want])


# Of GPT-OSS, with min, max and exp of float64; up is clipped to [-7, 7], gate to [-inf, 7]
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_swiglu_oai(isa, dtype):
    numbers = np.array([-INF, -9, -7, -3, -1, -0.5, 0.25, 1, 6.5, 7, 7.25, 9, INF], dtype)
    gate, up = (x.ravel() for x in np.meshgrid(numbers, numbers))
    g, u = np.minimum(gate, 7).astype(float), np.clip(up, -7, 7).astype(float)
    with np.errstate(invalid="ignore"):
        want = np.where(np.isinf(g), 0, g / (1 + np.exp(-1.702 * g)) * (u + 1))
    tolerance = {"rtol": 8 * np.finfo(dtype).eps, "atol": np.finfo(dtype).tiny}
    got = gelu_fast.swiglu_oai(gate, up)
    np.testing.assert_allclose(got, want, **tolerance)
    limit = gelu_fast.swiglu_oai(dtype(7), up)
    assert_same([got[gate >= 7]], [limit[gate >= 7]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_swiglu_oai_backward(isa, dtype):
    """Beyond the limits the gradients are 0; at the limits they are those of the inside. The other
    values are differences of the function, at steps of which it is smooth."""
    one = dtype(1)
    for gate, up in [(7, 2), (3, 7), (3, -7), (-1, 0.5), (0.25, -1), (-9, 3)]:
        dgate, dup = gelu_fast.swiglu_oai_backward(one, dtype(gate), dtype(up))
        h = 2.0**-20
        f = [gelu_fast.swiglu_oai(gate - k * h, float(up)) for k in range(3)]
        inside = 1 if up < 0 else -1
        g = [gelu_fast.swiglu_oai(float(gate), up + inside * k * h) for k in range(2)]
        info = np.finfo(dtype)
        tolerance = {"rtol": 1e-7 + info.eps, "atol": 1e-7 + info.smallest_subnormal}
        np.testing.assert_allclose(dgate, (1.5 * f[0] - 2 * f[1] + 0.5 * f[2]) / h, **tolerance)
        np.testing.assert_allclose(dup, (g[1] - g[0]) * inside / h, **tolerance)
    largest = np.finfo(dtype).max
    for dy in (one, -largest):
        dgate, dup = gelu_fast.swiglu_oai_backward(dy, np.nextafter(dtype(7), dtype(8)), one)
        assert dgate == 0
        assert dup != 0
        for up in (np.nextafter(dtype(7), dtype(8)), -largest, INF):
            dgate, dup = gelu_fast.swiglu_oai_backward(dy, dtype(2), dtype(up))
            assert dgate != 0
            assert dup == 0
    for args in [(NAN, 1, 1), (1, NAN, 1), (1, 1, NAN)]:
        dgate, dup = gelu_fast.swiglu_oai_backward(*map(dtype, args))
        assert np.isnan(dgate)
        assert np.isnan(dup) == (not np.isnan(args[2]))


@pytest.mark.arb
def test_swish_in_the_tail(isa):
    """Compares with Arb for results that are subnormal, at x of any size."""
    random = np.random.default_rng(6)
    [row] = [
        row for row in _ufuncs.compounds() if (row.function, row.dtype) == ("swish", "float32")
    ]
    x = (-(2.0 ** random.uniform(-10, 120, 500))).astype(np.float32)
    beta = (random.uniform(1, 250, 500) / -x.astype(np.float64)).astype(np.float32)
    wanted = np.isfinite(beta) & (beta > 0)
    args = x[wanted], beta[wanted]
    [want] = reference_of_compound(row, args)
    assert error_ulp(gelu_fast.swish(*args), want).max() <= row.bound_ulp


@pytest.mark.parametrize("name", FUNCTIONS)
def test_is_a_ufunc(name):
    ufunc = getattr(gelu_fast, name)
    [row, *_] = (row for row in _ufuncs.compounds() if row.function == name)
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.nin, ufunc.nout) == (row.nin, row.nout) == (len(row.inputs), len(row.outputs))
    assert pickle.loads(pickle.dumps(ufunc)) is ufunc
    assert row.formula in ufunc.__doc__
    assert all(f"\n{x} : array_like" in ufunc.__doc__ for x in row.inputs)
    assert f"\n{', '.join(row.outputs)} : ndarray" in ufunc.__doc__


@pytest.mark.parametrize("name", FUNCTIONS)
def test_example(name):
    test = doctest.DocTestParser().get_doctest(getattr(gelu_fast, name).__doc__, {}, name, None, 0)
    assert doctest.DocTestRunner().run(test) == (0, 2)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_wrong_arguments(name):
    ufunc = getattr(gelu_fast, name)
    with pytest.raises(TypeError, match="not supported"):
        ufunc(*[np.ones(2, complex)] * ufunc.nin)
    with pytest.raises(ValueError, match="broadcast"):
        ufunc(np.ones(2), *[np.ones(3)] * (ufunc.nin - 1))
    with pytest.raises(TypeError, match="arguments"):
        ufunc(np.ones(2))


GATES = [row for row in _ufuncs.compounds() if row.inputs == ("gate", "up") and row.bound_ulp > 0.5]


def name_and_dtype(row):
    return f"{row.function}-{row.dtype}"


# The products of float16 underflow wherever the activation is subnormal in float32.
@pytest.mark.arb
@pytest.mark.parametrize(
    "row",
    [
        row
        for row in GATES
        if row.dtype != "float16" and row.function not in ("reglu", "swiglu_oai")
    ],
    ids=name_and_dtype,
)
def test_gate_in_the_underflow(row, isa):
    """Compares with Arb where the activation underflows and a large `up` lifts the product."""
    wide = np.finfo(np.promote_types(np.float32, row.dtype))
    ends = {"gelu": (13, 18), "gelu_tanh": (10, 13), "gelu_quick": (50, 100), "silu": (85, 170)}
    lo, hi = ends.get(row.definition.split("(")[0], (85, 170))
    if wide.bits == 64:
        lo, hi = {"gelu": (37, 48), "gelu_tanh": (21, 25)}.get(
            row.definition.split("(")[0], (8 * lo, 8 * hi)
        )
    random = np.random.default_rng(8)
    gate = -random.uniform(lo, hi, 400)
    up = random.choice([-1, 1], 400) * np.exp2(random.uniform(0.2, 0.99, 400) * wide.maxexp)
    args = gate.astype(row.dtype), up.astype(row.dtype)
    [want] = reference_of_compound(row, args)
    [got] = call(row, args)
    normal = np.isfinite(want.nearest) & (np.abs(want.nearest) >= wide.tiny)
    assert np.count_nonzero(normal) > 50
    error = np.where(want.nearest == 0, 0.0, error_ulp(got, want))
    assert error.max() <= row.bound_ulp


BETA = [row for row in _ufuncs.compounds() if "beta" in row.inputs and row.function != "swish"]


@pytest.mark.arb
@pytest.mark.parametrize("row", BETA, ids=name_and_dtype)
def test_beta_next_to_the_zero_and_in_the_tails(row, isa):
    """Compares with Arb where the rounding of beta * x would cost digits, and next to powers of
    two of the product with dy."""
    random = np.random.default_rng(9)
    n = 400
    distance = random.choice([-1, 1], n) * np.exp2(random.uniform(-60, 0, n))
    z = np.concatenate([-1.2784645427610738 + distance, -random.uniform(1, 85, n)])
    z *= random.choice([-1, 1], 2 * n)
    beta = np.exp2(random.uniform(-3, 3, 2 * n)).astype(row.dtype)
    x = (z / beta.astype(np.float64)).astype(row.dtype)
    args = x, beta
    if "dy" in row.inputs:
        [slope] = reference_of_compound(SWISH_GRAD[row.dtype], args)
        dy = np.nextafter(1 / np.where(slope.nearest == 0, 1, slope.nearest), 0)
        args = (np.clip(dy, -1e4, 1e4).astype(row.dtype), *args)
    [want] = reference_of_compound(row, args)
    [got] = call(row, args)
    assert error_ulp(got, want).max() <= row.bound_ulp


SWISH_GRAD = {row.dtype: row for row in BETA if row.function == "swish_grad"}
