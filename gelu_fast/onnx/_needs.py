"""The import of onnx, which is optional."""

from __future__ import annotations

from typing import Any


def import_onnx(who: str) -> Any:
    """The package onnx, or an ImportError that says what needs it."""
    try:
        import onnx
        import onnx.reference
    except ImportError as error:
        raise ImportError(
            f"{who} needs onnx, which `pip install 'gelu_fast[onnx]'` installs: {error}",
            name="onnx",
        ) from error
    return onnx
