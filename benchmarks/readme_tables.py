"""Writes the tables of README.md, between its markers, from the measurements in benchmarks/results.

    python benchmarks/readme_tables.py               from the results that are there
    python benchmarks/readme_tables.py --measure     accuracy measured anew first (a few minutes)
    python benchmarks/readme_tables.py --check       status 1 if README.md does not hold the tables

Accuracy: accuracy.csv, from the program error_report (needs a C compiler). Speed: the JSON files of
`compare.py --output benchmarks/results`.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results"
sys.path[:0] = [str(HERE)]

import report  # noqa: E402

from gelu_fast import _ufuncs  # noqa: E402

SPEED_ISAS = ["avx512", "avx2"]
SPEED_SIZES = [8192, 2**20, 2**25]


def measure(step):
    """Writes accuracy.csv: every `step`th float32 pattern, and what error_report always takes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [ROOT / "tests" / "c" / "run.sh", folder, "--csv", "--step", str(step)]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    start = run.stdout.find("function,dtype,isa,")
    if start < 0:
        sys.exit(f"error_report did not run: status {run.returncode}")
    (RESULTS / "accuracy.csv").write_text(run.stdout[start:])


def counted(numbers):
    least, most = min(numbers), max(numbers)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def long_name(dtype):
    """Of a dtype of error_report: bfloat16 for bf16."""
    return dtype.replace("f", "float")


def ok(line):
    return line["verdict"] == "ok"


def accuracy():
    """The table of the largest errors, functions x dtypes."""
    with open(RESULTS / "accuracy.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    functions, dtypes, isas = (
        list(dict.fromkeys(line[key] for line in lines)) for key in ("function", "dtype", "isa")
    )
    inputs = {
        dtype: [int(line["inputs"]) for line in lines if line["dtype"] == dtype] for dtype in dtypes
    }
    header = ["", *map(long_name, dtypes)]
    unary = {row["function"] for row in _ufuncs.table() if row["nin"] == 1}
    rows = []
    for function in functions:
        row = [f"`{function}`"]
        for dtype in dtypes:
            found = [
                line for line in lines if (line["function"], line["dtype"]) == (function, dtype)
            ]
            errors = list(dict.fromkeys(f"{float(line['max_ulp']):.2f}" for line in found))
            bound = float(found[0]["bound_ulp"])
            if bound == 0.5 and function in unary and all(ok(line) for line in found):
                row.append("correctly rounded")
            else:
                row.append(f"{' / '.join(errors)} ({bound:g})")
        rows.append(row)
    broken = sum(not ok(line) for line in lines)
    yield (
        "The largest error found in ULP, final rounding included, in brackets the bound that the "
        f"tests hold it to; on {', '.join(isas)}, one figure where all agree. Inputs per function: "
        + ", ".join(f"{counted(inputs[d])} {long_name(d)}" for d in dtypes)
        + "."
        + (f" **{broken} bounds broken.**" if broken else "")
    )
    yield report.markdown_table(header, rows)


def speed():
    """The tables of compare.py, at fewer sizes."""
    for isa in SPEED_ISAS:
        path = RESULTS / f"compare-{isa}-float32-normal.json"
        if not path.exists():
            continue
        comparison = json.loads(path.read_text()) | {"sizes": SPEED_SIZES}
        for measured in comparison["functions"]:
            header, rows = report.cells(comparison, measured)
            yield f"`{measured['function']}` in float32 with {isa}:"
            yield report.markdown_table(header, rows)
            for note in report.notes(comparison, measured):
                if "cannot be limited" in note:
                    yield note
    yield f"Measured on {comparison['machine']['cpu']}."


TABLES = {"accuracy": accuracy, "speed": speed}


def filled(text):
    """The text with every table between its markers."""
    for name, table in TABLES.items():
        markers = rf"(<!-- {name}: begin[^>]*-->\n).*?(<!-- {name}: end -->)"
        content = "\n\n".join(table())
        new, found = re.subn(
            markers, lambda m, c=content: f"{m[1]}\n{c}\n\n{m[2]}", text, flags=re.S
        )
        if found != 1:
            sys.exit(f"README.md: {found} pairs of markers for {name}, where one is needed")
        text = new
    return text


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", action="store_true", help="measure the accuracy anew")
    parser.add_argument("--step", type=int, default=61, help="of the float32 patterns (1: all)")
    parser.add_argument("--check", action="store_true", help="write nothing, tell what differs")
    args = parser.parse_args()
    if args.measure:
        measure(args.step)
    readme = ROOT / "README.md"
    old = readme.read_text()
    new = filled(old)
    if args.check and new != old:
        sys.exit("README.md does not hold the tables of benchmarks/results: run readme_tables.py")
    if not args.check:
        readme.write_text(new)


if __name__ == "__main__":
    main()
