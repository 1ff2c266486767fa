"""The functions on Arrow data, with nulls kept:

>>> import pyarrow as pa
>>> import gelu_fast.arrow
>>> gelu_fast.arrow.apply("hardswish", pa.array([-1.5, None, 4.0])).to_pylist()
[-0.375, None, 4.0]

`apply` takes arrays, chunked arrays, record batches, tables and readers of pyarrow, and objects of
other libraries that hand out Arrow data. `register` makes the functions known to pyarrow.compute,
for projections of datasets and for Acero.
"""

try:
    from ._apply import apply
    from ._register import register
except ImportError as error:
    raise ImportError(
        f"gelu_fast.arrow needs pyarrow, which `pip install 'gelu_fast[arrow]'` installs: {error}",
        name="pyarrow",
    ) from error

__all__ = ["apply", "register"]
