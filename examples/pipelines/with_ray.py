"""Activations on datasets of Ray: python examples/pipelines/with_ray.py"""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import ray

import gelu_fast.arrow

ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
ray.data.DataContext.get_current().enable_progress_bars = False


def with_relu(batch):
    """Ray calls this in its workers, which need gelu_fast too."""
    return gelu_fast.arrow.apply("relu", batch, columns=["x"])


with tempfile.TemporaryDirectory() as folder:
    for part in range(3):
        table = pa.table({"id": [3 * part, 3 * part + 1, 3 * part + 2], "x": [-1.0, None, 2.0]})
        pq.write_table(table, Path(folder, f"{part}.parquet"))

    # Batches are tables of Arrow. Nulls, types and the other columns stay.
    data = ray.data.read_parquet(folder).map_batches(with_relu, batch_format="pyarrow")
    data.write_parquet(Path(folder, "out"))
    table = pq.read_table(Path(folder, "out")).sort_by("id")
    print(table["x"].to_pylist())
    # prints [0.0, None, 2.0, 0.0, None, 2.0, 0.0, None, 2.0]


@ray.remote
def hidden(x):
    return gelu_fast.gelu(x)


# An array as a task.
print([round(float(y), 3) for y in ray.get(hidden.remote([-1.0, 0.5, 2.0]))])
# prints [-0.159, 0.346, 1.954]
