"""Times gelu in frameworks, beside what they have themselves, on normal(0, 2) data.

    python benchmarks/hosts.py onnxruntime [--threads 1 2] [--sizes 1024 1000000] [--dtypes float32]

A host is a function below. It takes a dtype, a size and a number of threads, and returns
{name: call}; the first call is gelu_fast's. The times are medians over interleaved rounds. The
ratio is that of the first time to each other.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

import numpy as np  # noqa: E402
from common.inputs import DTYPES, aligned, normal  # noqa: E402
from common.timing import interleaved, quartiles  # noqa: E402
from reports.report import cpu_name  # noqa: E402

import gelu_fast  # noqa: E402

SIZES = [2**10, 2**13, 2**17, 10**6, 10**7]
PAUSE = 5e-3  # seconds; threads of frameworks wait for work for a few milliseconds


def onnxruntime(dtype, n, threads):
    """The custom operator and the built-in one, which write to memory that is given to them."""
    import onnx
    import onnxruntime as ort
    from onnx import helper

    from gelu_fast.onnx import get_library_path

    kind = helper.np_dtype_to_tensor_dtype(dtype)
    x, out = normal(n, dtype), aligned(n, dtype)

    def call(domain, operator):
        x_info, y_info = (helper.make_tensor_value_info(name, kind, ["n"]) for name in "xy")
        node = helper.make_node(operator, ["x"], ["y"], domain=domain)
        graph = helper.make_graph([node], "gelu", [x_info], [y_info])
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("gelu_fast", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        onnx.checker.check_model(model)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.register_custom_ops_library(get_library_path())
        session = ort.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        binding = session.io_binding()
        binding.bind_input("x", "cpu", 0, kind, x.shape, x.ctypes.data)
        binding.bind_output("y", "cpu", 0, kind, out.shape, out.ctypes.data)
        return lambda: session.run_with_iobinding(binding)

    calls = {"gelu_fast.gelu": call("gelu_fast", "gelu")}
    try:
        calls["Gelu"] = call("", "Gelu")
    except ort.capi.onnxruntime_pybind11_state.NotImplemented:
        pass  # it has no kernel for this dtype
    return {**calls, "ufunc": ufunc(x, out, threads)}


def jax(dtype, n, threads):
    """Compiled functions, which allocate their results. XLA has a thread for each CPU of the
    process (taskset), and all compute in those; `threads` are those of the ufunc."""
    from jax import jit

    x, functions = jax_functions(dtype, n)
    calls = {name: jax_call(jit(f), x) for name, f in functions.items()}
    return {**calls, "ufunc": ufunc(np.asarray(x), aligned(n, dtype), threads)}


def jax_gradient(dtype, n, threads):
    """The value and the gradient of the sum of gelu(x) dy."""
    from jax import jit, value_and_grad

    x, functions = jax_functions(dtype, n)

    def gradient(function):
        return jit(value_and_grad(lambda x: (function(x) * x).sum()))

    return {name: jax_call(gradient(f), x) for name, f in functions.items()}


def jax_functions(dtype, n):
    from jax import config, nn, numpy

    import gelu_fast.jax as gf

    config.update("jax_enable_x64", True)
    return numpy.asarray(normal(n, dtype)), {
        "gelu_fast.jax.gelu": gf.gelu,
        "jax.nn.gelu, erf": lambda x: nn.gelu(x, approximate=False),
        "jax.nn.gelu, tanh": nn.gelu,
    }


def jax_call(function, x):
    from jax import block_until_ready

    return lambda: block_until_ready(function(x))


def ufunc(x, out, threads):
    def call():
        gelu_fast.set_num_threads(threads)
        gelu_fast.gelu(x, out)
        gelu_fast.set_num_threads(1)

    return call


def pytorch(dtype, n, threads, training=False):
    """The function, the operator and PyTorch's function, each of which makes a new tensor."""
    import torch

    import gelu_fast.torch

    torch.set_num_threads(threads)
    x = torch.from_numpy(normal(n, np.dtype(np.float32))).to(getattr(torch, dtype.name))
    calls = {
        "gelu_fast.torch.gelu": gelu_fast.torch.gelu,
        "torch.ops.gelu_fast.gelu": torch.ops.gelu_fast.gelu,
        "F.gelu": torch.nn.functional.gelu,
    }
    if not training:
        return {name: lambda call=call: call(x) for name, call in calls.items()}
    x.requires_grad_()
    dy = torch.ones_like(x)
    return {
        name: lambda call=call: torch.autograd.grad(call(x), x, dy) for name, call in calls.items()
    }


def pytorch_training(dtype, n, threads):
    """The same, forward and backward."""
    return pytorch(dtype, n, threads, training=True)


HOSTS = {
    host.__name__: host for host in (onnxruntime, pytorch, pytorch_training, jax, jax_gradient)
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("host", choices=HOSTS)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--dtypes", nargs="+", choices=DTYPES, default=DTYPES)
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each line")
    arguments = parser.parse_args()
    print(f"{cpu_name()}, {gelu_fast.isa()}; microseconds (ratio)")
    for dtype in map(np.dtype, arguments.dtypes):
        for threads in arguments.threads:
            for n in arguments.sizes:
                calls = HOSTS[arguments.host](dtype, n, threads)
                times = interleaved(calls, arguments.seconds, pause=PAUSE)
                medians = {name: 1e6 * quartiles(taken)[1] for name, taken in times.items()}
                ours = next(iter(medians.values()))
                cells = [f"{name} {us:.1f} ({ours / us:.2f})" for name, us in medians.items()]
                print(f"{dtype}, threads {threads}, {n:9}: ", ", ".join(cells), flush=True)


if __name__ == "__main__":
    main()
