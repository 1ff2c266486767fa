"""Registers the handler of glue.c with XLA."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import jax
import jaxlib

TARGET = "gelu_fast"  # its name in compiled programs
REINSTALL = "pip install --no-binary gelu_fast --force-reinstall --no-deps gelu_fast"


def register() -> None:
    glue = [path for path in Path(__file__).parent.glob("glue.*") if path.suffix in (".so", ".dll")]
    if not glue:
        raise ImportError(
            "gelu_fast was built without the headers of jaxlib, so it has nothing that XLA can "
            f"call: install it again where jax is installed, with `{REINSTALL}`"
        )
    library = ctypes.CDLL(str(glue[0]))
    ctypes.c_int.in_dll(library, "gelu_fast_jax_minor_version").value = minor_version()
    capsule = jax.ffi.pycapsule(library.gelu_fast_jax)
    jax.ffi.register_ffi_target(TARGET, capsule, platform="cpu")
    jax.ffi.register_ffi_target_as_batch_partitionable(TARGET)


def minor_version() -> int:
    """The minor version of the interface of the installed jaxlib. It must be checked here, because
    JAX checks it when it is used first, and is then unusable if a handler has another."""
    header = Path(jaxlib.__file__).parent / "include" / "xla" / "ffi" / "api" / "c_api.h"
    versions = dict(re.findall(r"^#define XLA_FFI_API_(\w+) (\d+)$", header.read_text(), re.M))
    if versions.get("MAJOR") != "0" or "MINOR" not in versions:
        raise ImportError(
            f"gelu_fast.jax knows version 0 of XLA's foreign function interface, and jaxlib "
            f"{jaxlib.__version__} has version {versions.get('MAJOR')}: install an older jax or a "
            "newer gelu_fast"
        )
    return int(versions["MINOR"])
