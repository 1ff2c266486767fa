"""Registers the handler of glue.c with XLA."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import jax
import jaxlib

from .._core.glue import glue_of

TARGET = "gelu_fast"  # its name in compiled programs


def register() -> None:
    library = ctypes.CDLL(str(glue_of("jax")))
    ctypes.c_int.in_dll(library, "gelu_fast_jax_minor_version").value = minor_version()
    capsule = jax.ffi.pycapsule(library.gelu_fast_jax)
    jax.ffi.register_ffi_target(TARGET, capsule, platform="cpu")
    jax.ffi.register_ffi_target_as_batch_partitionable(TARGET)


def minor_version() -> int:
    """The minor version of the interface of the installed jaxlib. It must be checked here, because
    JAX checks it when it is used first, and is then unusable if a handler has another."""
    header = Path(jaxlib.__path__[0], "include", "xla", "ffi", "api", "c_api.h")
    versions = dict(re.findall(r"^#define XLA_FFI_API_(\w+) (\d+)$", header.read_text(), re.M))
    if versions.get("MAJOR") != "0" or "MINOR" not in versions:
        raise ImportError(
            f"gelu_fast.jax knows version 0 of XLA's foreign function interface, and jaxlib "
            f"{jaxlib.__version__} has version {versions.get('MAJOR')}: install an older jax or a "
            "newer gelu_fast"
        )
    return int(versions["MINOR"])
