"""The functions of the table in DuckDB's SQL, with the bits of the ufuncs:

>>> import duckdb
>>> import gelu_fast.duckdb
>>> connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
>>> gelu_fast.duckdb.load(connection)
>>> connection.sql("SELECT round(gelu(unnest([-1.0, NULL, 2.0])), 6)").fetchall()
[(-0.158655,), (None,), (1.9545,)]

The functions are an extension of DuckDB, which other programs can load too (`get_extension`).
DuckDB calls it in its own threads; no Python runs for the rows.
"""

from ._load import get_extension, load

__all__ = ["get_extension", "load"]
