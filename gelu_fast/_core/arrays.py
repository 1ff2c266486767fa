"""Types of arrays that annotations use."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Doubles: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Dtype: TypeAlias = np.dtype[Any]
Scalar: TypeAlias = float | np.generic
