"""Writes the worst inputs that error_report and search_worst found into functions.def and the heads
of math/*.h:

    error_report --dtype f32 --isa all --step 1 --csv > f32.csv    (error_report.c: how to build)
    make search > worst.csv
    python src/gelu_c/tools/check/update_worst.py f32.csv worst.csv ...

A compound has no worst input in functions.def, and a head only if it has a file of mathematics.
Where no result has an error, the lines stay as they are.

tests/accuracy/test_worst_inputs.py checks every line that this writes with Arb and with the
installed ufuncs.
"""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

TITLE = "Worst inputs (tools/check/update_worst.py; the bounds are in functions.def)"
CORE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CORE))

from generate import math_file  # noqa: E402
from table import functions  # noqa: E402


def worst_lines(paths):
    """{function: {dtype: line of the CSV}} of the instruction set with the largest error."""
    worst = defaultdict(dict)
    for path in paths:
        with open(path, newline="") as file:
            for line in csv.DictReader(file):
                if float(line["max_ulp"]) == 0:
                    continue
                if "args" in line:  # a line of search_worst
                    line["args"] = line["args"].split()
                else:
                    line["args"] = [line[name] for name in functions()[line["function"]].inputs]
                best = worst[line["function"]].get(line["dtype"])
                if best is None or float(line["max_ulp"]) > float(best["max_ulp"]):
                    worst[line["function"]][line["dtype"]] = line
    return worst


def update_table(worst):
    path = CORE / "table" / "functions.def"
    text = path.read_text()
    for function, by_dtype in worst.items():
        if functions()[function].is_compound:
            continue
        for dtype, line in by_dtype.items():
            row = rf"(ROW\({function}, {dtype.upper()}, .*, )\S+\)$"
            text, found = re.subn(row, rf"\g<1>{line['args'][-1]})", text, flags=re.M)
            assert found == 1, (function, dtype)
    path.write_text(text)


def update_header(function, by_dtype):
    path = CORE / math_file(function)
    text = path.read_text()
    if "\n */\n" not in text.split("#include")[0]:  # the head is one line
        text = text.replace(" */\n", f"\n *\n * {TITLE}:\n */\n", 1)
    head, tail = text.split("\n */\n", 1)
    for dtype, line in sorted(by_dtype.items()):
        at = ", ".join(line["args"])
        written = (
            f" *   {dtype} {float(line['max_ulp']):.4f} ULP at {at} ({line['isa']}):\n"
            f" *       got {line['got']}, want {line['want']}"
        )
        old = rf"\n \*   {dtype} .*\n \*       got .*"
        head, found = re.subn(old, "\n" + written, head)
        if not found:
            head += "\n" + written
    path.write_text(f"{head}\n */\n{tail}")


def main(paths):
    worst = worst_lines(paths)
    update_table(worst)
    for function, by_dtype in worst.items():
        if math_file(function):
            update_header(function, by_dtype)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python update_worst.py CSV...")
    main(sys.argv[1:])
