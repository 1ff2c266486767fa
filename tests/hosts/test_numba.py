"""gelu_fast.numba in compiled code: the bits of the ufuncs for every function, layout and shape."""

import sys
from functools import cache

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs, samples
from support.hosts import EXAMPLES, check_output, run, run_python
from support.layouts import READABLE
from support.table import KINDS, NAMES, ROW

import gelu_fast

numba = pytest.importorskip("numba", reason="numba is not installed")

import gelu_fast.numba as gf  # noqa: E402

DTYPES = ["float32", "float64"]


@cache
def compiled(name, **options):
    """A compiled function that calls the function on its arguments."""
    function, nin = getattr(gf, name), getattr(gelu_fast, name).nin
    if nin == 1:
        return numba.njit(lambda x: function(x), **options)
    if nin == 2:
        return numba.njit(lambda x, y: function(x, y), **options)
    return numba.njit(lambda x, y, z: function(x, y, z), **options)


def as_tuple(results):
    return results if isinstance(results, tuple) else (results,)


def check(name, *operands):
    """The results of compiled code are arrays with the bits, shapes and dtypes of the ufunc's."""
    with np.errstate(all="ignore"):
        wanted = as_tuple(getattr(gelu_fast, name)(*operands))
    got = as_tuple(compiled(name)(*operands))
    for a, b in zip(got, wanted, strict=True):
        assert a.shape == b.shape
        assert_same_bits(a, b)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name, dtype):
    check(name, *inputs(ROW[name, dtype], 300))


def test_every_instruction_set(isa):
    check("gelu", samples(ROW["gelu", "float32"], 1000))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", KINDS)
def test_numbers(name, dtype):
    """One call for each element."""
    function, ufunc = getattr(gf, name), getattr(gelu_fast, name)
    operands = inputs(ROW[name, dtype], 300)
    outs = [np.empty(300, dtype) for _ in range(ufunc.nout)]
    if ufunc.nin == 1:

        def loop(x, out):
            for i in range(x.size):
                out[i] = function(x[i])

    elif ufunc.nin == 2:

        def loop(x, y, out):
            for i in range(x.size):
                out[i] = function(x[i], y[i])

    else:

        def loop(x, y, z, first, second):
            for i in range(x.size):
                first[i], second[i] = function(x[i], y[i], z[i])

    numba.njit(loop)(*operands, *outs)
    with np.errstate(all="ignore"):
        wanted = as_tuple(ufunc(*operands))
    for got, want in zip(outs, wanted, strict=True):
        assert_same_bits(got, want)


@pytest.mark.parametrize("number", [2, -1.5, True])
def test_python_numbers(number):
    """Integers and, as for the ufunc, booleans, which it computes in float16."""
    if number is True:
        with pytest.raises(numba.TypingError, match="in float16, which numba does not have"):
            compiled("gelu")(number)
    else:
        assert compiled("gelu")(number) == gelu_fast.gelu(number)


# ---- Arrays

LAYOUTS = {name: make for name, make in READABLE.items() if "byte-swapped" not in name}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    values = samples(ROW["gelu", "float32"], 2000)
    check("gelu", LAYOUTS[layout](values))


@pytest.mark.parametrize("layout", ["Fortran order", "inner block", "permuted axes", "stride 2"])
def test_two_layouts(layout):
    """One operand in C order and one in another."""
    dy, x = inputs(ROW["gelu_backward", "float64"], 2000)
    dy = LAYOUTS[layout](dy)
    check("gelu_backward", dy, x[: dy.size].reshape(dy.shape))
    check("gelu_backward", dy, np.asfortranarray(x[: dy.size].reshape(dy.shape)))


SHAPES = [
    [(3, 4), (3, 4)],
    [(3, 4), (4,)],
    [(3, 1), (1, 4)],
    [(3, 1), (4,)],
    [(1, 1), (1,)],
    [(2, 3, 4), (3, 1)],
    [(), (5,)],
    [(), ()],
    [(0, 4), (1, 4)],
    [(4, 1), (1, 0)],
]


@pytest.mark.parametrize("shapes", SHAPES)
def test_broadcasting(shapes):
    arrays = [np.random.default_rng(0).normal(size=shape) for shape in shapes]
    if shapes == [(), ()]:  # the ufunc returns a number
        assert compiled("swish")(*arrays) == gelu_fast.swish(*arrays)
    else:
        check("swish", *arrays)
        check("swish", *(np.asfortranarray(array) for array in arrays[::-1]))


def test_three_operands_and_two_results():
    x = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    check("swiglu_backward", x, x[0], x[:, :1])
    check("swiglu_backward", x, 1.5, x[:1, :1])
    check("swiglu_backward", x.T, x.T, 2)


def test_numbers_beside_arrays():
    """They do not change the dtype, as Python's numbers do not."""
    x = np.random.default_rng(0).normal(size=10).astype(np.float32)
    check("swish", x, 0.1)
    check("swish", x, 3)
    check("swish", x, 2**53 + 1)
    check("swish", 0.1, x)
    check("swish", x.astype(np.float64), 0.1)
    check("swish", np.arange(4), 0.1)


@pytest.mark.parametrize("dtype", ["int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_integers(dtype):
    info = np.iinfo(dtype)
    x = np.array([info.min, info.max, 0, 1, 3], dtype)
    check("softplus", x)
    check("swish", x, x)
    check("swish", x, np.ones(5, np.float32))


def test_mixed_dtypes():
    x = np.random.default_rng(0).normal(size=10)
    check("gelu_backward", x, x.astype(np.float32))


# ---- Ways to compile


def test_parallel():
    @numba.njit(parallel=True)
    def rows(x):
        out = np.empty_like(x)
        for i in numba.prange(x.shape[0]):
            out[i] = gf.gelu(x[i])
        return out, gf.gelu(x)

    x = samples(ROW["gelu", "float64"], 5000).reshape(100, 50)
    with np.errstate(all="ignore"):
        wanted = gelu_fast.gelu(x)
    for got in rows(x):
        assert_same_bits(got, wanted)


def test_vectorize(isa):
    @numba.vectorize
    def on_elements(x):
        return gf.gelu(x)

    x = samples(ROW["gelu", "float32"], 5000)
    with np.errstate(all="ignore"):
        assert_same_bits(on_elements(x), gelu_fast.gelu(x))


CACHED = """if True:
    import numba, numpy as np
    import {module}

    @numba.njit(cache=True)
    def both(x):
        return {module}.gelu(x), {module}.gelu(x[0])
"""
USE_CACHED = """if True:
    import numpy as np, cached
    x = np.array([-1.5, 2, 3])
    array, number = cached.both(x)
    print(array.tobytes().hex(), number.hex(), *cached.both.stats.cache_hits.values())
"""


@pytest.mark.parametrize("module", ["gelu_fast.numba", "gelu_fast"])
def test_cache(module, tmp_path):
    """The second process compiles nothing. A program that calls the ufunc need not import
    gelu_fast.numba."""
    (tmp_path / "cached.py").write_text(CACHED.format(module=module))
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    first, second = (run_python(start + USE_CACHED).split() for _ in range(2))
    wanted = gelu_fast.gelu(np.array([-1.5, 2, 3]))
    assert first == [wanted.tobytes().hex(), wanted[0].item().hex()]
    assert second == [*first, "1"]


# ---- Outside of compiled code, and errors


def test_functions_call_the_ufunc():
    assert set(gf.__all__) == NAMES
    for name in NAMES:
        function, ufunc = getattr(gf, name), getattr(gelu_fast, name)
        assert function.__name__ == name
        assert function.__doc__.startswith(f"{name}(")
        operands = [np.float32(0.5)] * ufunc.nin
        assert function(*operands) == ufunc(*operands)


def test_compiled_code_may_call_the_ufunc():
    """numba calls the C function once: it makes no loop over numbers."""

    @numba.njit
    def calls(x):
        return gelu_fast.gelu(x)

    x = samples(ROW["gelu", "float32"], 100)
    with np.errstate(all="ignore"):
        assert_same_bits(calls(x), gelu_fast.gelu(x))
    assert calls(2.0) == gelu_fast.gelu(2.0)
    [code] = [code for kinds, code in calls.inspect_llvm().items() if "Array" in repr(kinds[0])]
    assert "gf_call" in code
    assert "gf_gelu_f32" not in code


@pytest.mark.parametrize(
    ("name", "operands", "message"),
    [
        ("gelu", ["x"], "gelu_fast.numba.gelu takes arrays and numbers, but unicode_type"),
        ("gelu", [[1.0]], "gelu_fast.numba.gelu takes arrays and numbers, but reflected list"),
        ("gelu", [1j], "gelu_fast.numba.gelu does not take .complex128.: ufunc 'gelu' not"),
        ("gelu", [np.ones(3, np.int8)], "gelu_fast.numba.gelu computes .* in float16, which"),
    ],
)
@pytest.mark.filterwarnings("ignore::numba.NumbaPendingDeprecationWarning")
def test_operands_are_refused(name, operands, message):
    with pytest.raises(numba.TypingError, match=message):
        compiled(name)(*operands)


def test_a_wrong_number_of_operands_is_refused():
    function = gf.swish
    with pytest.raises(numba.TypingError, match="swish takes 2 operands, but 1 were given"):
        numba.njit(lambda x: function(x))(1.0)


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match="could not be broadcast together"):
        compiled("swish")(np.ones(3), np.ones(4))


def test_example():
    check_output(run(sys.executable, EXAMPLES / "with_numba.py"))
