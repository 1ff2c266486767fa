"""The functions of the table as operators of ONNX models."""

from ._library import get_library_path

__all__ = ["get_library_path"]
