"""The modules of gelu_fast.torch, and `replace` on models of PyTorch and of transformers."""

import copy
import functools
import io
import sys

import pytest

import gelu_fast

torch = pytest.importorskip("torch", reason="torch is not installed")

from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

import gelu_fast.torch as gt  # noqa: E402
from gelu_fast._frameworks.names import NAMES  # noqa: E402
from gelu_fast.torch._modules import Gate  # noqa: E402

OF_TORCH = sorted(
    name for name in gt.MODULES if issubclass(gt.MODULES[name], getattr(nn, name, gt.Activation))
)
X = torch.linspace(-5, 5, 42).reshape(6, 7)


def close(got, want):
    torch.testing.assert_close(got, want, rtol=2e-6, atol=2e-6)


class Seen(TorchDispatchMode):
    """The operators of gelu_fast that a block calls."""

    def __enter__(self):
        self.names = []
        return super().__enter__()

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
        if function.namespace == "gelu_fast":
            self.names.append(function.overloadpacket.__name__)
        return function(*arguments, **keywords or {})


def test_names():
    assert {"ELU", "GELU", "LeakyReLU", "Mish", "ReLU", "SiLU", "Softplus", "Tanh"} <= {*OF_TORCH}
    gates = {"GEGLU", "GEGLUTanh", "GEGLUQuick", "GLU", "ReGLU", "SwiGLU"}
    assert {name for name, each in gt.MODULES.items() if issubclass(each, Gate)} >= gates


@pytest.mark.parametrize("name", OF_TORCH)
def test_modules_of_torch(name):
    ours, theirs = getattr(gt, name)(), getattr(nn, name)()
    with Seen() as seen:
        close(ours(X), theirs(X))
    assert len(seen.names) == 1
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (gt.GELU("tanh"), nn.GELU("tanh")),
        (gt.GELU(approximate="tanh"), nn.GELU(approximate="tanh")),
        (gt.LeakyReLU(0.3), nn.LeakyReLU(0.3)),
        (gt.ELU(1.0), nn.ELU()),
        (gt.GLU(0), nn.GLU(0)),
        (gt.Activation("relu_squared"), lambda x: F.relu(x) ** 2),
    ],
)
def test_arguments(ours, theirs):
    close(ours(X), theirs(X))


@pytest.mark.parametrize("name", ["ReLU", "SiLU", "Mish", "LeakyReLU"])
def test_inplace(name):
    x, y = X.clone(), X.clone().requires_grad_()
    ours, theirs = getattr(gt, name)(inplace=True), getattr(nn, name)(inplace=True)
    assert ours(x) is x
    close(x, theirs(X.clone()))
    grads = []
    for each in ours, theirs:
        z = y * 1
        assert each(z) is z
        grads += torch.autograd.grad(z.sum(), y)
    close(*grads)


@pytest.mark.parametrize(
    "make", [lambda: gt.ELU(2.0), lambda: gt.Softplus(beta=2), lambda: gt.Softplus(threshold=1)]
)
def test_functions_that_the_table_lacks(make):
    with pytest.raises(ValueError, match=r"gelu_fast does not have the function of torch\.nn\."):
        make()


def test_parameters_that_change():
    """A module computes with the parameters that it has, and keeps those it can compute with."""
    gelu, elu = gt.GELU(), gt.ELU()
    gelu.approximate = "tanh"
    assert torch.equal(gelu(X), gt.gelu_tanh(X))
    again = copy.deepcopy(gelu)
    again.approximate = "none"
    assert torch.equal(again(X), gt.gelu(X))
    assert torch.equal(gelu(X), gt.gelu_tanh(X))
    with pytest.raises(ValueError, match=r"does not have the function of torch\.nn\.ELU\(alpha=2"):
        elu.alpha = 2.0
    assert elu.alpha == 1.0
    assert torch.equal(elu(X), gt.elu(X))

    class Own(gt.GELU):
        def __init__(self, size):
            super().__init__("tanh")

    own = Own(3)
    own.approximate = "none"
    assert torch.equal(own(X), gt.gelu(X))


@pytest.mark.parametrize("name", ["ReLU", "Sigmoid", "Tanh"])
def test_integers(name):
    x = torch.tensor([-1, 0, 2])
    torch.testing.assert_close(getattr(gt, name)()(x), getattr(nn, name)()(x), rtol=0, atol=0)


def test_integers_in_place():
    x = torch.tensor([-1, 2])
    assert gt.ReLU(inplace=True)(x) is x
    assert x.tolist() == [0, 2]


def test_wrong_inputs():
    with pytest.raises(IndexError, match="input must have dimension 3, for two halves; it has 2"):
        gt.GLU(3)(X)
    with pytest.raises(ValueError, match="input must have dimension -1, for two halves; it has 0"):
        gt.GLU()(torch.tensor(1.0))
    with pytest.raises(TypeError, match="input must be a tensor; got list"):
        gt.GLU()([1.0])
    with pytest.raises(TypeError, match="relu takes tensors, and numbers beside them; got list"):
        gt.ReLU(inplace=True)([1.0])


def test_gates():
    for order, axis in [("gate-first", -1), ("up-first", 0), ("interleaved", 0)]:
        x = X[:, :6]
        want = gelu_fast.swiglu_packed(x.numpy(), axis, order)
        torch.testing.assert_close(gt.SwiGLU(axis, order)(x).numpy(), want, rtol=0, atol=0)
    with pytest.raises(ValueError, match="even length in dimension -1"):
        gt.GEGLU()(X)
    with pytest.raises(ValueError, match="order must be one of"):
        gt.GEGLU(order="first")


def test_wrong_name():
    with pytest.raises(ValueError, match="name must be one of"):
        gt.Activation("geglu")


# ---- replace


def model():
    torch.manual_seed(0)
    made = nn.Sequential(
        nn.Linear(7, 7), nn.GELU(), nn.Sequential(nn.SiLU(), nn.ReLU(inplace=True))
    )
    made.append(made[1])
    made.append(nn.GELU("tanh"))
    return made.eval()


def test_replace():
    changed, want = model(), model()(X)
    weight = changed[0].weight
    report = gt.replace(changed)
    assert report.left == []
    assert [swap.path for swap in report.swapped] == ["1", "3", "4", "2.0", "2.1"]
    assert report.swapped[0] == (
        "1",
        "GELU(approximate='none')",
        "gelu_fast.torch.GELU(approximate='none')",
    )
    assert changed[1] is changed[3]  # one module in two places
    assert changed[0].weight is weight
    with Seen() as seen:
        close(changed(X), want)
    assert seen.names == ["gelu", "silu", "relu", "gelu", "gelu_tanh"]
    assert gt.replace(changed) == ([], [])
    assert str(report).startswith("1: GELU(approximate='none') -> gelu_fast.torch.GELU(")


def test_hooks_and_copies():
    changed, calls = model(), []
    changed[1].register_forward_hook(lambda *_: calls.append("hook"))
    gt.replace(changed)
    file = io.BytesIO()
    want = changed(X)
    assert calls == ["hook"] * 2
    changed[1]._forward_hooks.clear()
    close(copy.deepcopy(changed)(X), want)
    torch.save(changed, file)
    file.seek(0)
    close(torch.load(file, weights_only=False)(X), want)


def check_hooks(old):
    """The module in the place of this one has its hooks, of every kind, and its state."""
    calls = []
    handles = [
        old.register_forward_pre_hook(lambda *_: calls.append("forward, before")),
        old.register_forward_hook(lambda *_, **__: calls.append("forward"), with_kwargs=True),
        old.register_full_backward_pre_hook(lambda *_: calls.append("backward, before")),
        old.register_full_backward_hook(lambda *_: calls.append("backward")),
    ]
    parent = nn.Sequential(old).eval()
    assert len(gt.replace(parent).swapped) == 1
    assert parent[0].training is False
    parent(X[:, :6].clone().requires_grad_()).sum().backward()
    assert calls == ["forward, before", "forward", "backward, before", "backward"]
    for handle in handles:
        handle.remove()
    parent(X[:, :6])
    assert len(calls) == 4


@pytest.mark.parametrize("make", [nn.GELU, nn.GLU, nn.ReLU])
def test_hooks(make):
    check_hooks(make())


class Own(nn.GELU):
    """A class of a user, which may compute something else."""


def test_what_is_left():
    changed = nn.Sequential(
        nn.Softplus(beta=2), nn.ELU(alpha=0.5), nn.PReLU(), nn.ReLU6(), nn.Softplus(), Own()
    )
    report = gt.replace(changed)
    assert [swap.path for swap in report.swapped] == ["4"]
    assert [swap.path for swap in report.left] == ["0", "1", "2", "3"]
    assert "0: Softplus(beta=2, threshold=20.0) is left: gelu_fast does not have" in str(report)
    assert type(changed[5]) is Own


def test_a_forward_of_its_own():
    changed = nn.Sequential(nn.GELU(), nn.GLU(), nn.SiLU())
    for module in changed:
        module.forward = torch.neg
    assert len(gt.replace(changed).left) == 3
    assert torch.equal(changed(X), -X)


@pytest.mark.parametrize("activation", [F.gelu, "relu", nn.GELU("tanh"), F.silu])
def test_transformer(activation):
    """Attributes that are functions; in inference, PyTorch has a path for whole layers."""
    torch.manual_seed(0)
    options = {"dim_feedforward": 16, "activation": activation, "batch_first": True, "dropout": 0}
    layer = nn.TransformerEncoderLayer(8, 2, **options)
    changed = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).eval()
    x = torch.randn(2, 3, 8)
    want = changed(x)
    report = gt.replace(changed)
    assert [swap.path for swap in report.swapped] == ["layers.0.activation", "layers.1.activation"]
    with torch.no_grad(), Seen() as seen:
        close(changed(x), want)
    assert len(seen.names) == 2


def test_partial_functions():
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.tanh_form = functools.partial(F.gelu, approximate="tanh")
            self.sigmoid, self.other = torch.sigmoid, functools.partial(F.softplus, beta=2)

    block = Block()
    other = block.other
    assert [swap.new for swap in gt.replace(block).swapped] == [
        "gelu_fast.torch.gelu_tanh",
        "gelu_fast.torch.sigmoid",
    ]
    assert (block.tanh_form, block.sigmoid, block.other) == (gt.gelu_tanh, gt.sigmoid, other)


def test_what_cannot_be_replaced():
    with pytest.raises(TypeError, match=r"model must be a torch\.nn\.Module; got function"):
        gt.replace(F.silu)
    with pytest.raises(ValueError, match="model must contain activations"):
        gt.replace(nn.GELU())


# ---- transformers


def hugging_face():
    return pytest.importorskip(
        "transformers.activations", reason="transformers is not installed", exc_type=ImportError
    ).ACT2FN


def test_transformers():
    """Each activation that the table has is swapped, and the others are left."""
    names = hugging_face()
    skipped = {"xielu", "prelu"}  # they have weights
    for name in names.keys() - skipped:
        parent = nn.Sequential(names[name])
        want = parent(X)
        report = gt.replace(parent)
        known = name in NAMES["huggingface"]
        if name in ("laplace", "sqrtsoftplus", "gelu_10", "relu6"):
            assert [swap.path for swap in report.left] == ["0"], name
        elif known and name != "linear":
            assert [swap.path for swap in report.swapped] == ["0"], name
        close(parent(X), want)


@pytest.mark.parametrize("name", ["gelu", "silu", "quick_gelu", "gelu_new"])
def test_hooks_of_transformers(name):
    check_hooks(hugging_face()[name])


def test_a_model_of_transformers():
    hugging_face()
    transformers = sys.modules["transformers"]
    options = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.BertConfig(**options, intermediate_size=64, vocab_size=50)
    torch.manual_seed(0)
    bert = transformers.BertModel(config).eval()
    ids = torch.arange(10)[None]
    with torch.no_grad():
        want = bert(ids).last_hidden_state
        report = gt.replace(bert)
        with Seen() as seen:
            close(bert(ids).last_hidden_state, want)
    assert seen.names == ["gelu", "gelu", "tanh"]
    assert len(report.swapped) == 3


def test_transformers_is_not_imported():
    from support.hosts import run_python

    program = "import sys, torch, gelu_fast.torch as gt\ngt.replace(torch.nn.Sequential())\n"
    assert run_python(program + "print('transformers' in sys.modules)") == "False\n"
