"""The functions of the table as operators of PyTorch, on the CPU, with the bits of the ufuncs.

>>> import torch
>>> import gelu_fast.torch
>>> x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
>>> y = gelu_fast.torch.gelu(x)
>>> y.sum().backward()
>>> x.grad
tensor([-0.0833,  0.5000,  1.0852])

Each function is here under its name, which converts its operands, and in `torch.ops.gelu_fast`, as
the operator that `torch.compile` and `torch.export` see. Modules have the names and arguments of
torch.nn: `GELU`, `SiLU`, ...; `GEGLU` and others are gates, and `Activation(name)` is any function
of one input. `replace(model)` swaps the activations of a model.
"""

try:
    from ._functions import PLAIN
    from ._modules import MODULES, Activation
    from ._replace import Report, Swap, replace
except ImportError as error:
    raise ImportError(
        f"gelu_fast.torch needs torch, which `pip install 'gelu_fast[torch]'` installs: {error}",
        name="torch",
    ) from error

globals().update(PLAIN | MODULES)
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "Activation",
    "Report",
    "Swap",
    "replace",
    *PLAIN,
    *MODULES,
]


def __dir__() -> list[str]:
    """The public names; editors and interpreters complete them."""
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
