"""gelu_fast.torch: the bits of the ufuncs for every function, dtype, layout and shape, the memory
formats of PyTorch's functions, and `out`."""

import threading

import numpy as np
import pytest
from support.bits import inputs, samples
from support.layouts import READABLE
from support.table import DTYPES, KINDS, NAMES, ROW

import gelu_fast

torch = pytest.importorskip("torch", reason="torch is not installed")

from support.tensors import assert_bits, bits_of, tensor  # noqa: E402
from torch.nn import functional as F  # noqa: E402

import gelu_fast.torch as gt  # noqa: E402


def operator(name):
    return getattr(torch.ops.gelu_fast, name)


def wanted(name, *operands):
    with np.errstate(all="ignore"):
        return getattr(gelu_fast, name)(*operands)


def check(name, *operands):
    """Both forms of a function have the bits of the ufunc."""
    tensors = [tensor(operand) for operand in operands]
    assert_bits(operator(name)(*tensors), wanted(name, *operands))
    assert_bits(getattr(gt, name)(*tensors), wanted(name, *operands))


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name, dtype):
    check(name, *inputs(ROW[name, dtype], 300))


def test_every_instruction_set(isa):
    check("gelu", samples(ROW["gelu", "float32"], 1000))


# ---- Shapes and strides


def readable(make):
    """PyTorch has neither negative strides nor strides of parts of an element, nor other byte
    orders."""
    x = make(np.arange(400, dtype=np.float32))
    return x.dtype.isnative and all(s >= 0 and s % x.itemsize == 0 for s in x.strides)


LAYOUTS = [name for name, make in READABLE.items() if readable(make)]


@pytest.mark.filterwarnings("ignore:The given NumPy array is not writable")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    values = samples(ROW["gelu", "float32"], 2000)
    check("gelu", READABLE[layout](values))


def views():
    x = torch.randn(2, 3, 4, 5)
    return {
        "contiguous": x,
        "channels last": x.to(memory_format=torch.channels_last),
        "channels last, one channel": x[:, :1].to(memory_format=torch.channels_last),
        "permuted": x.permute(3, 1, 0, 2),
        "every second": x[..., ::2],
        "every second, permuted": x[:, ::2].permute(2, 3, 0, 1),
        "expanded": x[:1].expand(6, 3, 4, 5),
        "expanded inside": x[..., :1].expand(2, 3, 4, 7),
        "one row": x[0, 0, 0],
        "0-d": x[0, 0, 0, 0],
        "empty": x[:0],
        "empty, permuted": x[:, :, :0].permute(3, 2, 1, 0),
        "channels last 3d": torch.randn(2, 3, 4, 5, 6).to(memory_format=torch.channels_last_3d),
    }


@pytest.mark.parametrize("view", views())
def test_memory_format(view):
    x = views()[view]
    assert gt.gelu(x).stride() == F.gelu(x).stride()
    assert_bits(gt.gelu(x), gelu_fast.gelu(x.numpy()))


@pytest.mark.parametrize("shape", [(2, 0, 3), (0, 3), (4, 3, 0)])
def test_memory_format_without_elements(shape):
    x, y = torch.randn(shape), torch.randn(shape[-1:])
    for each in x, x.mT, x.mT.contiguous().mT:
        other = y if each.shape[-1] == shape[-1] else y[:, None]
        assert gt.swiglu(each, other).stride() == (each + other).stride()
        assert gt.swiglu(other, each).stride() == (other + each).stride()


def fit(x, y):
    try:
        return bool(torch.broadcast_shapes(x.shape, y.shape))
    except RuntimeError:
        return False


PAIRS = [(a, b) for a, x in views().items() for b, y in views().items() if fit(x, y)]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_memory_format_of_two(first, second):
    """Two operands of the same shape, or one is broadcast."""
    x, y = views()[first], views()[second]
    assert gt.swiglu(x, y).stride() == (x + y).stride()
    assert_bits(gt.swiglu(x, y), gelu_fast.swiglu(x.numpy(), y.numpy()))
    part = x[..., :1] if x.dim() else x
    dgate, dup = gt.swiglu_backward(x, y, part)
    assert dgate.stride() == dup.stride() == torch.addcmul(x, y, part).stride()


SHAPES = [
    [(3, 4), (4,)],
    [(3, 1), (1, 4)],
    [(3, 1), (4,)],
    [(2, 3, 4), (3, 1)],
    [(), (5,)],
    [(), ()],
    [(0, 4), (1, 4)],
]


@pytest.mark.parametrize("shapes", SHAPES)
def test_broadcasting(shapes):
    check("swish", *(np.random.default_rng(0).normal(size=shape) for shape in shapes))


def test_shapes_that_do_not_fit():
    with pytest.raises(RuntimeError, match="sizes 3 and 4 of a dimension cannot be broadcast"):
        gt.geglu(torch.ones(3), torch.ones(4))


# ---- Dtypes


@pytest.mark.parametrize(
    "number", [2, -1.5, True, np.float32(1.5), np.float16(-2), np.float64(3), np.int64(2), -(2**14)]
)
def test_numbers(number):
    x = torch.tensor([-1.0, 2.0], dtype=torch.float16)
    assert_bits(gt.swish(x, number), gelu_fast.swish(x.numpy(), np.float16(number)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (torch.ones(2), torch.ones(2, dtype=torch.float64)),
        (torch.ones(2), torch.tensor(1.0, dtype=torch.float64)),
        (torch.ones(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.float16)),
        (torch.ones(2, dtype=torch.int32), torch.ones(2, dtype=torch.float16)),
        (torch.ones(2, dtype=torch.int32), torch.tensor(1.0, dtype=torch.bfloat16)),
    ],
)
def test_promotion(first, second):
    for x, y in [(first, second), (second, first)]:
        assert gt.geglu(x, y).dtype == (x * y).dtype


def test_autocast():
    """Autocast changes nothing, as for PyTorch's gelu."""
    x = torch.ones(3, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for each in (x, x.bfloat16(), x.half(), x @ x):
            assert gt.gelu(each).dtype == F.gelu(each).dtype == each.dtype


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: gt.gelu([1.0]),
            TypeError,
            "gelu takes tensors, and numbers beside them; got list",
        ),
        (lambda: gt.gelu(1.0), TypeError, "got float"),
        (lambda: gt.swish(1.0, 2.0), TypeError, "got float"),
        (lambda: gt.gelu(torch.ones(2, dtype=torch.int64)), TypeError, r"got torch\.int64"),
        (lambda: gt.gelu(torch.ones(2, dtype=torch.complex64)), TypeError, r"got torch\.complex64"),
        (lambda: gt.swiglu(torch.ones(2), torch.ones(2) * 1j), TypeError, r"torch\.complex64"),
        (lambda: gt.swiglu(torch.ones(2) * 1j, torch.ones(2)), TypeError, r"torch\.complex64"),
        (lambda: gt.swiglu(torch.ones(2), torch.tensor(1j)), TypeError, r"torch\.complex64"),
        (lambda: gt.swish(torch.ones(2), 1j), TypeError, "got complex"),
        (lambda: gt.swish(torch.ones(2), np.complex64(1)), TypeError, "got complex64"),
        (lambda: gt.swish(torch.ones(2), 10**400), ValueError, "numbers of float64"),
        (lambda: gt.gelu(torch.ones(2, dtype=torch.bool)), TypeError, r"got torch\.bool"),
        (lambda: gt.geglu(torch.ones(2)), TypeError, "takes 2 operands, but 1 were given"),
        (lambda: operator("gelu")(torch.ones(2).int()), RuntimeError, "must be float16"),
        (
            lambda: operator("geglu")(torch.ones(2), torch.ones(2).double()),
            RuntimeError,
            "one dtype",
        ),
    ],
)
def test_errors(call, error, text):
    with pytest.raises(error, match=text):
        call()


# ---- out


@pytest.mark.parametrize("name", KINDS)
def test_out(name):
    row = ROW[name, "float32"]
    operands = inputs(row, 100)
    tensors = [tensor(operand) for operand in operands]
    outs = [torch.empty(300)[::3] for _ in range(row.nout)]
    given = outs[0] if row.nout == 1 else tuple(outs)
    assert getattr(gt, name)(*tensors, out=given) is given
    assert_bits(given, wanted(name, *operands))


def test_out_is_an_operand():
    x = torch.randn(40, 50)
    want = gt.gelu(x)
    assert gt.gelu(x, out=x) is x
    torch.testing.assert_close(x, want, rtol=0, atol=0)


def test_out_overlaps():
    x = torch.randn(1001)
    want = gt.gelu(x[:-1])
    gt.gelu(x[:-1], out=x[1:])
    torch.testing.assert_close(x[1:], want, rtol=0, atol=0)
    with pytest.raises(RuntimeError, match="overlaps another tensor"):
        operator("gelu").out(x[:-1], out=x[1:])
    with pytest.raises(RuntimeError, match="or itself"):
        operator("gelu").out(x[:10], out=torch.empty(1).expand(10))
    dx = torch.empty(1000)
    with pytest.raises(RuntimeError, match="overlaps another tensor"):
        operator("geglu_backward").out(*[x[:-1]] * 3, dgate=dx, dup=dx)


def test_out_without_elements():
    out = torch.empty(0)
    gt.gelu(torch.ones(3, 4), out=out)
    assert out.shape == (3, 4)


def test_large_integer():
    x = torch.ones(2)
    assert torch.equal(gt.swish(x, 2**70), gt.swish(x, 2.0**70))


def negative():
    """A tensor that PyTorch keeps with the opposite sign in memory."""
    x = torch.tensor([1 + 2j, 3 - 1j]).conj().imag
    assert x.is_neg()
    return x


def test_out_of_opposite_sign():
    x, y = torch.tensor([1.0, -2.0]), negative()
    for function in gt.gelu, operator("gelu").out:
        z = negative()
        function(x, out=z)
        assert torch.equal(z, gt.gelu(x))
    gt.gelu(y, out=y)
    assert torch.equal(y, gt.gelu(negative().clone()))
    pair = negative(), negative()
    gt.swiglu_backward(x, x, x, out=pair)
    for got, want in zip(pair, gt.swiglu_backward(x, x, x), strict=True):
        assert torch.equal(got, want)
    assert torch.equal(gt.ReLU(inplace=True)(negative()), torch.relu(negative()))


def test_out_of_inference_mode():
    with torch.inference_mode():
        out = torch.zeros(2)
        assert gt.gelu(torch.ones(2), out=out) is out
    for function in gt.gelu, operator("gelu").out:
        with pytest.raises(RuntimeError, match="inference tensor outside InferenceMode"):
            function(torch.ones(2), out=out)


class Own(torch.Tensor):
    """A subclass, whose results PyTorch's functions return in the subclass."""


def test_subclasses_of_tensors():
    x = torch.ones(2)
    assert type(gt.gelu(x.as_subclass(Own))) is Own
    assert type(gt.swiglu(x, x.as_subclass(Own))) is Own
    assert torch.equal(gt.gelu(x, out=torch.empty(2).as_subclass(Own)), gt.gelu(x))


def test_out_counts_as_a_change():
    """PyTorch notices that a tensor which a derivative needs has changed."""
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    with torch.no_grad():
        gt.gelu(x.detach(), out=y.detach())
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


@pytest.mark.parametrize(
    ("out", "error", "text"),
    [
        (torch.empty(4), ValueError, r"out must have the shape \(3,\); got \(4,\)"),
        (torch.empty(3, dtype=torch.float64), TypeError, r"must be torch.float32"),
        ([torch.empty(3)] * 2, TypeError, "out must be a tensor; got list"),
        (np.empty(3), TypeError, "out must be a tensor; got ndarray"),
    ],
)
def test_wrong_out(out, error, text):
    with pytest.raises(error, match=text):
        gt.gelu(torch.ones(3), out=out)


# ---- Threads and devices


@pytest.mark.parametrize("shape", [(1_000_003,), (3, 70_001), (200_001, 3)])
def test_threads(shape):
    """The bits do not depend on PyTorch's number of threads, nor on this library's."""
    x = torch.randn(shape)[..., ::2]
    before = torch.get_num_threads()
    results = []
    for theirs, ours in [(1, 1), (2, 1), (3, 1), (2, 2)]:
        torch.set_num_threads(theirs)
        with gelu_fast.num_threads(ours):
            results.append(bits_of(gt.gelu(x)))
    torch.set_num_threads(before)
    for each in results[1:]:
        np.testing.assert_array_equal(each, results[0])


def test_python_threads():
    x = torch.randn(100_000)
    want, got = gt.gelu(x), {}
    threads = [threading.Thread(target=lambda k=k: got.update({k: gt.gelu(x)})) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(torch.equal(each, want) for each in got.values())
    assert len(got) == 4


def test_cuda_is_refused():
    """The kernel for CUDA tensors is called here without a device."""
    from gelu_fast.torch._registration import refuse

    for overload in ("gelu", "gelu.out"):
        assert torch._C._dispatch_has_kernel_for_dispatch_key(f"gelu_fast::{overload}", "CUDA")
    with pytest.raises(NotImplementedError, match=r"gelu_fast\.cuda computes CuPy arrays"):
        refuse(torch.empty(3, device="meta"))
    assert gt.gelu(torch.empty(3, device="meta")).device.type == "meta"
