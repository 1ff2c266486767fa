"""Writes the tables of README.md and docs/*.md, between their markers, from the measurements in
benchmarks/results.

    python benchmarks/reports/readme_tables.py             uses the stored results
    python benchmarks/reports/readme_tables.py --measure   measures accuracy first (1 to 2 hours)
    python benchmarks/reports/readme_tables.py --check     exits with status 1 if a table is old

The accuracy comes from accuracy.csv, which the program error_report prints (it needs a C compiler).
The speed comes from the JSON files that compare.py, family.py, cliff.py, threads.py, models.py,
pipelines.py and files.py write with `--output benchmarks/results`.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[1]
ROOT = BENCHMARKS.parent
RESULTS = BENCHMARKS / "results"
sys.path[:0] = [str(BENCHMARKS)]

import family  # noqa: E402
import files  # noqa: E402
import models  # noqa: E402
import pipelines  # noqa: E402
from reports import report  # noqa: E402

from gelu_fast.nn._layouts import LAYOUTS  # noqa: E402

SPEED_ISAS = ["avx512", "avx2"]
SPEED_SIZES = [8192, 2**20, 2**25]
OTHER_DTYPES = ["float64", "bfloat16", "float16"]
OTHER_PEERS = ["PyTorch", "np.copyto"]
CLIFF = 3


def measure(step):
    """Writes accuracy.csv: for every `step`th float32 pattern, and the other inputs of
    error_report."""
    with tempfile.TemporaryDirectory() as folder:
        command = [ROOT / "tests" / "c" / "run.sh", folder, "--csv", "--step", str(step)]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    start = run.stdout.find("function,dtype,isa,")
    if start < 0:
        sys.exit(f"error_report did not run: status {run.returncode}")
    (RESULTS / "accuracy.csv").write_text(run.stdout[start:])


# ---- Accuracy


def accuracy():
    """Returns {(function, dtype): [the line of each instruction set]}."""
    found = {}
    with open(RESULTS / "accuracy.csv", newline="") as file:
        for line in csv.DictReader(file):
            found.setdefault((line["function"], line["dtype"]), []).append(line)
    return found


def error(lines):
    """Returns the errors on the instruction sets (one figure if all agree), and the bound in
    brackets."""
    errors = [f"{float(line['max_ulp']):.2f}" for line in lines]
    errors = errors[0] if len(set(errors)) == 1 else " / ".join(errors)
    if lines[0]["dtype"] == "f32" and least_inputs(lines) >= 2**32:
        errors = f"**{errors}**"
    return f"{errors} ({float(lines[0]['bound_ulp']):g})"


def least_inputs(lines):
    return min(int(line["inputs"]) for line in lines)


def fewest(found, dtype):
    return min(least_inputs(lines) for (_, kind), lines in found.items() if kind == dtype)


def is_derived(function, functions):
    """Returns whether a function is the derivative of another, whose row shows it."""
    stem, _, last = function.rpartition("_")
    return stem in functions and last in ("grad", "backward")


def accuracies():
    """Yields the table of the largest errors; each row has a function and its derivatives."""
    found = accuracy()
    functions = list(dict.fromkeys(function for function, _ in found))
    isas = dict.fromkeys(line["isa"] for lines in found.values() for line in lines)
    halves = [lines for (_, dtype), lines in found.items() if dtype in ("f16", "bf16")]
    assert all(float(line["bound_ulp"]) == 0.5 for lines in halves for line in lines)
    broken = [line for lines in found.values() for line in lines if line["verdict"] != "ok"]
    yield (
        "Each cell gives the largest error found, in ULP, final rounding included, and in brackets "
        "the bound that the tests enforce (0.5: correctly rounded). One figure holds for "
        f"{', '.join(isas)}; {len(isas)} figures are for {' / '.join(isas)}. Bold figures come "
        f"from all 2^32 inputs. The other float32 figures come from at least "
        f"{fewest(found, 'f32'):,} inputs, the float64 figures from at least "
        f"{fewest(found, 'f64'):,}. In float16 and "
        "bfloat16 every tested result is correctly rounded; the tests cover all 65,536 inputs of "
        "the functions of x." + (f" **{len(broken)} bounds are broken.**" if broken else "")
    )
    forms = ("{}", "{}_grad", "{}_backward")
    rows = []
    for function in functions:
        if is_derived(function, functions):
            continue
        row = [f"`{function}`"]
        for dtype in ("f32", "f64"):
            for form in forms:
                key = form.format(function), dtype
                row.append(error(found[key]) if key in found else "")
        rows.append(row)
    header = ["", "float32", "derivative", "times dy", "float64", "derivative", "times dy"]
    yield report.markdown_table(header, rows)


# ---- Speed


def speed(isa, functions=None):
    """Yields the tables of compare.py, with fewer sizes."""
    comparison = json.loads((RESULTS / f"compare-{isa}-float32-normal.json").read_text())
    comparison["sizes"] = SPEED_SIZES
    for measured in comparison["functions"]:
        if functions and measured["function"] not in functions:
            continue
        header, rows = report.cells(comparison, measured)
        yield f"`{measured['function']}` in float32 with {isa}:"
        yield report.markdown_table(header, rows)
        for note in report.notes(comparison, measured):
            if "cannot be limited" in note:
                yield note
    yield f"Measured on {comparison['machine']['cpu']}."


def families(isa):
    result = json.loads((RESULTS / f"family-{isa}.json").read_text())
    yield report.markdown_table(*family.cells(result))
    yield f"{isa}; measured on {result['machine']['cpu']}."


def kept(name):
    """Yields the Markdown that a program has printed."""
    yield (RESULTS / name).read_text().strip()


def other_dtypes():
    """Yields the table of gelu_fast's times in the other dtypes, and their ratios to two peers."""
    header, rows, cpu = ["", "", "", *map(report.size_name, SPEED_SIZES)], [], ""
    for dtype in OTHER_DTYPES:
        for isa in SPEED_ISAS:
            path = RESULTS / f"compare-{isa}-{dtype}-normal.json"
            if not path.exists():
                continue
            comparison = json.loads(path.read_text())
            cpu = comparison["machine"]["cpu"]
            for measured in comparison["functions"]:
                peers = measured["peers"]
                row = [dtype, isa, f"`{measured['function']}`"]
                for size in SPEED_SIZES:
                    ours = report.ns(peers[report.OURS], size)
                    ratios = [f"{ours / report.ns(peers[peer], size):.2f}" for peer in OTHER_PEERS]
                    row.append(f"{ours:.3f} ({', '.join(ratios)})")
                rows.append(row)
    yield report.markdown_table(header, rows)
    yield f"Measured on {cpu}."


def threads(isa):
    """Yields the times of threads.py for each function."""
    result = json.loads((RESULTS / f"threads-{isa}.json").read_text())
    for function, sizes in result["threads"].items():
        names = list(next(iter(sizes.values()))["us"])
        rows = [
            [report.size_name(int(n)), *(f"{found['us'][name]:,.1f}" for name in names)]
            for n, found in sizes.items()
        ]
        yield f"`{function}` in float32 with {isa}, microseconds of a call:"
        yield report.markdown_table(["elements", *names], rows)
    yield f"Measured on {result['machine']['cpu']}."


def hosts_of_data():
    """Yields the table of pipelines.py."""
    result = json.loads((RESULTS / "pipelines.json").read_text())
    yield report.markdown_table(*pipelines.cells(result))
    found = {one["package"]: one["version"] for one in result["hosts"].values()}
    versions = ", ".join(f"{name} {version}" for name, version in found.items())
    yield (
        f"`gelu` of {result['size']:,} numbers in float32, in one thread; where a host marks "
        "missing numbers, a tenth is missing. The last column is the time divided by that of the "
        f"ufunc on a NumPy array. Measured on {result['machine']['cpu']}, with {versions}."
    )


def large_files():
    """Yields the table of files.py."""
    result = json.loads((RESULTS / "files.json").read_text())
    yield report.markdown_table(*files.cells(result))
    yield (
        "Sizes are those of the files. The numbers are float32; Parquet and Arrow have a tenth of "
        "nulls and a column of strings. Memory is the largest of the process, less what it has "
        f"after the imports. Measured on {result['machine']['cpu']}."
    )


def cliffs():
    """Yields the largest ratio to normal data for each kind of data, and all ratios above CLIFF."""
    rows, worst = [], {}
    for path in sorted(RESULTS.glob("cliff-*.json")):
        result = json.loads(path.read_text())
        for function, ns in result["data"].items():
            usual = ns["normal"]
            for kind in ns:
                where = f"`{function}`, {result['dtype']}, {result['machine']['isa']}"
                worst[kind] = max(worst.get(kind, (0, "")), (ns[kind] / usual, where))
            steep = [f"{kind} {ns[kind] / usual:.1f}" for kind in ns if ns[kind] > CLIFF * usual]
            if steep:
                where = [result["machine"]["isa"], result["dtype"], f"`{function}`"]
                rows.append([*where, f"{usual:.3f}", ", ".join(steep)])
    del worst["normal"]
    largest = [[kind, f"{ratio:.1f}", where] for kind, (ratio, where) in worst.items()]
    yield report.markdown_table(["data", "largest ratio", "where"], largest)
    yield f"All ratios above {CLIFF}:"
    yield report.markdown_table(["", "", "", "normal, ns", "data and ratio"], rows)
    yield f"Measured on {result['machine']['cpu']}."


def layouts():
    """Yields the names of layers that the blocks of gelu_fast.nn read, and examples of models."""
    rows = [
        [f"`{block}`", ", ".join(f"`{layer}`" for layer in layout.layers), layout.models]
        for block, found in LAYOUTS.items()
        if block != "Linear"
        for layout in found
    ]
    lines = (
        f"| {' | '.join(row)} |" for row in [["block", "layers", "models"], ["---"] * 3, *rows]
    )
    yield "\n".join(lines)


def hosts(isa):
    yield from models.tables(json.loads((RESULTS / f"models-{isa}.json").read_text()))


DOCUMENTS = {
    "README.md": {"speed": partial(speed, "avx512", ["gelu"])},
    "docs/accuracy.md": {"accuracy": accuracies},
    "docs/command_line.md": {"files": large_files},
    "docs/frameworks.md": {"which": partial(kept, "which.md")},
    "docs/models.md": {"models": partial(hosts, "avx512")},
    "docs/nn.md": {"layouts": layouts, "minilm": partial(kept, "minilm.md")},
    "docs/pipelines.md": {"pipelines": hosts_of_data},
    "docs/speed.md": {
        "speed-avx512": partial(speed, "avx512"),
        "speed-avx2": partial(speed, "avx2"),
        "family-avx512": partial(families, "avx512"),
        "family-avx2": partial(families, "avx2"),
        "dtypes": other_dtypes,
        "cliffs": cliffs,
        "threads": partial(threads, "avx512"),
    },
}


def filled(name, tables):
    """Returns (old, new): a document, and the document with new tables between its markers."""
    old = text = (ROOT / name).read_text()
    for mark, table in tables.items():
        markers = rf"(<!-- {mark}: begin[^>]*-->\n).*?(<!-- {mark}: end -->)"
        content = "\n\n".join(table())
        text, found = re.subn(
            markers, lambda m, c=content: f"{m[1]}\n{c}\n\n{m[2]}", text, flags=re.S
        )
        if found != 1:
            sys.exit(f"{name}: {found} pairs of markers for {mark}; there must be one")
    return old, text


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", action="store_true", help="measure the accuracy first")
    parser.add_argument("--step", type=int, default=61, help="test every STEP-th float32 (61)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, and fail if a table differs"
    )
    args = parser.parse_args()
    if args.measure:
        measure(args.step)
    for name, tables in DOCUMENTS.items():
        old, new = filled(name, tables)
        if args.check and new != old:
            sys.exit(f"the tables of {name} differ from benchmarks/results: run readme_tables.py")
        if not args.check:
            (ROOT / name).write_text(new)


if __name__ == "__main__":
    main()
