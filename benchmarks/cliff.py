"""Measures how the time depends on the data and on the memory layout.

    python benchmarks/cliff.py [--isa avx2] [--dtype float64] [--functions gelu,erf]

The first table gives the time for each kind of data, divided by the time for normal data (standard
deviation 2), for 8,192 contiguous elements. "edge" is the far tail of the function, where results
are subnormal or nearly so; "half edge" mixes these numbers with as many normal numbers, in random
order. The second table gives the time for a strided input and contiguous output, and in brackets
its ratio to the time of np.tanh on the same view. The times are medians over interleaved rounds in
one thread, as in compare.py.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

SIZE = 8192
SECONDS = 0.4


def arguments(argv):
    from common.inputs import DTYPES

    import gelu_fast
    from gelu_fast._core.table import functions

    known = functions()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--functions", type=lambda text: text.split(","), default=known)
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    parser.add_argument("--isa", choices=gelu_fast.available_isas())
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for each table row")
    parser.add_argument("--output", type=Path, help="folder for cliff-ISA-DTYPE.json")
    args = parser.parse_args(argv)
    unknown = set(args.functions) - set(known)
    if unknown:
        parser.error(f"--functions: unknown {', '.join(unknown)}; allowed are {', '.join(known)}")
    return args


def views(dtype):
    """Returns {name: view of SIZE elements of normal data}."""
    from common.inputs import normal

    return {
        "contiguous": normal(SIZE, dtype),
        "every 2nd": normal(2 * SIZE, dtype)[::2],
        "every 3rd": normal(3 * SIZE, dtype)[::3],
        "reversed": normal(SIZE, dtype)[::-1],
        "transposed": normal(SIZE, dtype).reshape(64, -1).T,
    }


def medians(calls, seconds):
    """Returns {name: median ns/element} of the calls."""
    from common.timing import interleaved, quartiles

    times = interleaved(calls, seconds)
    return {name: 1e9 * quartiles(seconds)[1] / SIZE for name, seconds in times.items()}


def on(ufunc, x):
    """Returns a call of the ufunc on x with a contiguous output."""
    import numpy as np

    out = np.empty(x.shape, x.dtype)
    args = [x] * ufunc.nin
    return lambda: ufunc(*args, out)


def by_data(name, dtype, seconds):
    """Returns {kind of data: ns/element}, with normal data first."""
    from common.inputs import CLIFFS, edge, half_edge, normal

    import gelu_fast

    ufunc = getattr(gelu_fast, name)
    kinds = {"normal": normal, **CLIFFS}
    data = {kind: make(SIZE, dtype) for kind, make in kinds.items()}
    data["edge"], data["half edge"] = edge(name, SIZE, dtype), half_edge(name, SIZE, dtype)
    return medians({kind: on(ufunc, x) for kind, x in data.items()}, seconds)


def by_layout(name, dtype, seconds):
    """Returns {layout: [ns/element of the function, ns/element of np.tanh]}."""
    import numpy as np

    import gelu_fast

    pair = [getattr(gelu_fast, name), np.tanh]
    layouts = views(dtype)
    calls = {(key, i): on(pair[i], x) for key, x in layouts.items() for i in (0, 1)}
    measured = medians(calls, seconds)
    return {key: [measured[key, 0], measured[key, 1]] for key in layouts}


def tables(result):
    """Yields (title, header, rows) of both tables."""
    data, layout = result["data"], result["layout"]
    where = f"{result['dtype']}, {result['machine']['isa']}, {SIZE:,} elements"
    first, *kinds = next(iter(data.values()))
    yield (
        f"Time by kind of data, as a ratio to normal data: {where}",
        ["", f"{first}, ns", *kinds],
        [
            [name, f"{ns[first]:.3f}", *(f"{ns[kind] / ns[first]:.2f}" for kind in kinds)]
            for name, ns in data.items()
        ],
    )
    yield (
        f"Time by layout of the input, ns/element, in brackets the ratio to np.tanh: {where}",
        ["", *next(iter(layout.values()))],
        [
            [name, *(f"{ours:.3f} ({ours / numpy:.2f})" for ours, numpy in pairs.values())]
            for name, pairs in layout.items()
        ],
    )


def markdown(result):
    from reports import report

    return "\n\n".join(
        f"## {title}\n\n{report.markdown_table(header, rows)}"
        for title, header, rows in tables(result)
    )


def main(argv=None):
    args = arguments(argv)
    environment.enter(args.isa)
    import numpy as np
    from reports import report

    dtype = np.dtype(args.dtype)
    result = {
        "machine": report.machine(),
        "dtype": args.dtype,
        "data": {name: by_data(name, dtype, args.seconds) for name in args.functions},
        "layout": {name: by_layout(name, dtype, args.seconds) for name in args.functions},
    }
    print(markdown(result))
    if args.output:
        report.save(result, args.output / f"cliff-{result['machine']['isa']}-{args.dtype}.json")


if __name__ == "__main__":
    main()
