"""DuckDB's SQL on columns with nulls, constants, filters (which select parts of vectors) and any
number of rows. The numbers must be those of the ufunc, the others NULL."""

import duckdb
import numpy as np
import pyarrow as pa

import gelu_fast.duckdb
from gelu_fast._core import _ufuncs

from .choices import Choices, numbers

UFUNCS = list(_ufuncs.ufuncs().values())
TYPES = {"f4": "FLOAT", "f8": "DOUBLE"}
CONNECTION = duckdb.connect(
    config={"allow_unsigned_extensions": "true", "threads": 1}  # rows come back in their order
)
gelu_fast.duckdb.load(CONNECTION)


def seeds():
    rng = np.random.default_rng(0)
    return [rng.bytes(40) for _ in range(200)]


def check(data):
    choices = Choices(data)
    ufunc, n = choices.of(UFUNCS), choices.of([5, 64, 2047, 2048, 2049, 5000, 0, 1])
    dtype = choices.of(list(TYPES))
    columns, operands, arrays, valid = {}, [], [], np.ones(n, bool)
    for name in "abc"[: ufunc.nin]:
        values = numbers(choices, dtype, n)
        present = choices.rng().random(n) < choices.of([1.0, 0.5, 0.0, 0.99])
        if choices.pick(4) == 3:  # a constant
            constant = choices.of([-1.5, 0.25, 3.0])
            values = np.full(n, constant, dtype)
            operands.append(f"{constant}::{TYPES[dtype]}")
        else:
            columns[name] = pa.array(values, mask=~present)
            operands.append(name)
            valid &= present
        arrays.append(values)
    kept = choices.rng().random(n) < choices.of([1.0, 0.5, 0.1, 0.0])
    columns["kept"] = pa.array(kept)
    CONNECTION.register("data", pa.table(columns))
    where = "WHERE kept" if choices.pick(2) else ""
    query = f"SELECT gelu_fast_{ufunc.__name__}({', '.join(operands)}) AS y FROM data {where}"
    got = CONNECTION.sql(query).to_arrow_table().column("y").combine_chunks()
    with np.errstate(all="ignore"):
        want = ufunc(*arrays)
    here = kept if where else np.ones(n, bool)
    compare(ufunc, got, want, valid, here)


def compare(ufunc, got, want, valid, here):
    assert len(got) == here.sum()
    assert np.array_equal(np.asarray(got.is_valid()), valid[here])
    members = got.drop_null().flatten() if ufunc.nout > 1 else [got.drop_null()]
    for array, w in zip(members, want if ufunc.nout > 1 else [want], strict=True):
        found, w = np.asarray(array), w[here & valid]
        assert found.dtype == w.dtype
        same = found.view(f"u{w.itemsize}") == w.view(f"u{w.itemsize}")
        # Of two inputs that are NaN, either may be the result.
        assert (same | (np.isnan(found) & np.isnan(w) & (ufunc.nin > 1))).all(), ufunc.__name__
