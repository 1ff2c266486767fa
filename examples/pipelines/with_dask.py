"""Activations on data in pieces: python examples/pipelines/with_dask.py"""

import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd

import gelu_fast

x = da.random.default_rng(0).normal(size=(4000, 1000), chunks=(1000, 1000)).astype(np.float32)

# Nothing is computed before it is needed, and then a chunk at a time.
y = gelu_fast.gelu(x)
print(y.chunks, y.dtype)
# prints ((1000, 1000, 1000, 1000), (1000,)) float32
print(round(float(y.mean().compute()), 2))
# prints 0.28

# map_blocks is the same, and takes any function of arrays.
same = x.map_blocks(gelu_fast.gelu, dtype=x.dtype)
print(bool((same == y).all().compute()))
# prints True

# A gate of two arrays, and of one that has both.
gate, up = x[:, :500], x[:, 500:]
print(gelu_fast.swiglu(gate, up).shape, gelu_fast.swiglu_packed(x).shape)
# prints (4000, 500) (4000, 500)


def apply(function, *arrays):
    """Computes a ufunc with any number of inputs and results on arrays of Dask."""
    signature = ",".join(["()"] * function.nin) + "->" + ",".join(["()"] * function.nout)
    dtypes = [np.result_type(*arrays)] * function.nout
    return da.apply_gufunc(function, signature, *arrays, output_dtypes=dtypes)


# A function with two results: the ufunc knows how many inputs and results it has.
dgate, dup = apply(gelu_fast.swiglu_backward, da.ones_like(gate), gate, up)
print(dgate.shape, dup.dtype)
# prints (4000, 500) float32

# A data frame: the result of an empty frame tells Dask names and types without computing.
frame = dd.from_pandas(pd.DataFrame({"id": [1, 2, 3], "x": [-1.0, 0.0, 2.0]}), npartitions=2)


def with_hidden(part):
    return part.assign(hidden=gelu_fast.relu(part["x"]))


hidden = frame.map_partitions(with_hidden, meta=with_hidden(frame._meta))
print(hidden.dtypes["hidden"], hidden.compute()["hidden"].tolist())
# prints float64 [0.0, 0.0, 2.0]
