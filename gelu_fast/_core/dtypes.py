"""The table's dtypes as NumPy has them. bfloat16 is not NumPy's own: it is that of ml_dtypes, where
that can be imported. Then its name is a dtype's name to NumPy, too."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .arrays import Dtype


def import_bfloat16() -> tuple[Dtype | None, str | None]:
    """(dtype or None, why there is none)"""
    try:
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16), None
    except Exception as error:  # not installed, or built for another NumPy
        return None, f"ml_dtypes cannot be imported: {error}"


BFLOAT16, WHY_NO_BFLOAT16 = import_bfloat16()


def is_here(name: str) -> bool:
    """Whether there are arrays of this dtype of the table."""
    return name != "bfloat16" or BFLOAT16 is not None


def finfo(dtype: DTypeLike) -> np.finfo[Any]:
    """np.finfo, which does not know bfloat16."""
    if BFLOAT16 is None or np.dtype(dtype) != BFLOAT16:
        return np.finfo(dtype)
    import ml_dtypes

    bfloat16: np.finfo[Any] = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
    return bfloat16


def special_numbers(dtype: DTypeLike) -> list[float]:
    """Zero, the ends of the subnormal and normal ranges, infinity and NaN; none is negative."""
    info = finfo(dtype)
    return [0.0, info.smallest_subnormal, info.tiny, info.eps, 1.0, info.max, np.inf, np.nan]
