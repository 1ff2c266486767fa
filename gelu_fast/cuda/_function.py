"""The functions of the table on CUDA devices, with the dtypes, shapes and outputs of the ufuncs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .._core.arrays import Dtype
from .._core.rows import Row
from . import _cupy, _launch

DOCSTRING = """\
{call} on a CUDA device, with the same bits as `gelu_fast.{name}`.

Parameters
----------
{inputs} : CuPy array, GPU array with __cuda_array_interface__ or DLPack, or number
    The operands, which are broadcast against each other. At least one must be an array, and all
    arrays must be on one device. Dtypes that the ufunc has to cast are cast on the
    device first.
out : array or tuple of arrays, optional
    Where to write {results}: arrays of the broadcast shape, of any dtype to which the results can
    be cast, and with any strides. An output may be one of the operands.
dtype : dtype, optional
    The dtype in which the function computes, as for ufuncs.

Returns
-------
{returns}
    CuPy array{s}, or out. The kernel runs in CuPy's current stream, and the call does not wait for
    it.

Raises
------
ImportError, RuntimeError
    If CuPy or a CUDA device is missing.
TypeError
    If an operand is not on a device, the ufunc does not support a dtype, or there are other
    keywords.
ValueError
    If the shapes do not broadcast, or the operands are on different devices.

See Also
--------
gelu_fast.{name} : formula, error bounds, limits and source

Examples
--------
>>> import gelu_fast
>>> if gelu_fast.cuda.available():
...     import cupy
...     x = cupy.linspace(-3, 3, 1000, dtype=cupy.float32)
...     y = gelu_fast.cuda.{name}({example})
"""


class Function:
    """A function on CUDA devices, which is called like the ufunc of the same name."""

    def __init__(self, ufunc: np.ufunc, row: Row) -> None:
        self.ufunc, self.__name__, self.__qualname__ = ufunc, ufunc.__name__, ufunc.__name__
        self.__module__ = "gelu_fast.cuda"
        self.nin, self.nout, self.nargs = ufunc.nin, ufunc.nout, ufunc.nargs
        self.names = row.inputs
        self.__doc__ = DOCSTRING.format(
            name=ufunc.__name__,
            call=f"{ufunc.__name__}({', '.join(self.names)})",
            inputs=", ".join(self.names),
            results=" and ".join(row.outputs) if ufunc.nout > 1 else "results",
            returns=", ".join(row.outputs),
            s="s" if ufunc.nout > 1 else "",
            example=", ".join("x" for _ in self.names),
        )

    def __reduce__(self) -> str:
        """It is pickled and copied by its name, as functions and ufuncs are."""
        return self.__name__

    def __repr__(self) -> str:
        return f"<gelu_fast.cuda function '{self.__name__}'>"

    def __call__(
        self, *args: Any, out: Any = None, dtype: DTypeLike | None = None, **refused: Any
    ) -> Any:
        if refused:
            raise TypeError(
                f"{self.__name__}() got an unexpected keyword argument {next(iter(refused))!r}; "
                "allowed on CUDA devices are out and dtype"
            )
        _cupy.cupy()  # raises the error for a missing CuPy or device before all others
        operands, given = self.split(args, out)
        inputs = [
            x if _cupy.is_number(x) else _cupy.on_device(x, name)
            for x, name in zip(operands, self.names, strict=True)
        ]
        outputs = [x if x is None else _cupy.on_device(x, "out") for x in given]
        arrays = [x for x in (*inputs, *outputs) if not _cupy.is_number(x) and x is not None]
        if all(_cupy.is_number(x) for x in inputs):
            raise TypeError(
                f"{self.__name__}: at least one operand must be an array on a device; got numbers"
            )
        check_devices(arrays)
        with arrays[0].device:
            computed = self.compute(inputs, outputs, dtype)
        results = tuple(r if g is None else g for r, g in zip(computed, given, strict=True))
        return results[0] if self.nout == 1 else results

    def split(self, args: Sequence[Any], out: Any) -> tuple[Sequence[Any], tuple[Any, ...]]:
        """(operands, for each result its output or None)."""
        if not self.nin <= len(args) <= self.nargs:
            raise TypeError(
                f"{self.__name__}() takes from {self.nin} to {self.nargs} positional arguments but "
                f"{len(args)} were given"
            )
        args, given = args[: self.nin], args[self.nin :]
        if out is not None:
            if given:
                raise TypeError("out must be given by position or by name; got both")
            given = out if isinstance(out, tuple) else (out,)
            if len(given) != self.nout:
                raise ValueError(
                    f"out must be {self.nout} arrays, one for each result; got {len(given)}"
                )
        return args, (*given, *[None] * (self.nout - len(given)))

    def compute(
        self, inputs: Sequence[Any], outputs: Sequence[Any], dtype: DTypeLike | None
    ) -> list[Any]:
        dtype = self.loop_dtype(inputs, dtype)
        inputs = [
            _cupy.filled(x, dtype) if _cupy.is_number(x) else x.astype(dtype, copy=False)
            for x in inputs
        ]
        shape = self.result_shape(inputs, outputs)
        inputs = [_cupy.cupy().broadcast_to(x, shape) for x in inputs]
        computed = [
            out if out is not None and out.dtype == dtype else new_array(inputs, shape, dtype)
            for out in outputs
        ]
        for out in outputs:
            if out is not None and not np.can_cast(dtype, out.dtype, "same_kind"):
                raise TypeError(
                    f"out must have a dtype to which {dtype} can be cast by the rule 'same_kind'; "
                    f"got {out.dtype}"
                )
        _launch.run(self.__name__, [apart(x, computed) for x in inputs], computed)
        for out, result in zip(outputs, computed, strict=True):
            if out is not None and out is not result:
                out[...] = result
        return computed

    def loop_dtype(self, inputs: Sequence[Any], dtype: DTypeLike | None) -> Dtype:
        """The dtype in which the ufunc would compute."""
        kinds = [type(x) if type(x) in (bool, int, float) else x.dtype for x in inputs]
        wanted: dict[str, Any] = {}
        if dtype is not None:
            wanted["signature"] = (None,) * self.nin + (np.dtype(dtype),) * self.nout
        return self.ufunc.resolve_dtypes((*kinds, *[None] * self.nout), **wanted)[-1]

    def result_shape(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[int, ...]:
        try:
            shape = np.broadcast_shapes(*(x.shape for x in inputs))
        except ValueError:
            given = " ".join(str(x.shape) for x in inputs)
            raise ValueError(
                f"operands could not be broadcast together with shapes {given}"
            ) from None
        for out in outputs:
            if out is not None and not fits(shape, out.shape):
                raise ValueError(f"out must have the shape of the result, {shape}; got {out.shape}")
        shapes = {out.shape for out in outputs if out is not None}
        if len(shapes) > 1:
            raise ValueError(f"out: all outputs must have one shape; got {sorted(shapes)}")
        return shapes.pop() if shapes else shape


def fits(shape: tuple[int, ...], larger: tuple[int, ...]) -> bool:
    """Whether arrays of a shape can be broadcast to the larger shape."""
    padded = (1,) * (len(larger) - len(shape)) + shape
    return len(padded) == len(larger) and all(
        a in (1, b) for a, b in zip(padded, larger, strict=True)
    )


def check_devices(arrays: Sequence[Any]) -> None:
    devices = sorted({a.device.id for a in arrays})
    if len(devices) > 1:
        raise ValueError(f"all operands must be on one device; got devices {devices}")


def new_array(inputs: Sequence[Any], shape: tuple[int, ...], dtype: Dtype) -> Any:
    """A new array, in Fortran order if all operands that are not broadcast have this order."""
    whole = [x for x in inputs if 0 not in x.strides]
    fortran = whole and all(x.flags.f_contiguous and not x.flags.c_contiguous for x in whole)
    return _cupy.cupy().empty(shape, dtype, order="F" if fortran else "C")


def apart(x: Any, outputs: Sequence[Any]) -> Any:
    """x, or a copy of x if an output could overwrite its elements before they are read."""
    same = [
        out.data.ptr == x.data.ptr and out.strides == x.strides and out.shape == x.shape
        for out in outputs
    ]
    shared = [_cupy.cupy().may_share_memory(x, out) for out in outputs]
    return x if same == shared else x.copy()
