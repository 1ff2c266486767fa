"""Stores runs of search_worst in results/worst_inputs.csv, and writes results/worst_inputs.md, a
table of the largest error of every function, dtype and instruction set:

    make search > run.csv
    python benchmarks/reports/worst_inputs.py run.csv ...

Of several runs it keeps the largest errors. They replace stored lines of the same function, dtype
and instruction set; other lines stay, such as those of another machine's instruction sets.
"""

import csv
import sys
from pathlib import Path

from gelu_fast._core.table import COMPOUNDS, functions

RESULTS = Path(__file__).resolve().parents[1] / "results"
LINES, PAGE = RESULTS / "worst_inputs.csv", RESULTS / "worst_inputs.md"
DTYPES = {"f32": "float32", "f64": "float64", "bf16": "bfloat16", "f16": "float16"}
HEAD = """\
# The largest errors of an adversarial search

The largest errors that an adversarial search found, in ULP, and the inputs with the largest of each
line. `make search` repeats it; `worst_inputs.py` wrote this page from `worst_inputs.csv`. 16-bit
functions of one input are missing, because all their results are compared elsewhere.
"""


def lines_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def key(line):
    return line["function"], line["dtype"], line["isa"], line["output"]


def error(line):
    return float(line["max_ulp"])


def merged(paths):
    """The worst lines of the runs, and stored lines that the runs lack, in the table's order."""
    found = {}
    for line in sorted((line for path in paths for line in lines_of(path)), key=error):
        found[key(line)] = line
    if LINES.exists():
        found = {key(line): line for line in lines_of(LINES)} | found
    names = [*functions(), *dict.fromkeys(row.function for row in COMPOUNDS)]
    dtypes = list(DTYPES)

    def order(line):
        return names.index(line["function"]), dtypes.index(line["dtype"]), line["isa"]

    return sorted((line for line in found.values() if line["function"] in names), key=order)


def table(lines):
    """The lines of one dtype, as a table in Markdown."""
    isas = list(dict.fromkeys(line["isa"] for line in lines))
    rows = {}
    for line in lines:
        rows.setdefault((line["function"], line["output"]), {})[line["isa"]] = line
    yield f"| function | bound | {' | '.join(isas)} | at |"
    yield f"| --- | ---: | {' | '.join(['---:'] * len(isas))} | --- |"
    for (function, output), by_isa in rows.items():
        worst = max(by_isa.values(), key=error)
        name = f"`{function}`" + (f" {output}" if output not in ("out", "dx") else "")
        errors = [f"{error(by_isa[isa]):.4g}" if isa in by_isa else "" for isa in isas]
        inputs = ", ".join(worst["args"].split())
        yield f"| {name} | {worst['bound_ulp']} | {' | '.join(errors)} | {inputs} |"


def page(lines):
    parts = [HEAD]
    for dtype, name in DTYPES.items():
        own = [line for line in lines if line["dtype"] == dtype]
        if own:
            parts += [f"## {name}\n", *table(own), ""]
    return "\n".join(parts)


def main(paths):
    lines = merged(paths)
    with open(LINES, "w", newline="") as file:
        writer = csv.DictWriter(file, lines[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    PAGE.write_text(page(lines))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python worst_inputs.py CSV...")
    main(sys.argv[1:])
