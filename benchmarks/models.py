"""Times the sentence encoder all-MiniLM-L6-v2 in several hosts, as the host computes it and with
gelu_fast, and compares both embeddings with PyTorch's in float64.

    python benchmarks/models.py [--hosts PyTorch JAX] [--output benchmarks/results]

It needs Linux and what examples/models/README.md lists. Each host and number of threads has a
process of its own, which may use as many CPUs as threads. In it, the encoders before and after take
turns. The times are those from tokens to embeddings.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "examples" / "models")]

SENTENCES = [1, 48]
PAUSE = 0.02  # seconds before each sample; the threads of hosts wait actively for work
ONNX = "minilm.onnx"


def in_pytorch(folder, scratch, threads):
    import in_pytorch

    return in_pytorch.encoders(folder, "float32", threads)


def in_pytorch_bfloat16(folder, scratch, threads):
    import in_pytorch

    return in_pytorch.encoders(folder, "bfloat16", threads)


def in_onnxruntime(folder, scratch, threads):
    import in_onnxruntime

    path = Path(scratch, ONNX)
    if not path.exists():
        in_onnxruntime.export(folder, path)
    return in_onnxruntime.encoders(path, threads)


def in_jax(folder, scratch, threads):
    import in_jax

    return in_jax.encoders(folder, threads)


def in_numpy(folder, scratch, threads):
    import in_numpy

    return in_numpy.encoders(folder, threads)


HOSTS = {
    "PyTorch": (in_pytorch, "torch"),
    "PyTorch, bfloat16": (in_pytorch_bfloat16, "torch"),
    "ONNX Runtime": (in_onnxruntime, "onnxruntime"),
    "JAX": (in_jax, "jax"),
    "NumPy": (in_numpy, "numpy"),
}


def measure(host, threads, scratch, seconds, rounds):
    """{names of the encoders, differences, and milliseconds and ratios for each of SENTENCES}"""
    import sentences
    from common.timing import interleaved, quartiles

    make, package = HOSTS[host]
    folder = sentences.folder()
    encoders = make(folder, scratch, threads)
    before, after = encoders
    found = {"version": f"{package} {version(package)}", "names": [before, after], "times": {}}
    for count in SENTENCES:
        tokens = sentences.tokens(folder, count)
        calls = {name: lambda f=encode, t=tokens: f(t) for name, encode in encoders.items()}
        embeddings = [call() for call in calls.values()]
        found["difference"] = [sentences.difference(each) for each in embeddings]
        calls = {name: lambda f=call: f().__array__() for name, call in calls.items()}
        times = interleaved(calls, seconds, rounds, PAUSE)
        ratios = [b / a for a, b in zip(times[before], times[after], strict=True)]
        found["times"][count] = {
            "ms": [[1e3 * each for each in quartiles(times[name])] for name in (before, after)],
            "ratio": statistics.median(ratios),
            "rounds": len(ratios),
        }
    return found


def in_process(host, threads, scratch, seconds, rounds):
    """The result of measure in a new process, whose libraries have so many threads and CPUs."""
    number = str(threads)
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "GELU_FAST_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, number)
    command = [sys.executable, __file__, "--child", host, "--threads", number]
    command += ["--scratch", scratch, "--seconds", str(seconds), "--rounds", str(rounds)]
    cpus = sorted(os.sched_getaffinity(0))[:threads]
    run = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cpus),
    )
    if run.returncode:
        sys.exit(f"{host} failed")
    return json.loads(run.stdout.splitlines()[-1])


def show(host, threads, found):
    for count, times in found["times"].items():
        (_, before, _), (_, after, _) = times["ms"]
        print(
            f"{host:18} {threads} threads, {count:>2} sentences: {before:8.2f} ms ->"
            f" {after:8.2f} ms ({times['ratio']:.3f}, {times['rounds']} rounds)"
        )
    print(
        f"{'':18} differences {' and '.join(f'{d:.2g}' for d in found['difference'])}", flush=True
    )


def tables(result):
    """Yields the tables of a measurement: times, and differences from float64."""
    from reports.report import markdown_table

    header, rows, errors, rounds = [], [], [], []
    for host, threads in result["hosts"].items():
        row = [host]
        header = [""]
        for number, found in threads.items():
            for count, times in found["times"].items():
                (_, before, _), (_, after, _) = times["ms"]
                rounds.append(times["rounds"])
                row.append(f"{before:.1f} → {after:.1f} ({times['ratio']:.2f})")
                header.append(f"{number} thread{'s' * (number != '1')}, {count} at once")
        rows.append(row)
        measured = zip(*(found["difference"] for found in threads.values()), strict=True)
        errors.append([host, found["version"], *(f"{max(each):.1e}" for each in measured)])
    yield markdown_table(header, rows)
    yield (
        "Milliseconds from tokens to embeddings, without → with gelu_fast: medians of at least "
        f"{min(rounds)} samples, which take turns in one process, and in brackets the median of "
        f"their ratios. Measured on {result['machine']['cpu']}."
    )
    yield markdown_table(["largest difference", "", "without", "with gelu_fast"], errors)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hosts", nargs="+", choices=HOSTS, default=list(HOSTS))
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=10.0, help="for each table cell")
    parser.add_argument("--rounds", type=int, default=15, help="least rounds for each table cell")
    parser.add_argument("--output", type=Path, help="folder for models-ISA.json")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--scratch", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        length = args.seconds, args.rounds
        print(json.dumps(measure(args.child, args.threads[0], args.scratch, *length)))
        return
    from reports import report

    result = {"machine": report.machine(), "hosts": {host: {} for host in args.hosts}}
    with tempfile.TemporaryDirectory() as scratch:
        for host in args.hosts:
            for threads in args.threads:
                found = in_process(host, threads, scratch, args.seconds, args.rounds)
                show(host, threads, found)
                result["hosts"][host][threads] = found
    if args.output:
        report.save(result, args.output / f"models-{result['machine']['isa']}.json")


if __name__ == "__main__":
    main()
