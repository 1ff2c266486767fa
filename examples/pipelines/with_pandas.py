"""Activations in pandas: python examples/pipelines/with_pandas.py"""

import pandas as pd

import gelu_fast
import gelu_fast.functional as F

frame = pd.DataFrame(
    {
        "layer": ["in", "in", "out", "out"],
        "gate": pd.array([-1.0, 0.5, None, 2.0], dtype="Float64"),
        "up": pd.array([1.0, 2.0, 3.0, 4.0], dtype="Float64"),
    },
    index=["a", "b", "c", "d"],
)

# Index, name, type and missing numbers stay.
hidden = gelu_fast.gelu(frame["gate"])
print(hidden.name, hidden.dtype, hidden.index.tolist(), hidden.round(3).tolist())
# prints gate Float64 ['a', 'b', 'c', 'd'] [-0.159, 0.346, <NA>, 1.954]

print(gelu_fast.swiglu(frame["gate"], frame["up"]).round(3).tolist())
# prints [-0.269, 0.622, <NA>, 7.046]

# All columns of numbers at once, here by a function with a parameter.
print(F.leaky_relu(frame[["gate", "up"]], 0.1).round(3).to_dict("list"))
# prints {'gate': [-0.1, 0.5, None, 2.0], 'up': [1.0, 2.0, 3.0, 4.0]}

# In a chain, before groups.
means = frame.assign(hidden=hidden).groupby("layer")["hidden"].mean()
print(means.round(3).to_dict())
# prints {'in': 0.094, 'out': 1.954}

# Columns that are backed by Arrow stay so. gelu_fast.arrow computes on their memory.
backed = frame["gate"].astype("double[pyarrow]")
print(gelu_fast.gelu(backed).dtype)
# prints double[pyarrow]
