"""Types of arrays that annotations use."""

from typing import Any, TypeAlias

import numpy as np

# As in `numpy.typing`, whose import takes time.
Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Doubles: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Dtype: TypeAlias = np.dtype[Any]
Scalar: TypeAlias = float | np.generic
