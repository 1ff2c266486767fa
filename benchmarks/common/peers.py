"""The contestants of compare.py, one small class for each.

`prepare(function, x, out)` returns a callable that computes the function of the array x into the
array out once, or raises Unsupported. For a function of (dy, x), dy is 1. Both arrays are
one-dimensional, of one dtype, contiguous and aligned to 64 bytes. `prepare` does all work that a
library allows to do in advance, so the callable takes the time from the call to the finished
result, in the caller's thread.
"""

import ctypes
from importlib import metadata
from pathlib import Path
from typing import ClassVar

import numpy as np
from common import rational

import gelu_fast

MODELS = Path(__file__).resolve().parent / "models"


class Unsupported(Exception):
    """The peer is installed but lacks this function or dtype."""


class Peer:
    """A contestant. The constructor raises ImportError if the library is not installed."""

    name = version = ""
    yardstick = False  # whether it computes something else and only shows the scale
    follows_isa = True  # whether it can be limited to the instruction set of gelu_fast
    functions: ClassVar = {}

    def function(self, name):
        if name not in self.functions:
            raise Unsupported(f"no {name}")
        return self.functions[name]

    def prepare(self, function, x, out):
        raise NotImplementedError

    def finish(self):
        """Copies the result of the last prepared call to its `out`, if it is elsewhere. The time of
        this does not count."""


class Ours(Peer):
    name = "gelu_fast"
    version = gelu_fast.__version__

    def prepare(self, function, x, out):
        ufunc = getattr(gelu_fast, function)
        if ufunc.nin == 1:
            return lambda: ufunc(x, out)
        ones = np.ones_like(x)
        return lambda: ufunc(ones, x, out)


class LiteRT(Peer):
    """Computes in its own tensors: `prepare` copies x to the input, and the result stays in the
    output until `finish`."""

    name = "LiteRT"
    follows_isa = False
    functions: ClassVar = {"gelu": "gelu_erf.tflite", "gelu_tanh": "gelu_tanh.tflite"}

    def __init__(self):
        import ai_edge_litert
        from ai_edge_litert.interpreter import Interpreter

        self.interpreter = Interpreter
        self.version = ai_edge_litert.__version__

    def prepare(self, function, x, out):
        model = str(MODELS / self.function(function))
        if x.dtype != np.float32:
            raise Unsupported(f"no {x.dtype} in the model")
        interpreter = self.interpreter(model, num_threads=1)
        source, target = (
            details[0]["index"]
            for details in (interpreter.get_input_details(), interpreter.get_output_details())
        )
        interpreter.resize_tensor_input(source, [x.size])
        interpreter.allocate_tensors()
        interpreter.set_tensor(source, x)
        self.finish = lambda: np.copyto(out, interpreter.get_tensor(target))
        return interpreter.invoke


class PyTorch(Peer):
    name = "PyTorch"

    def __init__(self):
        import torch

        torch.set_num_threads(1)
        self.torch = torch
        self.version = torch.__version__
        gelu, backward = torch._C._nn.gelu, torch.ops.aten.gelu_backward.grad_input

        def gradient(approximate):
            def run(x, out):
                ones = torch.ones_like(x)
                return lambda: backward(ones, x, approximate=approximate, grad_input=out)

            return run

        def forward(function, **options):
            return lambda x, out: lambda: function(x, out=out, **options)

        self.functions = {
            "gelu": forward(gelu, approximate="none"),
            "gelu_tanh": forward(gelu, approximate="tanh"),
            "gelu_grad": gradient("none"),  # it also reads the incoming gradient, a second array
            "gelu_tanh_grad": gradient("tanh"),
            "gelu_backward": gradient("none"),
            "gelu_tanh_backward": gradient("tanh"),
            "erf": forward(torch.special.erf),
            "erfc": forward(torch.special.erfc),
            "ndtr": forward(torch.special.ndtr),
            "log_ndtr": forward(torch.special.log_ndtr),
            "tanh": forward(torch.tanh),
            "sigmoid": forward(torch.sigmoid),
            "silu": forward(torch.ops.aten.silu.out),
        }

    def tensor(self, array):
        if array.dtype.name == "bfloat16":
            return self.torch.from_numpy(array.view(np.int16)).view(self.torch.bfloat16)
        return self.torch.from_numpy(array)

    def prepare(self, function, x, out):
        return self.function(function)(self.tensor(x), self.tensor(out))


class ONNXRuntime(Peer):
    """A model of one operation (opset 20), bound to the memory of x and out."""

    name = "ONNX Runtime"
    follows_isa = False
    functions: ClassVar = {
        "gelu": ("Gelu", {"approximate": "none"}),
        "gelu_tanh": ("Gelu", {"approximate": "tanh"}),
        "erf": ("Erf", {}),
        "tanh": ("Tanh", {}),
        "sigmoid": ("Sigmoid", {}),
    }

    def __init__(self):
        import onnx
        import onnxruntime

        self.onnx, self.runtime = onnx, onnxruntime
        self.version = onnxruntime.__version__

    def prepare(self, function, x, out):
        operation, attributes = self.function(function)
        onnx, helper = self.onnx, self.onnx.helper
        element_type = onnx.TensorProto.DataType.Value(
            {"float16": "FLOAT16", "float32": "FLOAT", "float64": "DOUBLE", "bfloat16": "BFLOAT16"}[
                x.dtype.name
            ]
        )
        tensors = [helper.make_tensor_value_info(name, element_type, ["n"]) for name in "xy"]
        node = helper.make_node(operation, ["x"], ["y"], **attributes)
        graph = helper.make_graph([node], function, tensors[:1], tensors[1:])
        opset = [helper.make_opsetid("", 20)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=9)
        options = self.runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            session = self.runtime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            if "NOT_IMPLEMENTED" not in str(error):
                raise
            raise Unsupported(f"no {function} in {x.dtype}") from error
        binding = session.io_binding()
        binding.bind_input("x", "cpu", 0, element_type, x.shape, x.ctypes.data)
        binding.bind_output("y", "cpu", 0, element_type, out.shape, out.ctypes.data)
        return lambda: session.run_with_iobinding(binding)


class MKL(Peer):
    """The vector mathematics of MKL, which keeps subnormal numbers here."""

    modes: ClassVar = {"VML_HA": 0x2, "VML_LA": 0x1}  # high and low accuracy
    functions: ClassVar = {"erf": "Erf", "erfc": "Erfc", "ndtr": "CdfNorm", "tanh": "Tanh"}
    prefixes: ClassVar = {"float32": "vms", "float64": "vmd"}

    def __init__(self, mode):
        self.name = f"MKL {mode}"
        self.mode = self.modes[mode] | 0x140000 | 0x100  # VML_FTZDAZ_OFF, VML_ERRMODE_IGNORE
        package = metadata.distribution("mkl")
        self.version = package.version
        [library] = [file for file in package.files if "mkl_rt" in file.name]
        self.library = ctypes.CDLL(str(library.locate()))

    def prepare(self, function, x, out):
        name = self.function(function)
        if x.dtype.name not in self.prefixes:
            raise Unsupported(f"no {x.dtype}")
        compute = getattr(self.library, self.prefixes[x.dtype.name] + name)
        arguments = (
            ctypes.c_int(x.size),
            ctypes.c_void_p(x.ctypes.data),
            ctypes.c_void_p(out.ctypes.data),
            ctypes.c_int64(self.mode),
        )
        return lambda: compute(*arguments)


class Rational(Peer):
    """A loop of our own, which shows how fast one can be that is wrong in the left tail."""

    name = "rational yardstick"
    functions: ClassVar = rational.FUNCTIONS

    def __init__(self):
        rational.compiler()

    def prepare(self, function, x, out):
        self.function(function)
        if x.dtype != np.float32:
            raise Unsupported(f"no {x.dtype}")
        if gelu_fast.isa() not in rational.ISA_FLAGS:
            raise Unsupported(f"no loop for {gelu_fast.isa()}")
        compute = rational.loop(function, gelu_fast.isa())
        arguments = (
            ctypes.c_void_p(x.ctypes.data),
            ctypes.c_void_p(out.ctypes.data),
            ctypes.c_size_t(x.size),
        )
        return lambda: compute(*arguments)


class SciPy(Peer):
    name = "SciPy"

    def __init__(self):
        import scipy
        from scipy import special

        self.version = scipy.__version__

        def gelu(x, out):
            special.ndtr(x, out)
            np.multiply(x, out, out)

        self.functions = {
            "gelu": gelu,
            "erf": special.erf,
            "erfc": special.erfc,
            "ndtr": special.ndtr,
            "log_ndtr": special.log_ndtr,
            "sigmoid": special.expit,
        }

    def prepare(self, function, x, out):
        compute = self.function(function)
        if x.dtype.name not in ("float32", "float64"):
            raise Unsupported(f"no {x.dtype}")
        return lambda: compute(x, out)


class NumPyExpression(Peer):
    """The expression that NumPy users commonly write, with its temporary arrays. The last operation
    writes into out."""

    name = "NumPy expression"
    version = np.__version__

    def gelu_tanh(x, out):
        inner = x.dtype.type(np.sqrt(2 / np.pi)) * (x + x.dtype.type(0.044715) * x * x * x)
        half = x.dtype.type(0.5)
        np.multiply(half * x, 1 + np.tanh(inner), out)

    def sigmoid(x, out):
        np.divide(1, 1 + np.exp(-x), out)

    functions: ClassVar = {"gelu_tanh": gelu_tanh, "sigmoid": sigmoid}

    def prepare(self, function, x, out):
        compute = self.function(function)
        return lambda: compute(x, out)


class NumPy(Peer):
    """A function of NumPy: a contestant if it is the same function, otherwise a yardstick."""

    version = np.__version__

    def __init__(self, ufunc):
        self.ufunc = ufunc
        self.name = f"np.{ufunc.__name__}"

    def prepare(self, function, x, out):
        self.yardstick = function != self.ufunc.__name__
        return lambda: self.ufunc(x, out)


class Copy(Peer):
    """A copy, which is the limit of the hardware: it reads and writes every element once."""

    name = "np.copyto"
    version = np.__version__
    yardstick = True

    def prepare(self, function, x, out):
        return lambda: np.copyto(out, x)


CONTESTANTS = {
    Ours.name: Ours,
    LiteRT.name: LiteRT,
    PyTorch.name: PyTorch,
    ONNXRuntime.name: ONNXRuntime,
    "MKL VML_HA": lambda: MKL("VML_HA"),
    "MKL VML_LA": lambda: MKL("VML_LA"),
    SciPy.name: SciPy,
    NumPyExpression.name: NumPyExpression,
    "np.tanh": lambda: NumPy(np.tanh),
    "np.exp": lambda: NumPy(np.exp),
    Rational.name: Rational,
    Copy.name: Copy,
}


def assemble(names):
    """Returns (the installed peers of these names, {name: reason} for the others)."""
    peers, absent = [], {}
    for name in names:
        try:
            peers.append(CONTESTANTS[name]())
        except ImportError as error:
            absent[name] = f"not installed ({error.name})" if error.name else "not installed"
    return peers, absent
