"""Times calls in several threads, beside one thread, beside PyTorch, and beside what a split that
costs nothing would give on this machine.

    python benchmarks/threads.py [--isa avx2] [--output benchmarks/results]     (extra `bench`)

All contestants run in turn. Each has a pause before it, in which the threads of the others fall
asleep, and some untimed calls. The limit is the time of a call on one part of the array, while
other processes do the same with the other parts: no threads have to agree. Two "CPUs" may be
hyperthreads of one core; then the limit is far from the number of threads.
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

FUNCTIONS = ("gelu", "gelu_tanh")
SIZES = [2**13, 2**15, 2**16, 2**17, 2**18, 2**20, 2**22, 2**25]
PAUSE = 3e-3  # seconds; PyTorch's threads wait for work for about one millisecond
WARM = 1e-3


def contestants(function, n):
    """Returns {name: (set number of threads, call)} on n float32 elements."""
    import numpy as np
    from common.inputs import aligned, normal

    import gelu_fast

    x, out = normal(n, np.dtype("f4"), 1), aligned(n, np.dtype("f4"))
    ufunc = getattr(gelu_fast, function)
    found = {"gelu_fast": (gelu_fast.set_num_threads, lambda: ufunc(x, out))}
    try:
        import torch
    except ImportError:
        return found
    approximate = "tanh" if function == "gelu_tanh" else "none"
    gelu, tensor, result = torch._C._nn.gelu, torch.from_numpy(x), torch.from_numpy(out)
    call = lambda: gelu(tensor, approximate=approximate, out=result)  # noqa: E731
    return {**found, "PyTorch": (torch.set_num_threads, call)}


def sample(prepare, call):
    """Seconds per call."""
    from common.timing import one_sample, repeats_for

    prepare()
    time.sleep(PAUSE)
    end = time.perf_counter() + WARM
    repeats = repeats_for(call)
    while time.perf_counter() < end:
        call()
    return one_sample(call, repeats)


def measured(function, n, threads, seconds):
    """Returns {"gelu_fast 1": [seconds of each round], ...}."""
    calls = {}
    for name, (set_number, call) in contestants(function, n).items():
        for number in (1, *threads):
            calls[f"{name} {number}"] = (lambda f=set_number, k=number: f(k), call)
    times = {name: [] for name in calls}
    shuffle, order = random.Random(1).shuffle, list(calls)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[order[0]]) < 7:
        shuffle(order)
        for name in order:
            times[name].append(sample(*calls[name]))
    return times


def limit(function, n, processes, seconds):
    """The seconds per call on n / processes elements in this process, while others do the same."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    start, stop = context.Barrier(processes), context.Event()
    others = [
        context.Process(target=compute_part, args=(function, n // processes, start, stop))
        for _ in range(processes - 1)
    ]
    for other in others:
        other.start()
    set_number, call = contestants(function, n // processes)["gelu_fast"]
    set_number(1)
    start.wait()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 7:
        times.append(sample(lambda: None, call))
    stop.set()
    for other in others:
        other.join()
    return times


def compute_part(function, n, start, stop):
    _, call = contestants(function, n)["gelu_fast"]
    call()
    start.wait()
    while not stop.is_set():
        for _ in range(20):
            call()


def measure(function, n, threads, seconds):
    """Returns {name: microseconds per call}, and ratios within rounds."""
    from statistics import median

    times = measured(function, n, threads, seconds)
    found = {name: 1e6 * median(values) for name, values in times.items()}
    ratios = {}
    for name in times:
        who, number = name.split()
        if number != "1":
            ratios[name] = ratio(times[f"{who} 1"], times[name])
        if who == "PyTorch":
            ratios[f"PyTorch / gelu_fast {number}"] = ratio(
                times[name], times[f"gelu_fast {number}"]
            )
    for number in threads:
        alone = 1e6 * median(limit(function, n, number, seconds / 4))
        found[f"limit {number}"] = alone
        ratios[f"limit {number}"] = found["gelu_fast 1"] / alone
    return {"us": found, "ratios": ratios}


def ratio(times, others):
    from statistics import median

    return median(a / b for a, b in zip(times, others, strict=True))


def markdown(result):
    """Returns the tables of a measurement."""
    from reports.report import markdown_table, size_name

    text = []
    for function, sizes in result["threads"].items():
        first = next(iter(sizes.values()))
        header = ["elements", *(f"{name}, us" for name in first["us"]), *first["ratios"]]
        rows = [
            [
                size_name(int(n)),
                *(f"{value:.1f}" for value in found["us"].values()),
                *(f"{value:.2f}" for value in found["ratios"].values()),
            ]
            for n, found in sizes.items()
        ]
        text.append(f"`{function}`, float32\n\n{markdown_table(header, rows)}")
    return "\n\n".join(text)


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    numbers = lambda text: [int(number) for number in text.split(",")]  # noqa: E731
    parser.add_argument("--sizes", type=numbers, default=SIZES, help="elements")
    parser.add_argument("--threads", type=numbers, default=[2], help="numbers beside 1")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each function and size")
    parser.add_argument("--isa", help="instruction set for gelu_fast; also limits the peers")
    parser.add_argument("--output", type=Path, help="folder for threads-ISA.json")
    args = parser.parse_args(argv)
    environment.enter(args.isa)
    from reports import report

    result = {
        "machine": report.machine(),
        "threads": {
            function: {str(n): measure(function, n, args.threads, args.seconds) for n in args.sizes}
            for function in FUNCTIONS
        },
    }
    print(f"{result['machine']['cpu']}, {result['machine']['isa']}\n")
    print(markdown(result))
    if args.output:
        report.save(result, args.output / f"threads-{result['machine']['isa']}.json")


if __name__ == "__main__":
    main()
