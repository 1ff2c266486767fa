"""Arrays as tensors of PyTorch and back, bit by bit."""

import numpy as np
import torch

from support.bits import uint


def tensor(array):
    """A tensor with the memory of an array, also in bfloat16, which PyTorch does not take."""
    array = np.asanyarray(array)
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


def bits_of(tensor):
    """The bits of a tensor as an array of integers."""
    size = tensor.element_size()
    whole = (
        tensor.detach().contiguous().view({2: torch.int16, 4: torch.int32, 8: torch.int64}[size])
    )
    return whole.numpy().view(f"u{size}")


def assert_bits(got, want):
    """A tensor, or a tuple of these, has the bits and the shape of what a ufunc returns."""
    __tracebackhide__ = True
    if isinstance(want, tuple):
        assert len(got) == len(want)
        for a, b in zip(got, want, strict=True):
            assert_bits(a, b)
        return
    want = np.asanyarray(want)
    assert str(got.dtype) == f"torch.{want.dtype.name}"
    np.testing.assert_array_equal(bits_of(got), np.array(want).view(uint(want.dtype)), strict=True)
