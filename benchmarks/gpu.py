"""Times the kernels on a CUDA device, beside PyTorch and beside a copy from device to device.

    python benchmarks/gpu.py --output benchmarks/results/gpu.md

It writes tables of the bandwidth, its share of the copy's bandwidth, and the ratios to PyTorch. It
needs CuPy, and PyTorch for CUDA for the last column. CUDA events measure the times on the device; a
time is the median over rounds, and each round runs every contestant once, in a new random order.
The bandwidth counts each operand once, and a copy as one read and one write."""

import argparse
import random
import statistics
from pathlib import Path

import cupy
import numpy as np

import gelu_fast

try:
    import torch
    from torch.nn import functional
except ImportError:
    torch = functional = None

DTYPES = ["float32", "float16", "bfloat16", "float64"]
WIDTH = 4096  # elements in a row; a bias has one row
ROUNDS = 30


def peers():
    """Returns {function: (kinds of its operands, PyTorch's eager calls or None)}; x and y are
    arrays, and b is a row."""
    if torch is None:
        return dict.fromkeys(["gelu", "gelu_tanh", "silu"], ("x", None)) | {
            "geglu": ("xy", None), "swiglu": ("xy", None), "bias_gelu": ("xb", None),
            "gelu_backward": ("xy", None),
        }  # fmt: skip
    gelu, silu = functional.gelu, functional.silu
    return {
        "gelu": ("x", gelu),
        "gelu_tanh": ("x", lambda x: gelu(x, approximate="tanh")),
        "silu": ("x", silu),
        "gelu_backward": ("xy", torch.ops.aten.gelu_backward),
        "geglu": ("xy", lambda x, y: gelu(x) * y),
        "swiglu": ("xy", lambda x, y: silu(x) * y),
        "bias_gelu": ("xb", lambda x, b: gelu(x + b)),
    }


def operands(size, dtype):
    random = cupy.random.RandomState(1)
    rows = size // WIDTH
    x, y = (cast(random.standard_normal((rows, WIDTH), dtype=np.float32), dtype) for _ in range(2))
    return {"x": x, "y": y, "b": y[0].view(f"u{y.itemsize}").copy().view(y.dtype)}


def cast(x, dtype):
    """float32 numbers in a dtype; those of bfloat16 are cut, because CuPy may not round to it."""
    if dtype != "bfloat16":
        return cupy.asarray(x).astype(dtype)
    return (cupy.asarray(x).view(np.uint32) >> 16).astype(np.uint16).view(np.dtype(dtype))


def tensor(x):
    """A tensor of the same memory; DLPack may not know CuPy's bfloat16."""
    if x.dtype.name != "bfloat16":
        return torch.from_dlpack(x)
    return torch.from_dlpack(x.view(np.int16)).view(torch.bfloat16)


def contests(size, dtype):
    """Returns {name: (bytes moved, {contestant: call})}."""
    arrays = operands(size, dtype)
    out = cupy.empty_like(arrays["x"])
    size_in_bytes = out.nbytes
    copy = bind(out.data.copy_from_device_async, arrays["x"].data, size_in_bytes)
    made = {"copy": (2 * size_in_bytes, {"ours": copy})}
    tensors = {}
    if torch is not None:
        tensors = {name: tensor(x) for name, x in arrays.items()}
    for name, (kinds, peer) in peers().items():
        function, taken = getattr(gelu_fast.cuda, name), [arrays[kind] for kind in kinds]
        calls = {"ours": bind(function, *taken, out=out)}
        if peer is not None:
            calls["torch"] = bind(peer, *(tensors[kind] for kind in kinds))
        made[name] = (size_in_bytes + sum(x.nbytes for x in taken), calls)
    return made


def bind(function, *args, **kwargs):
    return lambda: function(*args, **kwargs)


def medians(calls):
    """Returns {name: median seconds on the device}."""
    stream = cupy.cuda.ExternalStream(torch.cuda.current_stream().cuda_stream) if torch else None
    stream = stream or cupy.cuda.Stream.null
    times, order = {name: [] for name in calls}, list(calls)
    shuffle = random.Random(1).shuffle
    with stream:
        for call in calls.values():  # the first call compiles
            call()
        for _ in range(ROUNDS):
            shuffle(order)
            for name in order:
                begin, end = cupy.cuda.Event(), cupy.cuda.Event()
                begin.record()
                calls[name]()
                end.record()
                end.synchronize()
                times[name].append(cupy.cuda.get_elapsed_time(begin, end) / 1e3)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def table(size, dtype):
    made = contests(size, dtype)
    calls = {(name, who): call for name, (_, both) in made.items() for who, call in both.items()}
    found = medians(calls)
    copy = made["copy"][0] / found["copy", "ours"]
    yield "| function | GB/s | share of the copy's GB/s | PyTorch's time / gelu_fast's |"
    yield "|---|---:|---:|---:|"
    for name, (moved, both) in made.items():
        speed = moved / found[name, "ours"]
        peer = f"{found[name, 'torch'] / found[name, 'ours']:.2f}" if "torch" in both else ""
        yield f"| {name} | {speed / 1e9:.0f} | {speed / copy:.1%} | {peer} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1 << 28, help="number of elements")
    parser.add_argument("--output", type=Path, help="file for the tables")
    arguments = parser.parse_args()
    device = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"].decode()
    version = f", PyTorch {torch.__version__}" if torch else ""
    lines = [
        "# On a GPU",
        "",
        f"{device}, CuPy {cupy.__version__}{version}, {arguments.size:,} elements; written by "
        "`python benchmarks/gpu.py --output benchmarks/results/gpu.md`.",
    ]
    for dtype in DTYPES:
        lines += ["", f"## {dtype}", "", *table(arguments.size, dtype)]
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.output:
        arguments.output.write_text(text)


if __name__ == "__main__":
    main()
