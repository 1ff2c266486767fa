"""8-bit numbers: a function as a table of 256 results, and the table applied to arrays.

A number q of 8 bits stands for the real number scale * (q - zero_point). A function on such numbers
is the table of its 256 results, which `table` makes and `lookup` applies at the speed of memory.

>>> import numpy as np, gelu_fast
>>> t = gelu_fast.quantized.table("gelu", 0.05, 0, 0.025, -100)
>>> gelu_fast.quantized.lookup(t, np.array([[-128, -20, 0], [1, 20, 127]], np.int8))
array([[-100, -106, -100],
       [ -99,  -66,  127]], dtype=int8)
"""

from ._lookup import lookup
from ._table import table

__all__ = ["lookup", "table"]
