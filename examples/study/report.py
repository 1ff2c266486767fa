"""Writes the results as Markdown tables, and inserts them into the document that explains them."""

import re

import numpy as np

from . import statistics
from .comparisons import BASE, compare_all, correct

# Claims of articles: the first unit is more accurate than the second.
CLAIMS = [
    ("GELU beats ReLU", "GELU", "ReLU"),
    ("SiLU (swish) beats ReLU", "SiLU", "ReLU"),
    ("leaky ReLU beats ReLU, as it has no dead units", "leaky ReLU", "ReLU"),
    ("exact GELU beats its tanh form", "GELU", "GELU, tanh form"),
    ("gates are better: GEGLU beats GELU", "GEGLU", "GELU"),
    ("gates are better: SwiGLU beats SiLU", "SwiGLU", "SiLU"),
    ("ReLU beats tanh", "ReLU", "tanh"),
    ("ReLU beats sigmoid", "ReLU", "sigmoid"),
]


def tables(results):
    comparisons = compare_all(results)
    parts = [about(results, len(comparisons))]
    for network in results["networks"]:
        parts += [
            f"### {network.capitalize()} network",
            accuracies(results["networks"][network], network, comparisons),
            insides(results["networks"][network]),
            rates(results["networks"][network]),
        ]
    parts += ["### Claims", claims(results["networks"], comparisons)]
    return "\n\n".join(parts)


def about(results, comparisons):
    settings, machine = results["settings"], results["machine"]
    rates = ", ".join(f"{rate:g}" for rate in settings["rates"])
    seeds, tuning = settings["seeds"], settings["tuning_seeds"]
    return (
        f"Each line comes from {seeds} seeds and {settings['epochs']} epochs. The learning rate is "
        f"the best of {rates} with {tuning} other seeds. The p-values are adjusted for "
        f"{comparisons} comparisons. The nearest neighbour, which needs no training, reaches "
        f"{results['nearest_neighbour']:.1%}. The runs used gelu_fast on {machine['isa']} and "
        f"NumPy {machine['numpy']}."
    )


# ---- One network


def accuracies(found, network, comparisons):
    rows = []
    for unit, about in found.items():
        right = correct(found, unit)
        mean, low, high = (100 * x for x in statistics.interval(right.mean(axis=1)))
        images = [100 * x for x in statistics.interval_with_images(right)]
        row = [unit, rate_text(about), f"{mean:.2f}", span(low, high), span(*images)]
        if unit == BASE:
            row += [""] * 4
        else:
            c = comparisons[network, unit, BASE]
            row += [
                f"{c.mean:+.2f}",
                span(c.low, c.high, "+"),
                span(c.images_low, c.images_high, "+"),
                p_text(c.p),
            ]
        rows.append(row)
    header = [
        "unit", "learning rate", "test accuracy, %", "95%, seeds", "95%, seeds and images",
        f"minus {BASE}", "95%, seeds", "95%, seeds and images", "p, adjusted",
    ]  # fmt: skip
    return markdown(header, rows)


def insides(found):
    rows = []
    for unit, about in found.items():
        starts, ends = ([run[when] for run in about["runs"]] for when in ("start", "end"))
        rows.append(
            [
                unit,
                f"{about['runs'][0]['parameters']:,}",
                f"{np.mean([end['loss'] for end in ends]):.2g}",
                f"{ends[0]['units']}",
                f"{mean_of(starts, 'dead'):.1f}",
                f"{mean_of(ends, 'dead'):.1f} ({mean_of(ends, 'without_gradient'):.1f})",
                " to ".join(f"{x:.2g}" for x in norms(starts)[[0, -1]]),
                " to ".join(f"{x:.2g}" for x in norms(ends)[[0, -1]]),
                time_text(about["step"]),
            ]
        )
    header = [
        "unit", "parameters", "training loss at the end", "hidden units", "dead at the start",
        "dead at the end (gradient exactly 0)", "gradient norms at the start, first to last block",
        "at the end", f"time of a step / {BASE}",
    ]  # fmt: skip
    return markdown(header, rows)


def rates(found):
    """The results of tuning the learning rates."""
    header = ["validation accuracy, % (dead units) at"]
    header += [f"{tried['rate']:g}" for tried in found[BASE]["tuning"]]
    rows = [
        [
            unit,
            *(f"{100 * tried['accuracy']:.1f} ({tried['dead']:.0f})" for tried in about["tuning"]),
        ]
        for unit, about in found.items()
    ]
    return markdown(header, rows)


def mean_of(conditions, what):
    return np.mean([condition[what] for condition in conditions])


def norms(conditions):
    """The median over seeds of each block's gradient norm."""
    return np.median([condition["gradient_norms"] for condition in conditions], axis=0)


# ---- Claims


def claims(networks, comparisons):
    rows = []
    for claim, a, b in CLAIMS:
        for network, found in networks.items():
            if a not in found or b not in found:
                continue
            c = comparisons.get((network, a, b))
            c = c or comparisons[network, b, a].reversed()
            text = f"{c.mean:+.2f} {span(c.low, c.high, '+')}"
            rows.append([claim, network, text, p_text(c.p), verdict(c)])
    header = ["claim", "network", "difference as claimed, points", "p, adjusted", "verdict"]
    return markdown(header, rows)


def verdict(c):
    if not c.differs:
        return "not supported"
    word = "supported" if c.mean > 0 else "contradicted"
    return word if c.differs_on_other_images else f"{word} on these images only"


# ---- Cells


def span(low, high, sign=""):
    return f"[{low:{sign}.2f}, {high:{sign}.2f}]"


def p_text(p):
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def rate_text(about):
    at_end = about["rate"] in (about["tuning"][0]["rate"], about["tuning"][-1]["rate"])
    return f"{about['rate']:g}" + " (an end of the grid)" * at_end


def time_text(step):
    low, middle, high = step["ratio_quartiles"]
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def markdown(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def insert(text, tables):
    """The document with the tables between its markers."""
    begin, end = "<!-- results: begin", "<!-- results: end -->"
    found, count = re.subn(
        rf"({begin}[^\n]*\n).*?({end})", lambda m: f"{m[1]}\n{tables}\n\n{m[2]}", text, flags=re.S
    )
    if count != 1:
        raise ValueError(f"the document must have one line {begin} ... --> and one line {end}")
    return found
