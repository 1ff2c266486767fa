"""The table's dtypes as NumPy dtypes. NumPy has no bfloat16 of its own: the package ml_dtypes
defines it and, when imported, also makes NumPy accept the name "bfloat16"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import Dtype

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


def import_bfloat16() -> tuple[Dtype | None, str | None]:
    """(dtype, None), or (None, the reason why there is no bfloat16)."""
    try:
        import ml_dtypes

        found = np.dtype(ml_dtypes.bfloat16)
        if found.name != "bfloat16":
            return None, f"ml_dtypes.bfloat16 is {found.name}"
        return found, None
    except (Exception, SystemExit) as error:  # not installed, or built for another NumPy
        return None, f"ml_dtypes cannot be imported: {error}"


BFLOAT16, WHY_NO_BFLOAT16 = import_bfloat16()


def is_here(name: str) -> bool:
    """Whether NumPy can make arrays of this dtype of the table."""
    return name != "bfloat16" or BFLOAT16 is not None


def finfo(dtype: DTypeLike) -> np.finfo[Any]:
    """Does the same as `np.finfo`, which does not know bfloat16."""
    if BFLOAT16 is None or np.dtype(dtype) != BFLOAT16:
        return np.finfo(dtype)
    import ml_dtypes

    bfloat16: np.finfo[Any] = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
    return bfloat16


def special_numbers(dtype: DTypeLike) -> list[float]:
    """Zero, the ends of the subnormal and normal ranges, infinity and NaN; none is negative."""
    info = finfo(dtype)
    return [0.0, info.smallest_subnormal, info.tiny, info.eps, 1.0, info.max, np.inf, np.nan]
