"""Times gelu-fast apply on many files with Dask, beside one process without it.

    python benchmarks/cluster.py [--folder /dev/shm] [--output benchmarks/results]

The ways run in turn. The time of a job is that from the first task to the last result; the start
and the end of a cluster of this computer come on top. Large parts show how the work scales, small
parts what a part costs beside its work. The bytes are those that the client, the scheduler and the
workers send to each other during the job, counted where Dask reads and writes its sockets; client
and scheduler are one process here, so that what they send to each other is counted when it is sent.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import weakref
from pathlib import Path
from time import perf_counter

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

WAYS = {
    "one process, 1 thread": {"threads": 1},
    "one process, 2 threads": {"threads": 2},
    "Dask, 1 worker": {"workers": 1},
    "Dask, 2 workers": {"workers": 2},
}


class Job:
    """The parts of a job in a folder."""

    def __init__(self, folder, name, count, size):
        import numpy as np
        from common.inputs import normal

        self.source, self.target = folder / name, folder / f"{name}_results"
        self.source.mkdir()
        self.count, self.bytes = count, 4 * size * count
        x = normal(size, np.dtype("f4"))
        for part in range(count):
            np.save(self.source / f"{part:04}.npy", x)

    def run(self, way):
        """Returns {measure: figure} of the job on an empty folder."""
        shutil.rmtree(self.target, ignore_errors=True)
        self.target.mkdir()
        start = perf_counter()
        found = self.by_dask(way["workers"]) if "workers" in way else self.alone(way["threads"])
        return {"whole": perf_counter() - start, **found}

    def alone(self, threads):
        from gelu_fast._files.apply import apply_file

        start = perf_counter()
        for source in sorted(self.source.iterdir()):
            apply_file(str(source), str(self.target / source.name), "gelu", threads=threads)
        return {"job": perf_counter() - start}

    def by_dask(self, workers):
        from gelu_fast import __version__
        from gelu_fast._files.cluster.parts import find_parts
        from gelu_fast._files.cluster.records import claim
        from gelu_fast._files.cluster.run import compute_parts

        parts = find_parts(f"{self.source}/*", str(self.target))
        options = {"names": None, "bfloat16": False}
        job = {"options": options, "version": __version__, "function": "gelu"}
        claim(str(self.target), set(), job, False)
        seen = []

        def progress(done, total):
            seen[1:] = [(perf_counter(), SENT["bytes"])]
            if len(seen) == 1:
                seen.append(seen[0])

        outcomes = compute_parts(
            parts, job, scheduler=None, workers=workers, threads=1, progress=progress, say=print
        )
        assert all(outcome.kind == "made" for _, outcome in outcomes)
        return {"job": seen[1][0] - seen[0][0], "bytes": seen[1][1] - seen[0][1]}


SENT = {"bytes": 0}
FROM_WORKER = weakref.WeakKeyDictionary()  # {connection: whether its other end is a worker}


def count_bytes():
    """Counts what this process reads from the workers, and what it writes."""
    from distributed.comm import tcp

    read, write = tcp.read_bytes_rw, tcp.TCP.write

    async def counted_read(stream, n):
        if stream not in FROM_WORKER:
            FROM_WORKER[stream] = stream.socket.getpeername()[1] not in own_ports()
        SENT["bytes"] += n * FROM_WORKER[stream]
        return await read(stream, n)

    async def counted_write(self, *arguments, **options):
        n = await write(self, *arguments, **options)
        SENT["bytes"] += n
        return n

    tcp.read_bytes_rw, tcp.TCP.write = counted_read, counted_write


def own_ports():
    """Returns the ports of the sockets of this process, from /proc."""
    inodes = set()
    for entry in os.scandir("/proc/self/fd"):
        try:
            inodes.add(os.readlink(entry.path).removeprefix("socket:[").removesuffix("]"))
        except OSError:
            pass
    with open("/proc/net/tcp") as lines:
        rows = [line.split() for line in lines][1:]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[9] in inodes}


def measure(job, rounds):
    found = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            found[name].append(job.run(way))
    result = {}
    for name, runs in found.items():
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        base = found["one process, 1 thread"]
        pairs = zip(base, runs, strict=True)
        middle["speedup"] = statistics.median(one["job"] / run["job"] for one, run in pairs)
        result[name] = middle
    return {"parts": job.count, "bytes": job.bytes, "ways": result}


def cells(result):
    """Returns (header, rows) of the table."""
    header = ["", "seconds", "speed-up", "GB/s of input", "with start and end", "bytes sent"]
    rows = []
    for job in result["jobs"]:
        parts = f"{job['parts']} parts of {job['bytes'] / job['parts'] / 1e6:.3g} MB"
        for name, way in job["ways"].items():
            sent = f"{way['bytes'] / job['parts']:,.0f} for a part" if "bytes" in way else ""
            rows.append(
                [
                    f"{parts}, {name}",
                    f"{way['job']:.2f}",
                    f"{way['speedup']:.2f}",
                    f"{job['bytes'] / way['job'] / 1e9:.2g}",
                    f"{way['whole']:.2f} s",
                    sent,
                ]
            )
    return header, rows


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="where the files are (the temporary folder)")
    parser.add_argument("--parts", type=int, default=16, help="large parts")
    parser.add_argument("--size", type=int, default=1 << 24, help="numbers in a large part")
    parser.add_argument("--small", type=int, default=1000, help="small parts, of 1,000 numbers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, help="folder for cluster.json")
    args = parser.parse_args(argv)
    environment.enter(None)
    import distributed
    from reports import report

    count_bytes()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        jobs = [
            Job(Path(folder), "large", args.parts, args.size),
            Job(Path(folder), "small", args.small, 1000),
        ]
        result = {
            "machine": report.machine(),
            "distributed": distributed.__version__,
            "jobs": [measure(job, args.rounds) for job in jobs],
        }
    print(report.markdown_table(*cells(result)))
    if args.output:
        report.save(result, args.output / "cluster.json")


if __name__ == "__main__":
    main()
