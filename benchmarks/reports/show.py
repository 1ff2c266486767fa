"""Prints the tables of measurements in benchmarks/results, as Markdown, or draws a comparison.

    python benchmarks/reports/show.py benchmarks/results/cliff-avx2-float32.json ...
    python benchmarks/reports/show.py COMPARE.json --picture COMPARE.png     (needs matplotlib)

It reads the JSON files of compare.py, cliff.py, family.py, models.py, pipelines.py, files.py
and threads.py; it draws files of compare.py only.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import cliff  # noqa: E402
import family  # noqa: E402
import files  # noqa: E402
import models  # noqa: E402
import pipelines  # noqa: E402
import threads  # noqa: E402
from reports import report  # noqa: E402


def markdown(result):
    """Returns the tables of a file of any of these programs."""
    if "functions" in result:
        return report.markdown(result)
    if "formats" in result:
        table = report.markdown_table(*files.cells(result))
        return f"{result['machine']['cpu']}\n\n{table}\n"
    if "threads" in result:
        return f"{result['machine']['cpu']}\n\n{threads.markdown(result)}\n"
    if "hosts" in result and "size" in result:
        table = report.markdown_table(*pipelines.cells(result))
        return f"{result['machine']['cpu']}, float32\n\n{table}\n"
    if "hosts" in result:
        return "\n\n".join(models.tables(result)) + "\n"
    if "times" in result:
        table = report.markdown_table(*family.cells(result))
        return f"{result['machine']['cpu']}, float32\n\n{table}\n"
    return f"{result['machine']['cpu']}\n\n{cliff.markdown(result)}\n"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--picture", type=Path, help="file for a picture of a comparison")
    args = parser.parse_args()
    results = [json.loads(path.read_text()) for path in args.files]
    if args.picture is None:
        print("\n".join(map(markdown, results)), end="")
        return
    if len(results) != 1 or "functions" not in results[0]:
        parser.error("--picture needs exactly one file, and it must be of compare.py")
    from reports import plot

    plot.draw(results[0], args.picture)


if __name__ == "__main__":
    main()
