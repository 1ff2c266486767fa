"""Compares gelu_fast with its peers: speed, errors and limits, in one process and one thread.

    python benchmarks/compare.py                                 gelu and gelu_tanh, float32
    python benchmarks/compare.py --isa avx2 --output results     limits all to AVX2, writes a file
    python benchmarks/compare.py --functions gelu_grad,erf --dtype float64 --data minilm

This needs the extra `bench`. The installed peers take part, and the report names the others. All
contestants use the same input and output arrays (LiteRT uses its own tensors), which exist before
the timing starts. Each time is the median over many rounds, and each round times every contestant
once. The errors are the differences between the results and the definition of the function in ball
arithmetic, for 16,384 values of the data and for 4,096 values in the left tail of the function.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from common import environment  # noqa: E402

SIZES = [1000, 8192, 2**17, 2**20, 2**25]
SECONDS = 6
ERROR_SAMPLE = 16384


def arguments(argv):
    from common.inputs import DATA, DTYPES
    from common.peers import CONTESTANTS

    import gelu_fast
    from gelu_fast._core.table import functions

    def names(known):
        def parse(text):
            chosen = text.split(",")
            unknown = [name for name in chosen if name not in known]
            if unknown:
                raise argparse.ArgumentTypeError(
                    f"unknown {', '.join(unknown)}; allowed are {', '.join(known)}"
                )
            return chosen

        return parse

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--functions", type=names(functions()), default=["gelu", "gelu_tanh"])
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    parser.add_argument("--data", choices=list(DATA), default="normal")
    parser.add_argument(
        "--isa", choices=gelu_fast.available_isas(), help="for gelu_fast; also limits the peers"
    )
    parser.add_argument("--peers", type=names(list(CONTESTANTS)), default=list(CONTESTANTS))
    parser.add_argument("--sizes", type=lambda s: [int(n) for n in s.split(",")], default=SIZES)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for each size")
    parser.add_argument(
        "--quick", action="store_true", help="run a smoke test: one size, the fewest rounds"
    )
    parser.add_argument("--json", type=Path, help="file to write the results to")
    parser.add_argument("--output", type=Path, help="folder for compare-ISA-DTYPE-DATA.json")
    args = parser.parse_args(argv)
    if args.quick:
        args.sizes, args.seconds = args.sizes[:1], 0
    args.error_sample = 256 if args.quick else ERROR_SAMPLE
    return args


def measure(function, args):
    """Returns {"function", "absent": {peer: reason}, "peers": {peer: {version, times, ...}}}."""
    import numpy as np
    from common.accuracy import errors
    from common.inputs import DATA, aligned
    from common.peers import Unsupported, assemble
    from common.timing import interleaved, quartiles

    peers, absent = assemble(args.peers)
    dtype = np.dtype(args.dtype)
    results = {}
    for size in args.sizes:
        x = DATA[args.data](size, dtype)
        out = aligned(size, dtype)
        out.fill(0)
        calls = {}
        for peer in peers:
            try:
                calls[peer.name] = peer.prepare(function, x, out)
            except Unsupported as reason:
                absent[peer.name] = str(reason)
        for name, times in interleaved(calls, args.seconds).items():
            quarters = [1e9 * seconds / size for seconds in quartiles(times)]
            timing = {"ns_quartiles": quarters, "rounds": len(times)}
            results.setdefault(name, {"times": {}})["times"][str(size)] = timing
    for peer in peers:
        if peer.name in results:
            result = results[peer.name]
            kept = ("version", "yardstick", "follows_isa")
            result |= {name: getattr(peer, name) for name in kept}
            if not peer.yardstick:
                result["errors"] = asdict(
                    errors(peer, function, args.dtype, args.data, args.error_sample)
                )
    return {"function": function, "absent": absent, "peers": results}


def main(argv=None):
    args = arguments(argv)
    environment.enter(args.isa)
    from reports import report

    import gelu_fast

    comparison = {
        "machine": report.machine(),
        "peers_limited": args.isa not in (None, gelu_fast.available_isas()[0]),
        "dtype": args.dtype,
        "data": args.data,
        "sizes": args.sizes,
        "functions": [],
    }
    for function in args.functions:
        comparison["functions"].append(measure(function, args))
        print(report.text(comparison, function), flush=True)
    if args.json:
        report.save(comparison, args.json)
    if args.output:
        name = f"compare-{comparison['machine']['isa']}-{args.dtype}-{args.data}.json"
        report.save(comparison, args.output / name)


if __name__ == "__main__":
    main()
