"""Functions on 8-bit numbers, as tables of 256 results.

An 8-bit number q represents the real number scale * (q - zero_point). `table` computes the 256
results of a function on such numbers, and `lookup` applies the table to arrays.

>>> import numpy as np, gelu_fast
>>> t = gelu_fast.quantized.table("gelu", 0.05, 0, 0.025, -100)
>>> gelu_fast.quantized.lookup(t, np.array([[-128, -20, 0], [1, 20, 127]], np.int8))
array([[-100, -106, -100],
       [ -99,  -66,  127]], dtype=int8)
"""

from ._lookup import lookup
from ._table import table

__all__ = ["lookup", "table"]
