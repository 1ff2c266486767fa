"""An application that PyInstaller has packed calls what the package has, with all files that it
loads by their paths."""

import subprocess
import sys

import pytest

pytest.importorskip("PyInstaller", reason="PyInstaller is not installed")

APPLICATION = """
import ctypes
import importlib.metadata
import pydoc
import sys

import numpy as np

import gelu_fast
import gelu_fast.duckdb
import gelu_fast.onnx
from gelu_fast import functional, nn
from gelu_fast.cuda import _source
from gelu_fast._core.table import ROWS

assert sys.frozen
assert gelu_fast.gelu(1.0) == 0.8413447460685429
x = np.array([-1, 2], np.float32)
assert functional.celu(x, alpha=2.0).dtype == x.dtype
assert nn.Linear([[1.0]]).forward(np.ones((1, 1))) == 1
assert gelu_fast.quantized.table("gelu", 0.1, 0, 0.1, 0).size == 256
assert gelu_fast.activation("gelu_new") is gelu_fast.gelu_tanh
assert gelu_fast.which_gelu(x, gelu_fast.gelu(x))[0].function == "gelu"
assert all(result.passed for result in gelu_fast.selfcheck("relu", "scalar"))
assert "Parameters" in pydoc.render_doc(gelu_fast.gelu)
for row in ROWS:
    assert row.function in _source.source(row)
ctypes.CDLL(gelu_fast.get_library()).gf_gelu_f32
ctypes.CDLL(gelu_fast.onnx.get_library_path()).RegisterCustomOps
assert gelu_fast.duckdb.get_extension()
assert importlib.metadata.version("gelu_fast") == gelu_fast.__version__
print("fine")
"""
# What the package may import, but this program does not need, and is large.
WITHOUT = ["cupy", "dask", "distributed", "jax", "jaxlib", "matplotlib", "numba", "onnx"]
WITHOUT += ["onnxruntime", "pandas", "pkg_resources", "polars", "pyarrow", "safetensors", "scipy"]
WITHOUT += ["setuptools", "sklearn", "tkinter", "torch", "transformers", "xarray", "zarr"]


@pytest.mark.slow
def test_application(tmp_path):
    (tmp_path / "application.py").write_text(APPLICATION)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    for module in WITHOUT:
        command += ["--exclude-module", module]
    done = subprocess.run(
        [*command, "application.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    packed = tmp_path / "dist" / "application" / "application"
    done = subprocess.run([packed], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "fine\n"), done.stderr
