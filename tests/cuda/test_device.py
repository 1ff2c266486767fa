"""The kernels on a real CUDA device give the same bits as the ufuncs, whose errors are known. These
tests have the mark `gpu`; without CuPy and a device they are skipped with a message."""

import numpy as np
import pytest
from support.bits import arrays, assert_same, bits, inputs
from support.table import COMPOUNDS, ROWS

import gelu_fast
from gelu_fast import cuda
from gelu_fast._core.dispatch import force_isa

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not cuda.available(), reason="NO KERNEL RAN ON A GPU: there is none"),
]

ALL = [*ROWS, *COMPOUNDS]
IDS = [f"{row.function}-{row.dtype}" for row in ALL]
STEP = 61  # the tests take every STEP-th bit pattern of float32


@pytest.fixture
def cupy():
    return pytest.importorskip("cupy")


def call(row, args):
    """Takes NumPy arrays and returns the results as a tuple of NumPy arrays."""
    import cupy

    results = getattr(cuda, row.function)(*(cupy.asarray(x) for x in args))
    return tuple(cupy.asnumpy(y) for y in (results if row.nout == 2 else (results,)))


def assert_bits_of_the_cpu(row, args):
    """Compares with an instruction set that uses the same tables as the GPU."""
    __tracebackhide__ = True
    twins = ["avx512"] if row.dtype == "float64" else ["avx512", "scalar"]
    twins = [isa for isa in twins if isa in gelu_fast.available_isas()]
    assert twins, "no instruction set of this computer has these tables"
    got = call(row, args)
    with force_isa(twins[0]), np.errstate(all="ignore"):
        want = getattr(gelu_fast, row.function)(*args)
    assert_same(got, want if row.nout == 2 else (want,))


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_bits_of_the_cpu(row):
    """Returns all numbers of the 16-bit dtypes and every 61st float32 number for functions of one
    input, and otherwise 2 million inputs."""
    size = np.dtype(row.dtype).itemsize * 8
    if row.nin == 1 and size <= 32:
        step = STEP if size == 32 else 1
        args = (np.arange(0, 1 << size, step, dtype=np.uint64).astype(f"u{size // 8}"),)
        args = tuple(x.view(row.dtype) for x in args)
    else:
        args = arrays(row, 2_000_000) if row in COMPOUNDS else inputs(row, 2_000_000)
    assert_bits_of_the_cpu(row, args)


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_strided(row, cupy):
    args = arrays(row, 3_000) if row in COMPOUNDS else inputs(row, 3_000)
    want = call(row, args)
    there = [
        cupy.asarray(np.repeat(x, 3).reshape(-1, 30, 3)).transpose(1, 0, 2)[..., 1] for x in args
    ]
    got = getattr(cuda, row.function)(*there)
    got = [cupy.asnumpy(y) for y in (got if row.nout == 2 else (got,))]
    assert_same(got, [y.reshape(-1, 30).T for y in want])


def test_cupy_casts_and_copies(cupy):
    """Makes the calls that test_calls.py makes on the CPU."""
    x = np.arange(-20, 20)
    there = cupy.asarray(x)
    np.testing.assert_array_equal(cupy.asnumpy(gelu_fast.gelu(there)), gelu_fast.gelu(x))
    out = cupy.zeros(40, np.float64)
    cuda.gelu(there.astype(np.float32), out=out)
    want = gelu_fast.gelu(x.astype(np.float32)).astype(np.float64)
    np.testing.assert_array_equal(cupy.asnumpy(out), want)
    moved = cupy.linspace(-3, 3, 1001, dtype=np.float32)
    before = cupy.asnumpy(moved)
    cuda.gelu(moved[:-1], out=moved[1:])
    np.testing.assert_array_equal(cupy.asnumpy(moved[1:]), gelu_fast.gelu(before[:-1]))
    got = cuda.leaky_relu(cupy.asarray(before), 0.25)
    np.testing.assert_array_equal(cupy.asnumpy(got), gelu_fast.leaky_relu(before, 0.25))


def test_current_stream(cupy):
    """The kernel waits for the earlier work in the stream, and the call returns at once."""
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        x = cupy.full(1 << 28, 2, np.float32)
        for _ in range(50):
            cupy.multiply(x, 1, out=x)
        y = cuda.gelu(x)
        assert not stream.done  # the call has returned before the earlier work is done
        stream.synchronize()
    assert (y == gelu_fast.gelu(np.float32(2))).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_pytorch_tensors(cupy, dtype):
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("PyTorch has no CUDA here")
    x = torch.linspace(-5, 5, 1003, dtype=getattr(torch, dtype), device="cuda")
    out = torch.empty_like(x)
    assert cuda.gelu(x, out=out) is out
    again = cuda.gelu(x)
    assert isinstance(again, cupy.ndarray)
    torch.cuda.synchronize()
    want = torch.nn.functional.gelu(x.double())
    torch.testing.assert_close(out.double(), want, rtol=2.0**-7, atol=1e-5)
    in_bits = bits(cupy.asnumpy(again))
    there = out.view(torch.uint8).cpu().numpy().view(in_bits.dtype)
    np.testing.assert_array_equal(in_bits, there)
