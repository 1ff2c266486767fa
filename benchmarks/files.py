"""Measures time and memory of `gelu-fast apply` on a large file of each format, beside the same
reads and writes without a function.

    python benchmarks/files.py [--size BYTES] [--formats parquet,npy] [--output benchmarks/results]

The files hold normal numbers in float32; those of tables have a tenth of nulls and a column of
strings. Each run is a process. Memory is its largest resident memory less what it has after the
imports. Both jobs run in turn. The files need twice SIZE on the disk of --folder.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).resolve().parent)]

ROWS = 1 << 20  # at once
COLUMNS = 4
RUN = """
import json, sys, time
import numpy as np
from gelu_fast._files.apply import apply_file
{imports}

def memory(key):
    with open("/proc/self/status") as status:
        return 1024 * int([line.split()[1] for line in status if line.startswith(key)][0])

if {copies}:
{copying}
before, start = memory("VmHWM"), time.perf_counter()
apply_file({source!r}, {target!r}, np.positive if {copies} else "gelu", threads={threads})
print(json.dumps([time.perf_counter() - start, memory("VmHWM") - before]))
"""
TABLES = "import pyarrow.parquet\nfrom gelu_fast._files import columns"
IMPORTS = {
    "parquet": TABLES,
    "arrow": TABLES,
    "safetensors": "import safetensors",
    "zarr": "import zarr",
}
NOTHING = "    pass  # np.positive copies"
COPY_OF_TABLES = "    columns.Columns.apply = lambda self, batch: batch"


def numbers(count, seed):
    import numpy as np

    return np.random.default_rng(seed).standard_normal(count, np.float32)


def batches(size):
    """Record batches of `size` bytes together."""
    import numpy as np
    import pyarrow as pa

    texts = pa.array([f"text {i}" for i in range(1000)])
    for i in range(max(1, size // (ROWS * (4 * COLUMNS + 8)))):
        missing = np.random.default_rng(i).random(ROWS) < 0.1
        columns = {f"x{j}": pa.array(numbers(ROWS, [i, j]), mask=missing) for j in range(COLUMNS)}
        columns["text"] = texts.take(pa.array(np.arange(ROWS) * 7 % 1000))
        yield pa.record_batch(columns)


def make_parquet(path, size):
    import pyarrow.parquet as pq

    writer = None
    for batch in batches(size):
        writer = writer or pq.ParquetWriter(path, batch.schema)
        writer.write_batch(batch, ROWS)
    writer.close()


def make_arrow(path, size):
    import pyarrow as pa

    writer = None
    for batch in batches(size):
        writer = writer or pa.ipc.new_file(path, batch.schema)
        writer.write_batch(batch)
    writer.close()


def make_npy(path, size):
    import numpy as np

    with open(path, "wb") as file:
        shape = (max(1, size // (4 * ROWS)), ROWS)
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for i in range(shape[0]):
            file.write(numbers(ROWS, i))


def make_npz(path, size):
    import numpy as np

    np.savez(path, **{f"x{i}": numbers(size // 4 // COLUMNS, i) for i in range(COLUMNS)})


def make_safetensors(path, size):
    from safetensors.numpy import save_file

    save_file({f"x{i}": numbers(size // 4 // COLUMNS, i) for i in range(COLUMNS)}, path)


def make_zarr(path, size):
    import zarr

    count = max(1, size // (4 * ROWS))
    array = zarr.create_array(path, shape=(count, ROWS), chunks=(1, ROWS), dtype="f4")
    for i in range(count):
        array[i] = numbers(ROWS, i)


MAKERS = {
    "npy": make_npy,
    "npz": make_npz,
    "safetensors": make_safetensors,
    "parquet": make_parquet,
    "arrow": make_arrow,
    "zarr": make_zarr,
}


def run(kind, source, target, copies, threads):
    """Returns (seconds, bytes of memory) of one process, and removes its output."""
    is_table = kind in ("parquet", "arrow")
    code = RUN.format(
        imports=IMPORTS.get(kind, ""),
        copies=copies,
        copying=COPY_OF_TABLES if is_table else NOTHING,
        source=str(source),
        target=str(target),
        threads=threads,
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    return json.loads(done.stdout)


def measure(kind, folder, size, runs, threads):
    source, target = folder / f"in.{kind}", folder / f"out.{kind}"
    MAKERS[kind](str(source), size)
    found = {True: [], False: []}
    for _ in range(runs):
        for copies in (True, False):
            found[copies].append(run(kind, source, target, copies, threads))
    files = [source] if source.is_file() else [one for one in source.rglob("*") if one.is_file()]
    result = {
        "bytes": sum(os.path.getsize(one) for one in files),
        "seconds": median(seconds for seconds, _ in found[False]),
        "copy seconds": median(seconds for seconds, _ in found[True]),
        "memory": max(memory for _, memory in found[False]),
        "copy memory": max(memory for _, memory in found[True]),
    }
    shutil.rmtree(source) if source.is_dir() else source.unlink()
    return result


def cells(result):
    """Returns (header, rows) of the table."""
    header = ["", "size", "time", "without a function", "memory", "without a function"]
    rows = [
        [
            f"`.{kind}`",
            f"{one['bytes'] / 1e9:.2f} GB",
            f"{one['seconds']:.1f} s",
            f"{one['copy seconds']:.1f} s",
            f"{one['memory'] / 2**20:.0f} MiB",
            f"{one['copy memory'] / 2**20:.0f} MiB",
        ]
        for kind, one in result["formats"].items()
    ]
    return header, rows


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=2 << 30, help="bytes of numbers and strings")
    parser.add_argument("--formats", default=",".join(MAKERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the files are made")
    parser.add_argument("--output", type=Path, help="folder for files.json")
    args = parser.parse_args(argv)
    from reports import report

    result = {"machine": report.machine(), "threads": args.threads, "formats": {}}
    for kind in args.formats.split(","):
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            made = measure(kind, Path(folder), args.size, args.runs, args.threads)
        result["formats"][kind] = made
        print(kind, made, file=sys.stderr, flush=True)
    print(report.markdown_table(*cells(result)))
    if args.output:
        report.save(result, args.output / "files.json")


if __name__ == "__main__":
    main()
