"""Activations on Arrow data: python examples/pipelines/with_pyarrow.py"""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.acero as acero
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

import gelu_fast.arrow

table = pa.table(
    {
        "id": pa.array([1, 2, 3]),
        "gate": pa.array([-1.0, None, 2.0], pa.float32()),
        "up": pa.array([1.0, 2.0, 3.0], pa.float32()),
    }
)

# A column of a table, and a gate of two columns. Nulls and types stay.
print(gelu_fast.arrow.apply("relu", table, columns=["gate"]).to_pydict())
# prints {'id': [1, 2, 3], 'gate': [0.0, None, 2.0], 'up': [1.0, 2.0, 3.0]}
print(gelu_fast.arrow.apply("reglu", table["gate"], table["up"]).to_pylist())
# prints [0.0, None, 6.0]

# Embeddings are lists of a fixed size.
embeddings = pa.array([[-1.0, 0.0], None, [1.0, 2.0]], pa.list_(pa.float32(), 2))
print(gelu_fast.arrow.apply("relu", embeddings).to_pylist())
# prints [[0.0, 0.0], None, [1.0, 2.0]]

with tempfile.TemporaryDirectory() as folder:
    for part in range(3):
        pq.write_table(table, Path(folder, f"{part}.parquet"))
    data = ds.dataset(folder, format="parquet")

    # A stream: no more than a few batches are in memory.
    reader = gelu_fast.arrow.apply("gelu", data.scanner().to_reader(), columns=["gate", "up"])
    ds.write_dataset(reader, Path(folder, "out"), format="parquet")
    print(ds.dataset(Path(folder, "out")).count_rows(), "rows")
    # prints 9 rows

    # A projection. register() gives each function a name for each type of floats.
    gelu_fast.arrow.register()
    relu = pc.Expression._call("relu_float32", [pc.field("gate")])
    print(data.head(3, columns={"id": pc.field("id"), "relu": relu}).to_pydict())
    # prints {'id': [1, 2, 3], 'relu': [0.0, None, 2.0]}

# The same expression in a plan of Acero.
plan = acero.Declaration.from_sequence(
    [
        acero.Declaration("table_source", acero.TableSourceNodeOptions(table)),
        acero.Declaration("filter", acero.FilterNodeOptions(pc.field("up") > 1)),
        acero.Declaration("project", acero.ProjectNodeOptions([relu], ["relu"])),
    ]
)
print(plan.to_table().to_pydict())
# prints {'relu': [None, 2.0]}
