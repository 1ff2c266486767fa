"""What PyTorch does with operators: opcheck, torch.compile, torch.export, torch.func, vmap."""

import io
import pickle

import pytest
from support.table import KINDS, NAMES, ROW

torch = pytest.importorskip("torch", reason="torch is not installed")

from torch import func  # noqa: E402
from torch.nn import functional as F  # noqa: E402

import gelu_fast.torch as gt  # noqa: E402

# PyTorch itself calls functions that it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.*` is deprecated:DeprecationWarning")


def operands(name, shape=(3, 4), **options):
    torch.manual_seed(0)
    options = {"dtype": torch.float64, **options}
    return [torch.randn(shape, **options) for _ in ROW[name, "float64"].inputs]


def equal(got, want):
    torch.testing.assert_close(got, want, rtol=0, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NAMES))
def test_opcheck(name):
    operator, row = getattr(torch.ops.gelu_fast, name), ROW[name, "float64"]
    torch.library.opcheck(operator.default, operands(name, requires_grad=True))
    outs = {each: torch.empty(3, 4, dtype=torch.float64) for each in row.outputs}
    if row.nout == 1:
        outs = {"out": outs.popitem()[1]}
    torch.library.opcheck(operator.out, operands(name), outs)


@pytest.mark.parametrize("layout", ["transposed", "every second", "broadcast", "channels last"])
@pytest.mark.parametrize("name", KINDS)
def test_opcheck_of_layouts(name, layout):
    """Tensors without data have the strides of the results."""
    x = operands(name, (2, 4, 3, 6))
    views = {
        "transposed": [each.transpose(0, 2) for each in x],
        "every second": [each[..., ::2] for each in x],
        "broadcast": [*x[:-1], x[-1][:, :1]],
        "channels last": [each.to(memory_format=torch.channels_last) for each in x],
    }
    torch.library.opcheck(
        getattr(torch.ops.gelu_fast, name).default,
        [each.requires_grad_() for each in views[layout]],
    )


@pytest.mark.parametrize(
    ("backend", "dynamic"), [("inductor", False), ("aot_eager", False), ("aot_eager", True)]
)
def test_compile(backend, dynamic):

    def block(x, gate, out):
        y = gt.geglu(gt.gelu(x), gate) + gt.swish(x, 1.5)
        return gt.silu(y.T), gt.tanh(gate, out=out)

    compiled = torch.compile(block, fullgraph=True, backend=backend, dynamic=dynamic)
    for shape in [(4, 6), (5, 6)]:
        results = []
        for function in compiled, block:
            x, gate = operands("geglu", shape, dtype=torch.float32)
            x.requires_grad_()
            y, z = function(x, gate, torch.empty(shape))
            y.sum().backward()
            results.append((y, z, x.grad))
        equal(*results)


def test_compile_without_gradients():
    compiled = torch.compile(gt.gelu, fullgraph=True, backend="aot_eager")
    x = torch.randn(5)
    equal(compiled(x), gt.gelu(x))
    with torch.no_grad():
        equal(compiled(x.requires_grad_()), gt.gelu(x))


@pytest.mark.parametrize("strict", [False, True])
def test_export(strict):
    """The operators are in the program, and nothing of Python."""
    model = torch.nn.Sequential(torch.nn.Linear(6, 8), gt.GELU("tanh"), gt.SwiGLU())
    x = torch.randn(3, 6)
    program = torch.export.export(model, (x,), strict=strict)
    named = [str(node.target) for node in program.graph.nodes if node.op == "call_function"]
    assert [name for name in named if name.startswith("gelu_fast")] == [
        "gelu_fast.gelu_tanh.default",
        "gelu_fast.swiglu.default",
    ]
    equal(program.module()(x), model(x))


def test_trace():
    x = torch.randn(3, 6)
    equal(torch.jit.trace(gt.gelu, (torch.randn(3, 6),))(x), gt.gelu(x))


@pytest.mark.parametrize("grad", [False, True])
@pytest.mark.parametrize(
    "activation", [gt.GELU, gt.SwiGLU, lambda: gt.SiLU(inplace=True), lambda: gt.Activation("erf")]
)
@pytest.mark.filterwarnings("ignore:Converting a tensor to a Python boolean")
def test_trace_of_a_model(activation, grad):
    """The trace has the operator, is saved and loaded, and has gradients."""
    model, file = torch.nn.Sequential(torch.nn.Linear(6, 8), activation()), io.BytesIO()
    with torch.set_grad_enabled(grad):
        torch.jit.save(torch.jit.trace(model, torch.randn(3, 6)), file)
    file.seek(0)
    loaded = torch.jit.load(file)
    assert "gelu_fast::" in str(loaded.inlined_graph)
    gradients = []
    for each in loaded, model:
        x = torch.linspace(-2, 2, 30).reshape(5, 6).requires_grad_()
        y = each(x)
        y.sum().backward()
        gradients.append((y.detach(), x.grad))
    equal(*gradients)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.gelu, self.glu = torch.nn.Linear(6, 8), torch.nn.GELU(), torch.nn.GLU()
        self.silu, self.leaky = torch.nn.SiLU(inplace=True), torch.nn.LeakyReLU(0.3)
        self.function = F.gelu

    def forward(self, x):
        return self.leaky(self.function(self.silu(self.glu(self.gelu(self.linear(x))))))


def test_fx():
    """torch.fx records a replaced model, and the program can be pickled."""
    model, x = Block(), torch.randn(3, 6)
    gt.replace(model)
    program = torch.fx.symbolic_trace(model)
    called = [node.target for node in program.graph.nodes if node.op == "call_function"]
    assert [each.__name__ for each in called] == ["gelu", "gated", "in_place", "gelu", "leaky_relu"]
    for each in program, pickle.loads(pickle.dumps(program)):
        equal(each(x), model(x))


def test_vmap_and_out():
    x = torch.randn(3, 4)
    equal(func.vmap(lambda x: gt.gelu(x, out=torch.empty_like(x)))(x), gt.gelu(x))
    with pytest.raises(RuntimeError, match="vmap: inplace arithmetic"):
        func.vmap(lambda x: gt.gelu(x, out=torch.empty(4)))(x)


def test_compile_in_place():
    module = gt.SiLU(inplace=True)
    compiled = torch.compile(lambda x: module(x * 2), fullgraph=True, backend="aot_eager")
    gradients = []
    for function in compiled, lambda x: module(x * 2):
        x = torch.linspace(-2, 2, 5).requires_grad_()
        y = function(x)
        y.sum().backward()
        gradients.append((y.detach(), x.grad))
    equal(*gradients)
    with torch.no_grad():
        equal(compiled(x), module(x * 2))


@pytest.mark.parametrize("name", KINDS)
def test_vmap(name):
    """All operands have a batch, or the first one alone has, in any dimension."""
    x = operands(name, (2, 3, 4))
    for form in gt, torch.ops.gelu_fast:
        function = getattr(form, name)
        equal(func.vmap(function)(*x), function(*x))
        rest = [each[0] for each in x[1:]]
        want = function(x[0], *rest)
        equal(func.vmap(function, (0, *[None] * len(rest)))(x[0], *rest), want)
        equal(func.vmap(function, (2, *[None] * len(rest)))(x[0].movedim(0, 2), *rest), want)
        rows = [each[0, 0] for each in x[1:]]  # of fewer dimensions
        want = function(x[0], *rows)
        equal(func.vmap(function, (0, *[None] * len(rows)))(x[0], *rows), want)


PEERS = {"gelu": F.gelu, "silu": F.silu, "erf": torch.erf, "relu": F.relu, "mish": F.mish}
TRANSFORMS = {
    "grad": lambda f, x, t: func.grad(lambda x: f(x).sum())(x),
    "grad of grad": lambda f, x, t: func.grad(
        lambda x: (func.grad(lambda x: f(x).sum())(x) ** 2).sum()
    )(x),
    "vmap of grad": lambda f, x, t: func.vmap(func.grad(f))(x),
    "grad of vmap": lambda f, x, t: func.grad(lambda x: func.vmap(f)(x).sum())(x),
    "jvp": lambda f, x, t: func.jvp(f, (x,), (t,))[1],
    "jvp of jvp": lambda f, x, t: func.jvp(lambda x: func.jvp(f, (x,), (t,))[1], (x,), (t,))[1],
    "jacrev": lambda f, x, t: func.jacrev(f)(x),
    "jacfwd": lambda f, x, t: func.jacfwd(f)(x),
    "hessian": lambda f, x, t: func.hessian(lambda x: f(x).sum())(x),
}


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", PEERS)
def test_func(name, transform):
    x, t = operands("geglu", (5,))
    want = TRANSFORMS[transform](PEERS[name], x, t)
    for form in gt, torch.ops.gelu_fast:
        torch.testing.assert_close(TRANSFORMS[transform](getattr(form, name), x, t), want)


def test_func_inside_autograd():
    x, t = operands("geglu", (5,))

    def outer(function):
        y = x.clone().requires_grad_()
        func.vjp(function, y)[1](t)[0].sum().backward()
        return y.grad

    torch.testing.assert_close(outer(gt.gelu), outer(F.gelu))
