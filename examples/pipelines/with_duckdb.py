"""Activations in DuckDB's SQL: python examples/pipelines/with_duckdb.py"""

import tempfile
from pathlib import Path

import duckdb

import gelu_fast.duckdb

# DuckDB allows extensions that its makers have not signed only if the program asks for it.
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
gelu_fast.duckdb.load(connection)
connection.execute("""
    CREATE TABLE hidden AS
    FROM (VALUES ('the', -1e0, 1e0), ('cat', NULL, 2e0), ('sat', 2e0, 3e0)) rows(token, gate, up)
""")

# NULL stays NULL.
print(connection.sql("SELECT token, round(gelu(gate), 3) FROM hidden").fetchall())
# prints [('the', -0.159), ('cat', None), ('sat', 1.954)]

# FLOAT and DOUBLE stay what they are. Numbers are converted to the type of the column.
query = "SELECT typeof(gelu(gate)), typeof(swish(gate::FLOAT, 1.5)) FROM hidden LIMIT 1"
print(connection.sql(query).fetchall())
# prints [('DOUBLE', 'FLOAT')]

# A gate takes two columns. A function with two results returns a STRUCT.
query = "SELECT round(swiglu(gate, up), 3), unnest(reglu_backward(1, gate, up)) FROM hidden"
print(connection.sql(query).columns[1:], connection.sql(query).fetchall())
# prints ['dgate', 'dup'] [(-0.269, 0.0, 0.0), (None, None, None), (5.285, 3.0, 2.0)]

# DuckDB has a tanh of its own. The longer name is always that of gelu_fast.
query = "SELECT typeof(tanh(gate::FLOAT)), typeof(gelu_fast_tanh(gate::FLOAT)) FROM hidden LIMIT 1"
print(connection.sql(query).fetchall())
# prints [('DOUBLE', 'FLOAT')]

# From one file to another, in DuckDB's threads. The files may be larger than the memory.
with tempfile.TemporaryDirectory() as folder:
    x, y = Path(folder, "x.parquet"), Path(folder, "y.parquet")
    connection.execute(f"COPY (SELECT i::DOUBLE AS x FROM range(100000) r(i)) TO '{x}'")
    connection.execute(f"COPY (SELECT * REPLACE (relu(x - 9e4) AS x) FROM '{x}') TO '{y}'")
    print(connection.sql(f"SELECT count(*), max(x) FROM '{y}'").fetchall())
# prints [(100000, 9999.0)]
