"""The operators of gelu_fast.onnx in ONNX Runtime: the bits of the ufuncs for every function, dtype
and shape; the threads of the session; errors that name the operator."""

import ctypes
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from support import ROOT
from support.bits import arrays, assert_same, assert_same_bits, inputs, samples
from support.hosts import run_python
from support.table import DTYPES, KINDS, NAMES, ROW

import gelu_fast
from gelu_fast.onnx import get_library_path

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
ort = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from onnx import helper  # noqa: E402
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument  # noqa: E402

KIND = {
    "float16": onnx.TensorProto.FLOAT16,
    "bfloat16": onnx.TensorProto.BFLOAT16,
    "float32": onnx.TensorProto.FLOAT,
    "float64": onnx.TensorProto.DOUBLE,
}


def session(nodes, operands, outputs, threads=1, **entries):
    """A session of a model. operands: {name: (dtype, shape)}, where a shape may be None. The types
    and shapes of outputs are inferred."""
    infos = [helper.make_tensor_value_info(k, KIND[d], s) for k, (d, s) in operands.items()]
    results = [helper.make_empty_tensor_value_info(name) for name in outputs]
    graph = helper.make_graph(nodes, "test", infos, results)
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("gelu_fast", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    for name, value in entries.items():
        options.add_session_config_entry(f"session.{name}", value)
    options.register_custom_ops_library(get_library_path())
    providers = ["CPUExecutionProvider"]
    return ort.InferenceSession(model.SerializeToString(), options, providers=providers)


def node(operator, operands, outputs):
    return helper.make_node(operator, operands, outputs, domain="gelu_fast")


@cache
def one_node(name, dtype, threads=1, **entries):
    """A session of one operator, whose operands may have any shape."""
    row = ROW[name, dtype]
    outputs = [f"out_{k}" for k in range(row.nout)]
    operands = dict.fromkeys(row.inputs, (dtype, None))
    return session([node(name, row.inputs, outputs)], operands, outputs, threads, **entries)


def computed(session, operands, shapes):
    """The outputs of a session, which have these shapes, as arrays of the dtype of the operands;
    ONNX Runtime itself does not convert bfloat16 to arrays."""
    dtype = next(iter(operands.values())).dtype
    binding = session.io_binding()
    operands = {name: np.ascontiguousarray(x).reshape(x.shape) for name, x in operands.items()}
    for name, x in operands.items():
        binding.bind_input(name, "cpu", 0, KIND[dtype.name], x.shape, x.ctypes.data)
    found = [np.empty(shape, dtype) for shape in shapes]
    for out, y in zip(session.get_outputs(), found, strict=True):
        binding.bind_output(out.name, "cpu", 0, KIND[dtype.name], y.shape, y.ctypes.data)
    session.run_with_iobinding(binding)
    return found


def results(name, *operands):
    """What the ufunc returns, as a list."""
    with np.errstate(all="ignore"):
        found = getattr(gelu_fast, name)(*operands)
    return [np.asarray(y) for y in (found if isinstance(found, tuple) else (found,))]


def check(name, *operands, same=assert_same_bits, **options):
    """An operator returns the bits and shapes of the ufunc's results."""
    row = ROW[name, operands[0].dtype.name]
    wanted = results(name, *operands)
    made = one_node(name, row.dtype, **options)
    got = computed(made, dict(zip(row.inputs, operands, strict=True)), [y.shape for y in wanted])
    for a, b in zip(got, wanted, strict=True):
        same(a, b) if same is assert_same_bits else same([a], [b])


# ---- Results


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_function(dtype):
    """One model with all operators."""
    rows = [ROW[name, dtype] for name in sorted(NAMES)]
    nodes, operands, outputs, wanted = [], {}, [], []
    for row in rows:
        names = [f"{row.function}_{name}" for name in row.inputs]
        results_of = [f"{row.function}_out_{name}" for name in row.outputs]
        nodes.append(node(row.function, names, results_of))
        operands.update(zip(names, inputs(row, 300), strict=True))
        outputs += results_of
        wanted += results(row.function, *inputs(row, 300))
    made = session(nodes, {name: (dtype, ["n"]) for name in operands}, outputs)
    got = computed(made, operands, [(300,)] * len(outputs))
    for y, want in zip(got, wanted, strict=True):
        assert_same_bits(y, want)


def test_every_instruction_set(isa):
    check("gelu", samples(ROW["gelu", "float32"], 1000))


def test_left_tail():
    x = np.array([-np.inf, -14, -4, np.inf], np.float32)
    [y] = one_node("gelu", "float32").run(None, {"x": x})
    np.testing.assert_array_equal(y, np.float32([-0.0, -1.0930128e-43, -1.2668497e-04, np.inf]))
    assert np.signbit(y[0])


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("name", KINDS)
def test_in_parts(name, threads):
    """An array that is computed in parts; of two NaNs, either may be the result."""
    for dtype in DTYPES:
        check(name, *arrays(ROW[name, dtype], 200_003), same=assert_same, threads=threads)


@pytest.mark.parametrize("dtype", DTYPES)
def test_flush_mode_of_the_session(dtype):
    """A session may compute with subnormal numbers as zeros; these operators do not."""
    check("gelu", samples(ROW["gelu", dtype], 2000), set_denormal_as_zero="1")
    check("gelu", samples(ROW["gelu", dtype], 200_000), set_denormal_as_zero="1", threads=2)


def shaped(row, shape, seed=0):
    size = int(np.prod(shape))
    return samples(row, max(size, 1), seed)[:size].reshape(shape)


SHAPES = [
    [(3, 5, 7), (7,)],
    [(7,), (3, 5, 7)],
    [(3, 1, 7), (5, 1)],
    [(2, 3, 1, 5), (1, 4, 5)],
    [(4, 1), (1, 6)],
    [(3, 5), ()],
    [(), (3, 5)],
    [(), ()],
    [(1,), (1, 1)],
    [(0,), (1,)],
    [(2, 0, 3), (3,)],
    [(300, 257), (257,)],
    [(300, 257), (300, 1)],
    [(100, 3, 100), (1, 3, 1)],
    [(2,) * 12, (2, 1) * 6],
]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", ["bias_gelu", "gelu_backward"])
def test_broadcasting(name, threads):
    for dtype in DTYPES:
        for shapes in SHAPES:
            operands = [
                shaped(ROW[name, dtype], *pair) for pair in zip(shapes, (0, 1), strict=True)
            ]
            check(name, *operands, same=assert_same, threads=threads)


def test_broadcasting_three_operands():
    dy, gate, up = inputs(ROW["geglu_backward", "float32"], 60)
    operands = dy.reshape(3, 4, 5), gate[:5], up[:4].reshape(4, 1)
    check("geglu_backward", *operands, same=assert_same)


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 0, 2), (2, 3), (1,) * 32])
def test_dynamic_shapes(shape):
    """One session takes any shape."""
    check("gelu", shaped(ROW["gelu", "float64"], shape))


def test_memory_of_an_input_is_reused():
    """ONNX Runtime lets the operator write its result over an input that is not needed later."""
    x = samples(ROW["silu", "float32"], 5000)
    chain = ["silu", "gelu", "mish", "gelu", "softplus"]
    nodes = [node(name, [f"t{k}"], [f"t{k + 1}"]) for k, name in enumerate(chain)]
    nodes.append(node("geglu_backward", ["t5", "t1", "t5"], ["first", "second"]))
    made = session(nodes, {"t0": ("float32", ["n"])}, ["first", "second"])
    values = [x]
    for name in chain:
        values += results(name, values[-1])
    wanted = results("geglu_backward", values[5], values[1], values[5])
    assert_same(computed(made, {"t0": x}, [x.shape] * 2), wanted)


def test_calls_from_several_threads():
    x = samples(ROW["gelu", "float32"], 100_000)
    made, [wanted] = one_node("gelu", "float32", threads=2), results("gelu", x)
    with ThreadPoolExecutor(4) as pool:
        for [y] in pool.map(lambda _: made.run(None, {"x": x}), range(40)):
            assert_same_bits(y, wanted)


def test_many_sessions():
    x = samples(ROW["gelu", "float32"], 10)
    for _ in range(5):
        made = session([node("gelu", ["x"], ["y"])], {"x": ("float32", ["n"])}, ["y"])
        assert_same_bits(made.run(None, {"x": x})[0], gelu_fast.gelu(x))
        del made


# ---- Threads

THREADS = """
import os, time
import numpy as np, onnx, onnxruntime as ort, gelu_fast
from onnx import helper
from gelu_fast.onnx import get_library_path

def tasks():
    return {int(task) for task in os.listdir("/proc/self/task")}

def cpu_time(task):
    words = open(f"/proc/self/task/{task}/stat").read().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])

gelu_fast.set_num_threads(4)  # not for sessions
info = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n"]) for name in "xy"]
node = helper.make_node("gelu", ["x"], ["y"], domain="gelu_fast")
graph = helper.make_graph([node], "test", info[:1], info[1:])
opsets = [helper.make_opsetid("", 20), helper.make_opsetid("gelu_fast", 1)]
model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
options = ort.SessionOptions()
options.intra_op_num_threads = THREADS
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
options.register_custom_ops_library(get_library_path())
before = tasks()
providers = ["CPUExecutionProvider"]
session = ort.InferenceSession(model.SerializeToString(), options, providers=providers)
workers = tasks() - before
x = np.ones(4_000_000, np.float32)
end = time.monotonic() + 60
while True:
    session.run(None, {"x": x})
    if time.process_time() > 1 and all(map(cpu_time, workers)) or time.monotonic() > end:
        break
print(len(workers), len(tasks() - before), sum(map(bool, map(cpu_time, workers))))
"""


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_of_the_session(threads):
    """The operators compute in the threads of the session, all of them, and in no others."""
    printed = run_python(THREADS.replace("THREADS", str(threads)))
    assert printed.split() == [str(threads - 1)] * 3


# ---- Shapes and dtypes before a call


def inferred(name, *shapes):
    row = ROW[name, "float32"]
    outputs = [f"out_{k}" for k in range(row.nout)]
    operands = {k: ("float32", shape) for k, shape in zip(row.inputs, shapes, strict=True)}
    return session([node(name, row.inputs, outputs)], operands, outputs).get_outputs()


@pytest.mark.parametrize(
    ("name", "shapes", "wanted"),
    [
        ("gelu", [["batch", 3]], ["batch", 3]),
        ("gelu", [[0, 3]], [0, 3]),
        ("bias_gelu", [["batch", "tokens", 7], [7]], ["batch", "tokens", 7]),
        ("bias_gelu", [["features"], ["batch", "features"]], ["batch", "features"]),
        ("bias_gelu", [["batch", 1], [1, "features"]], ["batch", "features"]),
        ("bias_gelu", [["batch", "m"], [5]], ["batch", 5]),
        ("geglu_backward", [["n", 3], ["n", 3], [3]], ["n", 3]),
    ],
)
def test_inferred_shapes(name, shapes, wanted):
    for output in inferred(name, *shapes):
        assert output.shape == wanted
        assert output.type == "tensor(float)"


@pytest.mark.parametrize("shapes", [[["m"], ["n"]], [[None], [None]]])
def test_unknown_lengths(shapes):
    """A length that is unknown gets a name that no other has."""
    names = {inferred("bias_gelu", *shapes)[0].shape[0] for _ in range(2)}
    assert len(names) == 2
    assert all(isinstance(name, str) and name not in "mn" for name in names)


def test_unknown_dimensions():
    """Nothing is inferred from an operand whose number of dimensions is unknown."""
    nodes = [node("gelu", ["x"], ["y"]), helper.make_node("Shape", ["y"], ["shape"])]
    made = session(nodes, {"x": ("float32", None)}, ["shape"])
    assert made.run(None, {"x": np.ones((2, 3), np.float32)})[0].tolist() == [2, 3]


# ---- Errors


def test_shapes_that_do_not_fit():
    x, b = np.ones((2, 3), np.float32), np.ones(4, np.float32)
    message = "bias_gelu: operands could not be broadcast together with shapes (2,3) (4,)"
    with pytest.raises(InvalidArgument, match=re.escape(f"gelu_fast.{message}")):
        one_node("bias_gelu", "float32").run(None, {"x": x, "b": b})


def test_too_many_dimensions():
    x = np.ones((1,) * 33, np.float32)
    message = r"gelu_fast\.gelu: an operand has 33 dimensions, but at most 32 are allowed"
    with pytest.raises(InvalidArgument, match=message):
        one_node("gelu", "float32").run(None, {"x": x})


def test_other_dtypes(monkeypatch):
    monkeypatch.setitem(KIND, "int32", onnx.TensorProto.INT32)
    with pytest.raises(Exception, match=r"int32.*\(gelu\)"):
        session([node("gelu", ["x"], ["y"])], {"x": ("int32", ["n"])}, ["y"])


def test_two_dtypes():
    operands = {"x": ("float32", ["n"]), "b": ("float64", ["n"])}
    with pytest.raises(Exception, match=r"bias_gelu"):
        session([node("bias_gelu", ["x", "b"], ["y"])], operands, ["y"])


def test_number_of_operands():
    with pytest.raises(Exception, match=r"gelu_fast::gelu.*input size 2"):
        session([node("gelu", ["x", "x"], ["y"])], {"x": ("float32", ["n"])}, ["y"])


def test_unused_output():
    operands = dict.fromkeys(("dy", "gate", "up"), ("float32", ["n"]))
    with pytest.raises(Exception, match=r"geglu_backward.*output 1 "):
        session([node("geglu_backward", list(operands), ["first", ""])], operands, ["first"])


# ---- Other versions of ONNX Runtime, of which a test only makes what the library looks at

MESSAGE = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p)
CODE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
API = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_uint32)
VERSION = ctypes.CFUNCTYPE(ctypes.c_void_p)


def table_of(*functions):
    addresses = [ctypes.cast(function, ctypes.c_void_p).value for function in functions]
    return (ctypes.c_void_p * len(functions))(*addresses)


def refusals(version, newest):
    """What the library returns to this version of ONNX Runtime, whose interface has the version
    `newest` and other functions, and the messages of its errors."""
    said, text = [], ctypes.create_string_buffer(version)
    create = MESSAGE(lambda code, text: said.append(text.decode()) or 1)
    other = CODE(lambda pointer: 0)
    table = table_of(create, *[other] * 300)
    get_api = API(lambda number: ctypes.addressof(table) if number <= newest else None)
    get_version = VERSION(lambda: ctypes.addressof(text))
    base = table_of(get_api, get_version)
    library = ctypes.CDLL(get_library_path())
    library.RegisterCustomOps.restype = ctypes.c_void_p
    returned = library.RegisterCustomOps(None, base)
    return returned, [text for text in said if text.startswith("gelu_fast ")]


@pytest.mark.parametrize(
    ("version", "newest", "why"),
    [
        (b"1.17.3", 17, "this is 1.17.3"),
        (b"2.0.0", 40, "this is 2.0.0"),
        (b"new", 40, "this is new"),
        (b"1.23.0", 17, "this is 1.23.0, whose interface is another"),
        (b"1.23.0", 23, "this is 1.23.0, whose interface is another"),
    ],
)
def test_other_versions(version, newest, why):
    returned, said = refusals(version, newest)
    assert returned == 1
    assert said == [f"gelu_fast needs ONNX Runtime 1.18 or newer of series 1; {why}"]


def test_no_version_at_all():
    assert refusals(b"1.0.0", 0) == (None, [])


# ---- The page


def test_program_of_the_page():
    page = (ROOT / "docs" / "onnx.md").read_text().partition("\n## ONNX Runtime\n")[2]
    [program] = re.findall(r"^```py\n(.*?)^```$", page.partition("\n## ")[0], re.M | re.S)
    wanted = re.search(r"^# prints (.*)", program, re.M)[1]
    assert run_python(program).split() == wanted.split()
