"""Loads the operators of the glue, torch.ops.gelu_fast."""

import ctypes

import torch
from torch import Tensor as Tensor  # not of a stand-in

from .._core.glue import glue_of
from .._core.table import TABLE as TABLE

OLDEST = (2, 10)  # the first version with the C functions that the glue calls
FLOATS = {torch.float16, torch.bfloat16, torch.float32, torch.float64}


def load() -> None:
    """Loads the glue, which registers the operators."""
    if tuple(map(int, torch.__version__.split(".")[:2])) < OLDEST:
        raise ImportError(f"it needs torch 2.10 or newer, and {torch.__version__} is installed")
    glue = glue_of("torch")
    try:
        library = ctypes.CDLL(str(glue))
    except OSError as error:
        raise ImportError(str(error)) from error
    library.gelu_fast_torch_problem.restype = ctypes.c_char_p
    if problem := library.gelu_fast_torch_problem().decode():
        raise ImportError(problem)


load()
OPERATORS = {name: getattr(torch.ops.gelu_fast, name) for name in TABLE}
