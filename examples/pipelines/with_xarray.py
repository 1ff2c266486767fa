"""Activations on labelled arrays: python examples/pipelines/with_xarray.py"""

import numpy as np
import xarray as xr

import gelu_fast

x = xr.DataArray(
    np.array([[-1.0, 0.0, 2.0], [0.5, np.nan, -3.0]], np.float32),
    dims=("token", "unit"),
    coords={"token": ["the", "cat"], "unit": [10, 20, 30]},
    name="hidden",
)

# Dimensions, coordinates and the name stay.
y = gelu_fast.gelu(x)
print(y.name, y.dtype, y.dims, y.sel(unit=10).values)
# prints hidden float32 ('token', 'unit') [-0.15865526 0.34573123]

# Two arrays are aligned by their labels.
up = xr.DataArray(np.ones(3, np.float32), dims="unit", coords={"unit": [10, 20, 30]})
print(gelu_fast.reglu(x, up).sel(token="cat").values)
# prints [0.5 nan 0. ]

# A packed array has gate and up along one dimension. The result has the labels of the gate.
packed = xr.DataArray(np.arange(4.0), dims="unit", coords={"unit": list("abcd")})
print(gelu_fast.swiglu_packed(packed).unit.values)
# prints ['a' 'b']

# A function with two results.
dgate, dup = xr.apply_ufunc(
    gelu_fast.reglu_backward, xr.ones_like(x), x, up, output_core_dims=[[], []]
)
print(dgate.sel(unit=30).values, dup.sel(unit=30).values)
# prints [1. 0.] [2. 0.]

# Arrays of Dask are computed when they are needed.
lazy = gelu_fast.gelu(x.chunk({"token": 1}))
print(lazy.chunks, lazy.compute().equals(y))
# prints ((1, 1), (3,)) True
