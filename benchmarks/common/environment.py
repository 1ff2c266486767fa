"""Sets the environment of a comparison: one thread, and one instruction set for all contestants.

Libraries read these variables when they are imported, so a program restarts itself if it needs
other values."""

import os
import sys

import numpy as np

ONE_THREAD = {
    "MKL_NUM_THREADS": "1",
    "MKL_THREADING_LAYER": "SEQUENTIAL",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}

# These variables keep peers from a better instruction set than gelu_fast uses.
LIMITS = {
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
    },
    "scalar": {
        "ATEN_CPU_CAPABILITY": "default",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
    },
}
NUMPY_FEATURES = {"avx2": ("X86_V4", "AVX512"), "scalar": ("X86_V4", "AVX512", "X86_V3", "AVX2")}


def variables(isa):
    """Returns the variables that force gelu_fast to `isa` and limit the peers to it. None forces
    nothing."""
    if isa is None:
        return dict(ONE_THREAD)
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    too_good = [name for name in found if name.startswith(NUMPY_FEATURES.get(isa, ()))]
    limits = dict(LIMITS.get(isa, {}))
    if too_good:
        limits["NPY_DISABLE_CPU_FEATURES"] = " ".join(too_good)
    return {**ONE_THREAD, "GELU_FAST_ISA": isa, **limits}


def enter(isa):
    """Restarts this program with the right environment, unless it has it already."""
    wanted = variables(isa)
    # After a restart, NumPy no longer lists the features that it must not use.
    if isa and os.environ.get("GELU_FAST_ISA") == isa:
        wanted.pop("NPY_DISABLE_CPU_FEATURES", None)
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        sys.stdout.flush()
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **wanted})
