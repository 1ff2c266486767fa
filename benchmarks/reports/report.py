"""Formats a comparison as tables, for a terminal and in Markdown."""

import json
import platform
from pathlib import Path

import numpy as np

import gelu_fast

OURS = "gelu_fast"


def machine():
    """Returns the processor, instruction set and versions on which the figures depend."""
    return {
        "cpu": cpu_name(),
        "isa": gelu_fast.isa(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def cpu_name():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    values = {key.strip(): value.strip() for key, _, value in (s.partition(":") for s in lines)}
    if "model name" not in values:
        return platform.machine()
    family = f"family {values['cpu family']}, model {values['model']}"
    return f"{values['model name']} ({family})"


def save(result, path):
    """Writes the result of a program to a JSON file, whose tables show.py prints."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


# ---- The cells


def ns(result, size):
    return result["times"][str(size)]["ns_quartiles"][1]


def ulp(error):
    """Formats an error in ULP."""
    if error < 1000:
        return f"{error:.2f}"
    return f"{error:.0e}".replace("+0", "").replace("+", "") if np.isfinite(error) else "NaN or inf"


def size_name(size):
    power = size.bit_length() - 1
    return f"2^{power}" if size == 1 << power and power >= 17 else f"{size:,}"


def label(name, result, comparison):
    unlimited = comparison["peers_limited"] and not result["follows_isa"]
    version = "" if name.startswith(("np.", "NumPy")) else result["version"].split("+")[0]
    return " ".join(filter(None, [name, version, "(not limited)" if unlimited else ""]))


def cells(comparison, measured):
    """Returns (header, rows): ns/element with the ratio gelu_fast/peer in brackets, the errors, and
    the values at the infinities."""
    sizes = comparison["sizes"]
    header = [
        "",
        *map(size_name, sizes),
        "ULP: data",
        "ULP: left tail",
        "at -inf",
        "at +inf",
    ]
    ours = measured["peers"].get(OURS)
    rows = []
    for name, result in measured["peers"].items():
        row = [label(name, result, comparison)]
        for size in sizes:
            ratio = ns(ours, size) / ns(result, size) if ours else None
            bracket = f" ({ratio:.2f})" if ratio and name != OURS else ""
            row.append(f"{ns(result, size):.3f}{bracket}")
        if "errors" in result:
            errors = result["errors"]
            row += [ulp(errors["data"]), ulp(errors["left_tail"])]
            row += [f"{errors[key]:.4g}" for key in ("at_minus_inf", "at_plus_inf")]
        else:
            row += [""] * 4
        rows.append(row)
    return header, rows


def notes(comparison, measured):
    """Yields the lines below a table."""
    for name, reason in measured["absent"].items():
        yield f"{name}: {reason}"
    unlimited = [n for n, r in measured["peers"].items() if not r["follows_isa"]]
    if comparison["peers_limited"] and unlimited:
        isa = comparison["machine"]["isa"]
        yield f"{' and '.join(unlimited)} cannot be limited to {isa}: they ran on the CPU's best."


def title(comparison, measured):
    return (
        f"{measured['function']}, {comparison['dtype']}, {comparison['machine']['isa']}, "
        f"{comparison['data']} data"
    )


EXPLANATION = (
    "ns/element in one thread for each number of elements, and in brackets the time of gelu_fast "
    "divided by this time (below 1: gelu_fast is faster)"
)


# ---- The tables


def find(comparison, function):
    return next(m for m in comparison["functions"] if m["function"] == function)


def text(comparison, function):
    measured = find(comparison, function)
    header, rows = cells(comparison, measured)
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [f"{title(comparison, measured)}: {EXPLANATION}"]
    for row in [header, *rows]:
        first, *rest = zip(row, widths, strict=True)
        lines.append("  ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in rest)]))
    return "\n".join([*lines, *notes(comparison, measured), ""])


def markdown_table(header, rows):
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def markdown(comparison):
    system = comparison["machine"]
    blocks = [
        f"{system['cpu']}, {system['system']}, Python {system['python']}, NumPy {system['numpy']}. "
        f"Figures are {EXPLANATION}."
    ]
    for measured in comparison["functions"]:
        header, rows = cells(comparison, measured)
        blocks.append(f"## {title(comparison, measured)}")
        blocks.append(markdown_table(header, rows))
        blocks.append("\n".join(f"- {note}" for note in notes(comparison, measured)))
    return "\n\n".join(filter(None, blocks)) + "\n"
