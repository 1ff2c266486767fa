"""Calls the C library of gelu_fast with cffi: python examples/hosts/with_cffi.py"""

from pathlib import Path

import cffi
import numpy as np

import gelu_fast

ffi = cffi.FFI()
ffi.cdef(Path(gelu_fast.get_include(), "gelu_c_flat.h").read_text())
library = ffi.dlopen(gelu_fast.get_library())

x = np.array([-4, -1, 0, 2], np.float32)
y = np.empty_like(x)
library.gf_gelu_f32(ffi.from_buffer("float[]", x), ffi.from_buffer("float[]", y), x.size)
for a, b in zip(x, y, strict=True):
    print(f"{a:.9g} {b:.9g}")

row = library.gf_row_of(b"gelu", library.GF_F32)
print(f"errors are below {row.bound_ulp:g} ULP with {ffi.string(library.gf_isa()).decode()}")
