"""Adds runs of error_report and search_worst to results/accuracy.csv, from which readme_tables.py
makes its tables:

    error_report --csv ... > run.csv
    make search > run.csv
    python benchmarks/reports/merge_accuracy.py run.csv ...

For each function, dtype and instruction set it keeps the largest error of all runs, with its input;
`inputs` is the number of inputs of the largest run.
"""

import csv
import sys
from pathlib import Path

from gelu_fast._core.table import functions

RESULTS = Path(__file__).resolve().parents[1] / "results" / "accuracy.csv"


def lines_of(path):
    with open(path, newline="") as file:
        lines = list(csv.DictReader(file))
    return [in_form(line) for line in lines if line["function"] in functions()]


def in_form(line):
    """A line of search_worst in the form of error_report."""
    if "args" not in line:
        return line
    dy, x = ["0x1p+0", *line.pop("args").split()][-2:]
    del line["output"]
    return line | {"dy": dy, "x": x}


def merged(lines):
    """Returns {(function, dtype, isa): line}."""
    found = {}
    for line in lines:
        key = line["function"], line["dtype"], line["isa"]
        other = found.get(key, line)
        worst = max(other, line, key=lambda one: float(one["max_ulp"]))
        found[key] = worst | {"inputs": max(other["inputs"], line["inputs"], key=int)}
    return found


def main(paths):
    lines = merged([line for path in [RESULTS, *paths] for line in lines_of(path)])
    known = functions()
    dtypes = list(dict.fromkeys(dtype for _, dtype, _ in lines))
    order = sorted(lines, key=lambda key: (known.index(key[0]), dtypes.index(key[1])))
    with open(RESULTS, "w", newline="") as file:
        writer = csv.DictWriter(file, next(iter(lines.values())), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines[key] for key in order)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python merge_accuracy.py CSV...")
    main(sys.argv[1:])
