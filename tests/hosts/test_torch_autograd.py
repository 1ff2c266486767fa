"""The derivatives of gelu_fast.torch: gradcheck of every function, once and twice, and the bits of
the fused backward functions."""

import numpy as np
import pytest
from support.bits import inputs
from support.table import DTYPES, NAMES, ROW

import gelu_fast

torch = pytest.importorskip("torch", reason="torch is not installed")

from support.tensors import assert_bits, tensor  # noqa: E402
from torch import func  # noqa: E402
from torch.autograd import forward_ad  # noqa: E402
from torch.nn import functional as F  # noqa: E402

import gelu_fast.torch as gt  # noqa: E402

# PyTorch itself calls functions that it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.*` is deprecated:DeprecationWarning")

BACKWARD = sorted(name for name in NAMES if f"{name}_backward" in NAMES)


def operands(name, n=6):
    """Away from the points where a function has no derivative: -3, 0, 3."""
    torch.manual_seed(0)
    grid = torch.tensor([-4.1, -1.7, -0.3, 0.4, 1.9, 5.2], dtype=torch.float64)
    return [grid[torch.randperm(n)].requires_grad_() for _ in ROW[name, "float64"].inputs]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name):
    """In reverse and forward mode, as an operator and as a function."""
    x = operands(name)
    assert torch.autograd.gradcheck(getattr(torch.ops.gelu_fast, name), x, check_forward_ad=True)
    assert torch.autograd.gradcheck(getattr(gt, name), x, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(getattr(gt, name), x)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BACKWARD)
def test_bits(name, dtype):
    """The gradients are what the fused backward function returns."""
    dy, *x = inputs(ROW[f"{name}_backward", dtype], 200)
    want = getattr(gelu_fast, f"{name}_backward")
    tensors = [tensor(each.copy()).requires_grad_() for each in x]
    for function in getattr(gt, name), getattr(torch.ops.gelu_fast, name):
        found = torch.autograd.grad(function(*tensors), tensors, tensor(dy))
        with np.errstate(all="ignore"):
            wanted = want(dy, *x)
        if want.nout > 1:
            assert_bits(found, wanted)
        else:
            assert_bits(found[0], wanted)


def test_bias():
    """Both operands of a sum have the same gradient, summed where one is broadcast."""
    x, b = torch.randn(5, 3, requires_grad=True), torch.randn(3, requires_grad=True)
    gt.bias_gelu(x, b).sum().backward()
    assert b.grad.shape == (3,)
    torch.testing.assert_close(b.grad, x.grad.sum(0))


@pytest.mark.parametrize("shapes", [[(4, 3), (3,)], [(4, 1), (1, 3)], [(), (4, 3)]])
@pytest.mark.parametrize("name", ["geglu", "swish", "leaky_relu_backward"])
def test_broadcasting(name, shapes):
    *_, x = operands(name)
    shapes = [*shapes, (4, 3)][: ROW[name, "float64"].nin]
    made = [x.detach().repeat(2).reshape(4, 3)[: (s or (1,))[0]].clone() for s in shapes]
    made = [
        y.flatten()[: torch.Size(s).numel()].reshape(s).requires_grad_()
        for y, s in zip(made, shapes, strict=True)
    ]
    assert torch.autograd.gradcheck(getattr(gt, name), made)


def test_promotion():
    """The gradient has the dtype of its operand."""
    gate, up = torch.ones(3, requires_grad=True), torch.ones(3, dtype=torch.float64)
    gt.geglu(gate, up).sum().backward()
    assert gate.grad.dtype == torch.float32


@pytest.mark.parametrize("function", [gt.gelu, torch.ops.gelu_fast.gelu])
def test_modes(function):
    x = torch.ones(3, requires_grad=True)
    assert function(x).requires_grad
    assert not function(x.detach()).requires_grad
    with torch.no_grad():
        assert not function(x).requires_grad
    with torch.inference_mode():
        assert function(x).is_inference()
        assert function(torch.ones(3)).is_inference()


def test_a_parameter():
    parameter = torch.nn.Parameter(torch.randn(4))
    gt.gelu(parameter).sum().backward()
    want = torch.autograd.grad(F.gelu(parameter).sum(), parameter)
    torch.testing.assert_close(parameter.grad, want[0])


def test_out_and_derivatives():
    x = torch.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        gt.gelu(x, out=torch.empty(3))
    with torch.no_grad():
        gt.gelu(x, out=torch.empty(3))


@pytest.mark.parametrize("function", [gt.gelu, torch.ops.gelu_fast.gelu.out])
def test_out_and_tangents(function):
    """Forward mode refuses `out`, too, whichever tensor has the tangent."""
    x, y = torch.ones(2), torch.zeros(2)
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(x, torch.ones(2))
        for operand, out in [(dual, y), (x, dual * 1), (dual, dual)]:
            with pytest.raises(NotImplementedError, match="one of the arguments has a tangent"):
                function(operand, out=out)
        function(x, out=y)
    assert torch.equal(y, gt.gelu(x))


def test_out_in_transforms():
    x = torch.ones(2)
    with pytest.raises(NotImplementedError, match="one of the arguments has a tangent"):
        func.jvp(lambda x: gt.gelu(x, out=torch.empty(2)), (x,), (x,))
    with pytest.raises(RuntimeError, match="one of the arguments requires grad"):
        func.grad(lambda x: gt.gelu(x, out=torch.empty(2)).sum())(x)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(gt.SiLU, F.silu), (gt.ReLU, F.relu), (gt.LeakyReLU, F.leaky_relu)]
)
def test_modules_in_place(ours, theirs):
    """They write over their input, and have the derivatives of every mode and transform."""
    module, x, t = ours(inplace=True), torch.randn(5), torch.randn(5)

    def block(x):
        y = x * 2
        assert module(y) is y
        return y

    def plain(x):
        return theirs(x * 2)

    with forward_ad.dual_level():
        dual = forward_ad.make_dual(x, t)
        got, want = (forward_ad.unpack_dual(f(dual)).tangent for f in (block, plain))
    torch.testing.assert_close(got, want)
    for transform in (
        lambda f: func.jvp(f, (x,), (t,))[1],
        lambda f: func.vmap(f)(x[:, None]),
        lambda f: func.grad(lambda x: f(x).sum())(x),
        lambda f: func.hessian(lambda x: (f(x) ** 2).sum())(x),
        lambda f: func.vmap(func.jacfwd(f))(x[:, None]),
    ):
        torch.testing.assert_close(transform(block), transform(plain))


def test_penalty_on_a_gradient():
    """A second derivative, through the first."""
    x = torch.randn(10, dtype=torch.float64, requires_grad=True)

    def penalty(function):
        [first] = torch.autograd.grad(function(x).sum(), x, create_graph=True)
        return torch.autograd.grad((first**2).sum(), x)[0]

    for ours, theirs in [(gt.gelu, F.gelu), (gt.silu, F.silu), (gt.erf, torch.erf)]:
        torch.testing.assert_close(penalty(ours), penalty(theirs))
