"""Activations on files of several formats, as `gelu-fast apply` computes them:
python examples/pipelines/with_files.py"""

import os
import subprocess
import sys
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import safetensors.numpy
import zarr


def apply(*arguments):
    """Runs the command, which a shell would call gelu-fast."""
    command = [sys.executable, "-m", "gelu_fast", "apply", *arguments, "--function", "relu"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    print(done.stderr or "done", end="" if done.stderr else "\n")


x = np.array([-1.0, 0.0, 2.0], np.float32)
os.chdir(tempfile.mkdtemp())

# A table: columns of floats are computed, nulls and all others stay.
pq.write_table(pa.table({"id": [1, 2, 3], "x": [-1.5, None, 2.5]}), "in.parquet")
apply("in.parquet", "out.parquet")
# prints done
print(pq.read_table("out.parquet").to_pydict())
# prints {'id': [1, 2, 3], 'x': [0.0, None, 2.5]}

# Tensors: those that match a pattern.
safetensors.numpy.save_file({"layer.1.up": x, "layer.1.down": x}, "in.safetensors")
apply("in.safetensors", "out.safetensors", "--tensors", "*.up")
# prints done
print(sorted((k, v.tolist()) for k, v in safetensors.numpy.load_file("out.safetensors").items()))
# prints [('layer.1.down', [-1.0, 0.0, 2.0]), ('layer.1.up', [0.0, 0.0, 2.0])]

# An archive of NumPy. A pattern without a match says what there is.
np.savez("in.npz", hidden=x, ids=np.arange(3))
apply("in.npz", "out.npz", "--tensors", "hiden")
# prints gelu-fast: 'in.npz': no tensor matches 'hiden'; there are 'hidden', 'ids'

# A store of chunks.
group = zarr.open_group("in.zarr", mode="w")
group.create_array("layer/hidden", data=x, chunks=2)
apply("in.zarr", "out.zarr")
# prints done
print(zarr.open_group("out.zarr", mode="r")["layer/hidden"][:].tolist())
# prints [0.0, 0.0, 2.0]
