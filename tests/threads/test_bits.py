"""Several threads give the bits of one, and leave the floating-point flags alone."""

import numpy as np
import pytest
from support.bits import assert_same_bits, bits, inputs, uint
from support.blocks import IN, feed_forward, gated, numbers
from support.layouts import misaligned, with_stride
from support.table import KINDS, ROW
from support.workers import HAS_TASKS, workers

import gelu_fast
from gelu_fast import num_threads
from gelu_fast._cli.command import main
from gelu_fast._core.dispatch import stream_from
from gelu_fast._core.threads import share_from

THREADS = 3


@pytest.fixture(autouse=True)
def always_shared():
    """Every call that may be split has all threads."""
    with share_from(0):
        yield
    assert not HAS_TASKS or workers()


def both(compute):
    """The results in one thread and in several."""
    with num_threads(1):
        want = compute()
    with num_threads(THREADS):
        return want, compute()


def assert_both_same(compute):
    want, got = both(compute)
    wants, gots = (r if isinstance(r, tuple) else (r,) for r in (want, got))
    for w, g in zip(wants, gots, strict=True):
        assert_same_bits(g, w)


def without_nan(x):
    """1 in place of NaN."""
    magnitude = bits(x) & np.iinfo(uint(x.dtype)).max // 2
    return np.where(magnitude > bits(np.array(np.inf, x.dtype)), x.dtype.type(1), x)


LAYOUTS = {
    "contiguous": lambda x: x,
    "misaligned": lambda x: misaligned(x, 2 * x.itemsize),
    "odd": lambda x: misaligned(x, 1),
    "every third": lambda x: with_stride(x, 3),
    "backwards": lambda x: with_stride(x, -1),
}
every_row = pytest.mark.parametrize(
    "each", [row for (name, _), row in ROW.items() if name in KINDS],
    ids=lambda row: f"{row.function}-{row.dtype}",
)  # fmt: skip


@every_row
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(each, isa, layout):
    ufunc, n = getattr(gelu_fast, each.function), 40_000 // np.dtype(each.dtype).itemsize
    args = [LAYOUTS[layout](x) for x in inputs(each, n)]
    assert_both_same(lambda: ufunc(*args))
    outs = [LAYOUTS[layout](np.empty(n, each.dtype)) for _ in range(ufunc.nout)]
    assert_both_same(lambda: tuple(out.copy() for out in call(ufunc, args, outs)))
    # Which of two NaNs a result is may depend on whether it is streamed (float16, AVX2 and scalar).
    args = [LAYOUTS[layout](without_nan(x)) for x in args]
    with stream_from(1):
        assert_both_same(lambda: tuple(out.copy() for out in call(ufunc, args, outs)))


def call(ufunc, args, outs):
    ufunc(*args, out=tuple(outs))
    return outs


@every_row
def test_in_place(each, isa):
    ufunc = getattr(gelu_fast, each.function)
    args = inputs(each, 40_000)

    def compute():
        copies = [x.copy() for x in args]
        ufunc(*copies, out=tuple(copies[: ufunc.nout]))
        return tuple(copies)

    assert_both_same(compute)


@every_row
@pytest.mark.parametrize("shift", [-1, 1, 5000])
def test_overlap(each, isa, shift):
    """NumPy copies such operands or relies on the order of the elements."""
    ufunc = getattr(gelu_fast, each.function)
    [x, *others] = inputs(each, 50_000)
    n = 40_000

    def compute():
        memory = x.copy()
        source = memory[shift:][:n] if shift > 0 else memory[:n]
        target = memory[:n] if shift > 0 else memory[-shift:][:n]
        rest = [y[:n] for y in others]
        ufunc(source, *rest, out=(target, *(np.empty_like(target) for _ in range(ufunc.nout - 1))))
        return memory

    assert_both_same(compute)


@pytest.mark.parametrize("method", ["reduce", "accumulate"])
@pytest.mark.parametrize("name", ["gelu_backward", "bias_gelu"])
def test_chains(isa, name, method):
    x = np.linspace(-1, 1, 20_000, dtype=np.float32)
    assert_both_same(lambda: np.asarray(getattr(getattr(gelu_fast, name), method)(x)))


def test_broadcast_and_matrices(isa):
    rng = np.random.default_rng(1)
    x, bias = rng.normal(size=(7, 9001)).astype(np.float32), np.float32(0.5)
    assert_both_same(lambda: gelu_fast.bias_gelu(x, bias))
    assert_both_same(lambda: gelu_fast.bias_gelu(x, x[0]))
    assert_both_same(lambda: gelu_fast.gelu(x.T))
    assert_both_same(lambda: gelu_fast.gelu(x, dtype=np.float64))
    assert_both_same(lambda: gelu_fast.gelu(x, where=x > 0, out=np.zeros_like(x)))


def test_interleaved_gates(isa):
    packed = np.random.default_rng(1).normal(size=(1, 60_000)).astype(np.float32)
    for name in ("swiglu_packed", "geglu_packed"):
        gate = getattr(gelu_fast, name)
        for order in ("gate-first", "interleaved"):
            assert_both_same(lambda gate=gate, order=order: gate(packed, order=order))


@pytest.mark.parametrize("n", [*range(16_000, 16_800, 97), 65_536, 100_003])
def test_lengths(n):
    x = np.linspace(-9, 9, n, dtype=np.float64)
    assert_both_same(lambda: gelu_fast.gelu(x))
    assert_both_same(lambda: gelu_fast.gelu(x[1:].astype(np.float16)))


# ---- What uses the ufuncs


@pytest.mark.parametrize("block", [feed_forward, gated])
def test_blocks(block):
    made, x = block(), numbers(1, 4000, IN)
    assert_both_same(lambda: made.forward(x))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
def test_lookup(dtype, isa):
    table = gelu_fast.quantized.table("gelu", 0.05, 3, 0.03, -5, np.int8)
    x = np.random.default_rng(1).integers(-128, 128, 200_003).astype(np.int8)
    lookup = gelu_fast.quantized.lookup
    assert_both_same(lambda: lookup(table, x).view(np.uint8).astype(np.float64))
    assert_both_same(lambda: lookup(table, x[::2]).astype(np.float64))
    want, got = both(lambda: lookup(table, x, x.copy()).tobytes())
    assert want == got


def test_apply(tmp_path):
    np.save(tmp_path / "x.npy", np.linspace(-9, 9, 300_001, dtype=np.float32))

    def compute():
        target = tmp_path / "y.npy"
        options = ["--function", "gelu", "--force"]
        assert main(["apply", str(tmp_path / "x.npy"), str(target), *options]) == 0
        return np.load(target)

    assert_both_same(compute)


# ---- Floating-point flags


def test_no_warnings():
    """Neither the caller's part nor the others set a flag that NumPy reads."""
    x = np.tile(np.float32([np.nan, np.inf, -np.inf, 1e-45, -1e-40, 3e38, -20, 1]), 8000)
    with np.errstate(all="raise"), num_threads(THREADS):
        for name in ("gelu", "gelu_tanh_grad", "erfc", "log_ndtr"):
            getattr(gelu_fast, name)(x)


def test_flags_of_numpy_are_kept():
    """A warning of another operation is still given, once threads have computed."""
    x = np.ones(50_000, np.float32)
    with num_threads(THREADS):
        gelu_fast.gelu(x)
        with pytest.warns(RuntimeWarning, match="divide by zero"):
            np.divide(x, 0)
