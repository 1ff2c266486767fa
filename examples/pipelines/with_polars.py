"""Activations in polars: python examples/pipelines/with_polars.py"""

import polars as pl

import gelu_fast
import gelu_fast.arrow
import gelu_fast.functional as F

frame = pl.DataFrame(
    {"gate": [-1.0, 0.5, None, 2.0], "up": [1.0, 2.0, 3.0, 4.0]},
    schema={"gate": pl.Float64, "up": pl.Float64},
)

# A series keeps its name, its type and its nulls.
hidden = gelu_fast.gelu(frame["gate"])
print(hidden.name, hidden.dtype, hidden.round(3).to_list())
# prints gate Float64 [-0.159, 0.346, None, 1.954]

# An expression of one column is computed lazily.
lazy = frame.lazy().select(gelu=gelu_fast.gelu(pl.col("gate")), leaky=F.leaky_relu(pl.col("up")))
print(lazy.collect().cast(pl.Float64).with_columns(pl.all().round(3)).to_dict(as_series=False))
# prints {'gelu': [-0.159, 0.346, None, 1.954], 'leaky': [1.0, 2.0, 3.0, 4.0]}

# A gate takes two series; map_batches hands them over in a lazy query.
gated = pl.map_batches(
    ["gate", "up"], lambda columns: gelu_fast.swiglu(*columns), return_dtype=pl.Float64
)
print(frame.lazy().select(gated.round(3)).collect()["gate"].to_list())
# prints [-0.269, 0.622, None, 7.046]

# gelu_fast.arrow computes on the memory of a series, without copies, and on whole frames.
print(pl.Series(gelu_fast.arrow.apply("gelu", frame["gate"])).equals(hidden))
# prints True
print(pl.DataFrame(gelu_fast.arrow.apply("relu", frame)).to_dict(as_series=False))
# prints {'gate': [0.0, 0.5, None, 2.0], 'up': [1.0, 2.0, 3.0, 4.0]}
