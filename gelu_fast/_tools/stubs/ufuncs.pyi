"""Base classes and types for the generated stubs. This module does not exist at run time: there,
each function is an ordinary numpy.ufunc."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, SupportsIndex, TypeAlias, TypedDict, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..._core.arrays import Array, Scalar

F = TypeVar("F", np.float16, np.float32, np.float64)
SmallF = TypeVar("SmallF", np.float16, np.float32)  # np.float64 is a float
Out = TypeVar("Out", bound=Array)
Out2 = TypeVar("Out2", bound=Array)

class HasArrayUfunc(Protocol):
    """An array of another library that computes ufuncs itself."""

    @property
    def __array_ufunc__(self) -> Any: ...

Arrays: TypeAlias = Array | Sequence[Any]
Plain: TypeAlias = Arrays | Scalar  # operands that NumPy converts to its own arrays
Operand: TypeAlias = ArrayLike | HasArrayUfunc

Order: TypeAlias = Literal["gate-first", "up-first", "interleaved"]

class Keywords(TypedDict, total=False):
    """Keyword arguments that do not change the dtype of the result."""

    where: ArrayLike
    casting: Literal["no", "equiv", "safe", "same_kind", "unsafe"]
    order: Literal["K", "A", "C", "F"]
    subok: bool

class AllKeywords(Keywords, total=False):
    dtype: DTypeLike | None
    signature: DTypeLike | tuple[DTypeLike | None, ...]

class Ufunc(np.ufunc):  # type: ignore[misc]
    @property
    def identity(self) -> None: ...
    @property
    def signature(self) -> None: ...

class Unary(Ufunc):  # type: ignore[misc]
    @property
    def nin(self) -> Literal[1]: ...
    @property
    def nout(self) -> Literal[1]: ...
    @property
    def nargs(self) -> Literal[2]: ...
    def at(self, a: Operand, indices: ArrayLike, /) -> None: ...  # type: ignore[override]

class Binary(Ufunc):  # type: ignore[misc]
    @property
    def nin(self) -> Literal[2]: ...
    @property
    def nout(self) -> Literal[1]: ...
    @property
    def nargs(self) -> Literal[3]: ...
    def at(self, a: Operand, indices: ArrayLike, b: Operand, /) -> None: ...  # type: ignore[override]

class Ternary(Ufunc):  # type: ignore[misc]
    @property
    def nin(self) -> Literal[3]: ...
    @property
    def nout(self) -> Literal[1]: ...
    @property
    def nargs(self) -> Literal[4]: ...

class TernaryPair(Ufunc):  # type: ignore[misc]
    """A ufunc of three inputs and two results."""

    @property
    def nin(self) -> Literal[3]: ...
    @property
    def nout(self) -> Literal[2]: ...
    @property
    def nargs(self) -> Literal[5]: ...

class PackedGate(Protocol):
    """A gate on arrays that contain gate and up."""

    @property
    def __name__(self) -> str: ...
    @overload
    def __call__(
        self, x: Operand, axis: SupportsIndex = -1, order: Order = "gate-first", *, out: Out
    ) -> Out: ...
    @overload
    def __call__(
        self,
        x: NDArray[F],
        axis: SupportsIndex = -1,
        order: Order = "gate-first",
        out: None = None,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self, x: Arrays, axis: SupportsIndex = -1, order: Order = "gate-first", out: None = None
    ) -> Array: ...
    @overload
    def __call__(
        self, x: Any, axis: SupportsIndex = -1, order: Order = "gate-first", out: Any = None
    ) -> Any: ...
