"""The base class of the blocks: parameters, buffers, `forward` and `backward`."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .._core.arrays import Array, Dtype
from ._checks import check_dtype, checked_array, checked_out, checked_parameters
from ._memory import Memory
from ._products import prefers_columns

Gradients: TypeAlias = dict[str, Array]


class Block:
    """The base class of the blocks.

    A subclass names the axes of its parameters in AXES, and computes in `_forward` and `_backward`,
    which receive checked matrices: each row has the features of one input, and all dtypes are
    equal."""

    AXES: ClassVar[dict[str, tuple[str, ...]]] = {}  # {parameter: names of its axes}

    def __init__(self, **parameters: ArrayLike | None) -> None:
        self._parameters, self._sizes = checked_parameters(self.AXES, parameters)
        self._first = next(iter(self.AXES))
        self._memory = Memory()

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}={size}" for name, size in self._sizes.items())
        return f"<{type(self).__name__}: {sizes}, dtype={self.dtype}>"

    # Copies and pickles do not contain the buffers.
    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_memory"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _memory=Memory())

    @property
    def parameters(self) -> dict[str, Array]:
        """{name: array} of the weights and biases. These are the block's own arrays: changing them
        in place changes the block."""
        return dict(self._parameters)

    @property
    def dtype(self) -> Dtype:
        """The dtype of the parameters, and also of all inputs and results."""
        return self._parameters[self._first].dtype

    def forward(self, x: ArrayLike, out: Array | None = None, *, inference: bool = False) -> Array:
        """Compute the block's result for every row of x.

        A second call of the same size allocates only the result; with `out` it allocates nothing.

        Parameters
        ----------
        x : array of shape (..., in_features)
            The input, of the dtype of the parameters. The block never writes to it. `backward`
            reads it again, so do not change it before you call `backward`.
        out : numpy.ndarray of shape (..., out_features), optional
            The array that receives the result. It must not share memory with x or the parameters.
        inference : bool
            True uses less memory and keeps nothing for `backward`.

        Returns
        -------
        numpy.ndarray
            out, or a new array.

        Raises
        ------
        TypeError
            If x or out has another dtype than the parameters, or out is not an array.
        ValueError
            If a shape does not fit, or out is read-only or shares memory with x or a parameter.
            Nothing is written in this case.
        """
        inputs = self._checked("x", x)
        features = self._sizes["in_features"]
        if inputs.shape[-1:] != (features,):
            raise ValueError(f"x must have shape (..., {features}); got {inputs.shape}")
        shape = (*inputs.shape[:-1], self._sizes["out_features"])
        if out is None:
            y = np.empty(shape, self.dtype)
        else:
            y = checked_out("out", out, "x", shape, {"x": inputs, **self._parameters})
        memory = self._memory
        memory.kept = None
        x_rows = self._input_rows("x", inputs)
        y_rows, elsewhere = memory.rows("y", y)
        self._forward(x_rows, y_rows, keep=not inference)
        if elsewhere:
            np.copyto(y, y_rows.reshape(y.shape))
        if not inference:
            memory.kept = x_rows, shape
        return y

    def backward(
        self, dy: ArrayLike, out: tuple[Array, Gradients] | None = None
    ) -> tuple[Array, Gradients]:
        """Compute the gradients with respect to x and to the parameters.

        They belong to the last `forward` in the same thread. The parameters must not change between
        that `forward` and this call.

        Parameters
        ----------
        dy : array of the shape and dtype of the forward's result
            The gradient with respect to that result. The block never writes to it.
        out : tuple, optional
            (dx, gradients) as an earlier call returned them for the same shapes. This call
            overwrites the arrays and allocates nothing.

        Returns
        -------
        (dx, gradients)
            dx is the gradient with respect to x, of shape (..., in_features). gradients is
            {name: array}, the gradients with respect to the parameters, summed over all rows.

        Raises
        ------
        RuntimeError
            If there was no `forward` before, or the last one had inference=True.
        TypeError, ValueError
            For the same reasons as in `forward`.
        """
        memory = self._memory
        if memory.kept is None:
            raise RuntimeError(
                "backward needs a forward before it in the same thread, without inference=True"
            )
        x_rows, y_shape = memory.kept
        given = self._checked("dy", dy)
        if given.shape != y_shape:
            raise ValueError(
                f"dy must have shape {y_shape}, as forward's result has; got {given.shape}"
            )
        x_shape = (*y_shape[:-1], self._sizes["in_features"])
        if out is None:
            dx = np.empty(x_shape, self.dtype)
            gradients = {name: np.empty_like(p, order="C") for name, p in self._parameters.items()}
        else:
            inputs = {"dy": given, "x": x_rows, **self._parameters}
            dx, gradients = self._checked_gradients(out, x_shape, inputs)
        dy_rows = self._input_rows("dy", given)
        dx_rows, elsewhere = memory.rows("dx", dx)
        self._backward(x_rows, dy_rows, dx_rows, gradients)
        if elsewhere:
            np.copyto(dx, dx_rows.reshape(dx.shape))
        return dx, gradients

    def _forward(self, x: Array, y: Array, keep: bool) -> None:
        raise NotImplementedError

    def _backward(self, x: Array, dy: Array, dx: Array, gradients: Gradients) -> None:
        raise NotImplementedError

    def _checked(self, name: str, value: ArrayLike) -> Array:
        found = checked_array(name, value)
        check_dtype(name, found, self.dtype, self._first)
        return found

    def _checked_gradients(
        self,
        out: tuple[Array, Gradients],
        x_shape: tuple[int, ...],
        inputs: dict[str, Array],
    ) -> tuple[Array, Gradients]:
        try:
            dx, gradients = out
            names = set(gradients)
        except (TypeError, ValueError):
            raise TypeError(
                f"out must be (dx, gradients), as backward returns them; got {type(out).__name__}"
            ) from None
        if names != set(self._parameters):
            wanted = ", ".join(self._parameters)
            raise ValueError(
                f"out: the gradients must have the names {wanted}; got {sorted(names)}"
            )
        checked_out("out: dx", dx, "dy", x_shape, inputs)
        written = {"out: dx": dx}
        for name, parameter in self._parameters.items():
            label = f"out: {name}"
            array = gradients[name]
            checked_out(label, array, "dy", parameter.shape, inputs | written)
            written[label] = array
        return dx, gradients

    def _input_rows(self, name: str, array: Array) -> Array:
        rows, elsewhere = self._memory.rows(name, array)
        if elsewhere:
            np.copyto(rows.reshape(array.shape), array)
        return rows

    def _buffer(self, name: str, rows: Array, axis: str) -> Array:
        """A matrix in the block's memory, with as many rows as `rows` and the features of an axis,
        in the order in which products are faster."""
        shape = len(rows), self._sizes[axis]
        if prefers_columns(len(rows), self._parameters[self._first]):
            return self._memory.array(name, shape[::-1], self.dtype).T
        return self._memory.array(name, shape, self.dtype)
