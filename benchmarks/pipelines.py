"""Times `gelu` in hosts of data, beside the bare ufunc on a NumPy array.

    python benchmarks/pipelines.py [--output benchmarks/results]

Each host has a million numbers in float32. Where a host marks missing numbers, a tenth is missing.
The host and the ufunc run in turn in one thread, and both make a new result. A host that is not
installed is left out. The rows of the table in docs/pipelines.md are the hosts here.
"""

import argparse
import sys
from importlib import metadata
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

N = 1_000_000
HOSTS = {}


def host(package, call, kept, name=None):
    """Adds a host to the table: `make(x, missing)` returns a call of it on the numbers x, of which
    those of the array `missing` are missing."""

    def add(make):
        HOSTS[name or package] = {"package": package, "call": call, "kept": kept, "make": make}
        return make

    return add


@host("numpy", "`gelu(masked_array)`", "mask", "NumPy, masked array")
def masked_array(x, missing):
    import numpy as np

    import gelu_fast

    array = np.ma.array(x, mask=missing)
    return lambda: gelu_fast.gelu(array)


@host("pandas", "`gelu(series)`, `gelu(frame)`", "index, name, `NA`", "pandas, `Float32`")
def pandas_float32(x, missing):
    import pandas as pd

    import gelu_fast

    series = pd.Series(pd.arrays.FloatingArray(x, missing))
    return lambda: gelu_fast.gelu(series)


@host("pandas", "`gelu(series)`, `gelu(frame)`", "index, name, `NA`", "pandas, `float[pyarrow]`")
def pandas_arrow(x, missing):
    import pandas as pd
    import pyarrow as pa

    import gelu_fast

    series = pd.Series(pd.arrays.ArrowExtensionArray(pa.array(x, mask=missing)))
    return lambda: gelu_fast.gelu(series)


@host("polars", "`gelu(series)`", "name, nulls", "polars, series")
def polars_series(x, missing):
    import polars as pl
    import pyarrow as pa

    import gelu_fast

    series = pl.Series("x", pa.array(x, mask=missing))
    return lambda: gelu_fast.gelu(series)


@host("polars", '`gelu(polars.col("x"))`', "names, nulls", "polars, expression")
def polars_expression(x, missing):
    import polars as pl
    import pyarrow as pa

    import gelu_fast

    frame = pl.DataFrame({"x": pl.Series("x", pa.array(x, mask=missing))})
    return lambda: frame.select(gelu_fast.gelu(pl.col("x")))


@host("pyarrow", '`gelu_fast.arrow.apply("gelu", data)`', "nulls, type, chunks, schema")
def pyarrow_apply(x, missing):
    import pyarrow as pa

    import gelu_fast.arrow

    array = pa.array(x, mask=missing)
    return lambda: gelu_fast.arrow.apply("gelu", array)


@host("pyarrow", '`call_function("gelu_float32", [data])`', "nulls, chunks", "pyarrow.compute")
def pyarrow_compute(x, missing):
    import pyarrow as pa
    import pyarrow.compute as pc

    import gelu_fast.arrow

    gelu_fast.arrow.register()
    array = pa.array(x, mask=missing)
    return lambda: pc.call_function("gelu_float32", [array])


@host("polars", '`gelu_fast.arrow.apply("gelu", series)`', "nulls, type", "polars, through Arrow")
def polars_through_arrow(x, missing):
    import polars as pl
    import pyarrow as pa

    import gelu_fast.arrow

    series = pl.Series("x", pa.array(x, mask=missing))
    return lambda: pl.Series("x", gelu_fast.arrow.apply("gelu", series))


@host("xarray", "`gelu(data_array)`", "dimensions, coordinates, name, laziness")
def xarray(x, missing):
    import xarray as xr

    import gelu_fast

    array = xr.DataArray(x.reshape(1000, -1), dims=("row", "column"), name="x")
    return lambda: gelu_fast.gelu(array)


@host("dask", "`gelu(array)`, `gelu(series)`", "chunks, laziness", "dask, 4 chunks")
def dask(x, missing):
    import dask.array as da

    import gelu_fast

    array = da.from_array(x, chunks=len(x) // 4)
    return lambda: gelu_fast.gelu(array).compute(scheduler="synchronous")


@host("duckdb", "`SELECT sum(gelu(x)) FROM t`", "NULL", "DuckDB, with `sum`")
def duckdb_sum(x, missing):
    """The sum takes most of the time; without it DuckDB would copy the results for Python."""
    return duckdb_query(x, missing, "sum(gelu(x))")


@host("duckdb", "`SELECT sum(x) FROM t`", "NULL", "DuckDB, `sum` alone")
def duckdb_sum_alone(x, missing):
    return duckdb_query(x, missing, "sum(x)")


def duckdb_query(x, missing, expression):
    import duckdb

    import gelu_fast.duckdb

    columns = {"x": x, "missing": missing}  # noqa: F841, DuckDB finds it by its name
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": 1})
    gelu_fast.duckdb.load(connection)
    connection.execute("CREATE TABLE t AS SELECT if(missing, NULL, x) AS x FROM columns")
    return lambda: connection.execute(f"SELECT {expression} FROM t").fetchall()


# ---- The measurement


def measure(name, x, missing, seconds):
    """Returns the times of a host and of the bare ufunc, or None if the host is not installed."""
    from statistics import median

    from common.timing import interleaved

    import gelu_fast

    try:
        version = metadata.version(HOSTS[name]["package"])
        call = HOSTS[name]["make"](x, missing)
    except ImportError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None
    times = interleaved({"host": call, "ufunc": lambda: gelu_fast.gelu(x)}, seconds)
    pairs = zip(times["host"], times["ufunc"], strict=True)
    return {
        "package": HOSTS[name]["package"],
        "version": version,
        "call": HOSTS[name]["call"],
        "kept": HOSTS[name]["kept"],
        "us": 1e6 * median(times["host"]),
        "ufunc us": 1e6 * median(times["ufunc"]),
        "ratio": median(a / b for a, b in pairs),
    }


def cells(result):
    """Returns (header, rows) of the table."""
    header = ["host", "how to call it", "what is kept", "time", "beside the ufunc"]
    rows = [
        [
            name,
            found["call"],
            found["kept"],
            f"{found['us'] / 1000:.2f} ms",
            f"{found['ratio']:.2f}",
        ]
        for name, found in result["hosts"].items()
    ]
    return header, rows


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=N, help="numbers")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each host")
    parser.add_argument("--output", type=Path, help="folder for pipelines.json")
    args = parser.parse_args(argv)
    environment.enter(None)
    import numpy as np
    from common.inputs import normal
    from reports import report

    x = normal(args.size, np.dtype("f4"))
    missing = np.random.default_rng(2).random(args.size) < 0.1
    found = {name: measure(name, x, missing, args.seconds) for name in HOSTS}
    result = {
        "machine": report.machine(),
        "size": args.size,
        "hosts": {name: one for name, one in found.items() if one},
    }
    print(report.markdown_table(*cells(result)))
    if args.output:
        report.save(result, args.output / "pipelines.json")


if __name__ == "__main__":
    main()
