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
import socket
import statistics
import subprocess
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
        found = self.alone(way["threads"]) if "threads" in way else self.by_dask(**way)
        return {"whole": perf_counter() - start, **found}

    def alone(self, threads):
        from gelu_fast._files.apply import apply_file

        start, used = perf_counter(), cpu_seconds()
        for source in sorted(self.source.iterdir()):
            apply_file(str(source), str(self.target / source.name), "gelu", threads=threads)
        return {"job": perf_counter() - start, "cpu": cpu_seconds() - used}

    def by_dask(self, workers=None, scheduler=None):
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
            if done in (0, total):
                seen[1:] = [(perf_counter(), SENT["bytes"], cpu_seconds())]
            if len(seen) == 1:
                seen.append(seen[0])

        outcomes = compute_parts(
            parts,
            job,
            scheduler=scheduler,
            workers=workers,
            threads=1,
            progress=progress,
            say=print,
        )
        assert all(outcome.kind == "made" for _, outcome in outcomes)
        job, sent, cpu = (end - begin for begin, end in zip(*seen, strict=True))
        return {"job": job, "bytes": sent, "cpu": cpu}


def cpu_seconds():
    """Returns the processor time of this process and of those that it has started."""
    import psutil

    this = psutil.Process()
    times = [process.cpu_times() for process in [this, *this.children(recursive=True)]]
    return sum(time.user + time.system for time in times)


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


def by_role(job):
    """Returns {role: processor seconds for a part} with a process for each role."""
    import psutil
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = {
        "scheduler": ["scheduler", "--port", str(port), *options],
        "worker": ["worker", address, "--nthreads", "1", "--no-nanny", *options],
    }
    processes = {
        role: subprocess.Popen([sys.executable, "-m", "dask", *command], stderr=subprocess.DEVNULL)
        for role, command in commands.items()
    }
    try:
        with Client(address, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(1)
        watched = {role: psutil.Process(process.pid) for role, process in processes.items()}
        watched["command"] = psutil.Process()
        job.run({"scheduler": address})  # imports
        before = {role: process.cpu_times() for role, process in watched.items()}
        job.run({"scheduler": address})
        after = {role: process.cpu_times() for role, process in watched.items()}
    finally:
        for process in processes.values():
            process.kill()
            process.wait()
    return {role: (sum(after[role][:2]) - sum(before[role][:2])) / job.count for role in watched}


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
    header = ["", "seconds", "speed-up", "of processors", "with start and end", "bytes sent"]
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
                    f"{way['cpu']:.2f}",
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
            "roles": by_role(jobs[1]),
        }
    print(report.markdown_table(*cells(result)))
    for role, seconds in result["roles"].items():
        print(f"{role}: {1000 * seconds:.2f} ms of a processor for a small part")
    if args.output:
        report.save(result, args.output / "cluster.json")


if __name__ == "__main__":
    main()
