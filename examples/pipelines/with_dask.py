"""Activations on data in pieces: python examples/pipelines/with_dask.py"""

import dask.array as da
import numpy as np

import gelu_fast

x = da.random.default_rng(0).normal(size=(4000, 1000), chunks=(1000, 1000)).astype(np.float32)

# Nothing is computed before it is needed, and then a chunk at a time.
y = gelu_fast.gelu(x)
print(y.chunks, y.dtype)
# prints ((1000, 1000, 1000, 1000), (1000,)) float32
print(round(float(y.mean().compute()), 2))
# prints 0.28

# A gate of two arrays, and of one that has both.
gate, up = x[:, :500], x[:, 500:]
print(gelu_fast.swiglu(gate, up).shape, gelu_fast.swiglu_packed(x).shape)
# prints (4000, 500) (4000, 500)

# A function with two results.
dgate, dup = da.apply_gufunc(
    gelu_fast.swiglu_backward,
    "(),(),()->(),()",
    da.ones_like(gate),
    gate,
    up,
    output_dtypes=[gate.dtype, gate.dtype],
)
print(dgate.shape, dup.dtype)
# prints (4000, 500) float32
