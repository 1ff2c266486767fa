"""Registers the handler of glue.c with XLA."""

from __future__ import annotations

import ctypes
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
    handler = ctypes.CDLL(str(glue[0])).gelu_fast_jax
    try:
        jax.ffi.register_ffi_target(TARGET, jax.ffi.pycapsule(handler), platform="cpu")
    except Exception as error:
        raise ImportError(
            f"jaxlib {jaxlib.__version__} refuses the handler of gelu_fast, which was built for "
            f"another version of XLA's interface ({error}): install gelu_fast again where this "
            f"jaxlib is installed, with `{REINSTALL}`"
        ) from error
