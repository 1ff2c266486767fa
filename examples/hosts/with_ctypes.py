"""Calls the C library of gelu_fast with ctypes: python examples/hosts/with_ctypes.py"""

import ctypes

import numpy as np

import gelu_fast

library = ctypes.CDLL(gelu_fast.get_library())
array = np.ctypeslib.ndpointer(np.float32, flags="C_CONTIGUOUS")
library.gf_gelu_f32.argtypes = [array, array, ctypes.c_size_t]
library.gf_gelu_f32.restype = None

x = np.array([-4, -1, 0, 2], np.float32)
y = np.empty_like(x)
library.gf_gelu_f32(x, y, x.size)
for a, b in zip(x, y, strict=True):
    print(f"{a:.9g} {b:.9g}")
