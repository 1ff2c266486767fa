"""Writes the API reference: a page for each family of functions of the table, such as `gelu` with
its derivatives, and one for each public module. Formulas, bounds and names come from the table, the
largest errors found from the results of the benchmarks, everything else from the docstrings."""

import csv
import re
import shutil
from collections import defaultdict
from pathlib import Path

import formulas
import names
import plots
from numpydoc.docscrape_sphinx import SphinxDocString
from pages import GENERATED

import gelu_fast
from gelu_fast._core.table import COMPOUNDS, ROWS, TABLE

API = GENERATED / "api"
ERRORS = [Path("benchmarks/results") / name for name in ("accuracy.csv", "worst_inputs.csv")]
SHORT = {"float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64"}
SUFFIX = re.compile(r"_(grad2?|backward|packed)$")


def write(app):
    """Writes all pages, before Sphinx looks for them."""
    shutil.rmtree(API, ignore_errors=True)
    (API / "plots").mkdir(parents=True)
    members = families()
    errors = largest_errors()
    for family, functions in members.items():
        text = [heading(family), MODULE, *(section(name, errors) for name in functions)]
        (API / f"{family}.rst").write_text("\n".join(text))
    for name in ["", *names.modules()]:
        (API / f"{page_of(name)}.rst").write_text(module(name))
    (API / "index.rst").write_text(index(members))


MODULE = ".. py:module:: gelu_fast\n   :no-index:\n"


def families():
    """{family: its functions}, in the order of the table."""
    found = defaultdict(list)
    for name in [*TABLE, *(name for name in gelu_fast.__all__ if name.endswith("_packed"))]:
        base = SUFFIX.sub("", name)
        found[base if base in TABLE else name].append(name)
    return dict(found)


# ---- A function


def section(name, errors):
    """The description of a function; `_packed` forms are not in the table."""
    value = getattr(gelu_fast, name)
    if name not in TABLE:
        return description(names.entry(name, value))
    row = TABLE[name]
    plots.draw(row, API / "plots" / f"{name}.svg")
    first, _, doc = value.__doc__.partition("\n")
    picture = [f".. image:: plots/{name}.svg", f"   :alt: {row.formula}", "   :class: plot", ""]
    before = [*raw(definition(row)), *picture]
    entry = names.Entry("function", name, first.removeprefix(name), plain_summary(doc))
    return description(entry, before, bounds(name, errors))


def definition(row):
    return div(formulas.equations(row.function, row.inputs, row.outputs, row.definition))


def div(equations):
    return f'<div class="formula">{"".join(equations)}</div>'


def plain_summary(doc):
    """The docstring with its first paragraph, which has formulas, as text without markup."""
    first, end, rest = doc.strip().partition("\n\n")
    return re.sub(r"([*|_`\\])", r"\\\1", first) + end + rest


def bounds(name, errors):
    """A table of the bounds in each dtype and the largest errors found."""
    lines = [".. list-table:: Errors, in units in the last place (:doc:`ULP </accuracy>`)"]
    lines += ["   :header-rows: 1", "   :class: bounds", ""]
    lines += cells("dtype", "bound", "largest found")
    for row in ROWS + COMPOUNDS:
        if row.function == name:
            promise = " (correctly rounded)" if row.bound_ulp == 0.5 else ""
            found = errors.get((name, SHORT[row.dtype]))
            lines += cells(
                row.dtype, f"{row.bound_ulp:g}{promise}", "" if found is None else f"{found:g}"
            )
    return [*lines, ""]


def cells(*texts):
    first, *rest = texts
    return [f"   * - {first}", *(f"     - {text}" for text in rest)]


def largest_errors():
    """{(function, short name of dtype): the largest error found, in ULP}."""
    largest = defaultdict(float)
    for path in ERRORS:
        for row in csv.DictReader(path.open()):
            key = row["function"], row["dtype"]
            largest[key] = max(largest[key], float(row["max_ulp"]))
    return largest


# ---- A module


def page_of(module):
    return f"gelu_fast.{module}".rstrip(".")


def module(name):
    """The page of a module."""
    found = names.module(name)
    path = page_of(name)
    text = [heading(path), f".. py:module:: {path}", "", found.doc, ""]
    text += [f"How to use it: :doc:`/{guide(path)}`.", ""] if name else []
    if found.has_table:
        text += ["Every function of :doc:`the table <index>` is here under its name, too.", ""]
    packed = {name for name in gelu_fast.__all__ if name.endswith("_packed")}
    return "\n".join([*text, *(description(e) for e in found.entries if e.name not in packed)])


def guide(path):
    """The page that mentions a module most often."""
    texts = {page.stem: page.read_text() for page in sorted(Path("docs").glob("*.md"))}
    return max(texts, key=lambda page: texts[page].count(path))


# ---- reStructuredText


def heading(text, line="="):
    return f"{text}\n{line * len(text)}\n"


def raw(html):
    return [".. raw:: html", "", f"   {html}", ""]


def description(entry, before=(), after=()):
    """The directive for an entry and its members."""
    doc = str(SphinxDocString(entry.doc, config={"show_class_members": False}))
    members = [description(each) for each in entry.members]
    body = "\n".join([*before, doc, *after, *members])
    kind = {"classmethod": "method", "staticmethod": "method"}.get(entry.kind, entry.kind)
    option = f"\n   :{entry.kind}:" if kind != entry.kind else ""
    return f".. py:{kind}:: {entry.name}{entry.signature}{option}\n\n{indented(body)}\n"


def indented(text):
    return "\n".join(f"   {line}".rstrip() for line in text.splitlines())


# ---- The overview


def index(members):
    """The page that leads to all others."""
    text = [heading("API reference"), *OVERVIEW]
    groups = defaultdict(list)
    for family in members:
        groups[TABLE[family].inputs].append(family)
    for inputs, group in groups.items():
        text.append(heading(f"Functions of {' and '.join(inputs)}", "-"))
        text += [*overview(group, members), ""]
    text += [heading("Modules", "-")]
    modules = [page_of(name) for name in ["", *names.modules()]]
    text += [f"- :doc:`{page}`: {summary(page)}" for page in modules]
    text += ["", heading("Symbols", "-"), *raw(div(formulas.meanings()))]
    for pages in (modules, members):
        text += ["", ".. toctree::", "   :hidden:", "", *(f"   {page}" for page in pages)]
    return "\n".join([*text, ""])


OVERVIEW = [
    "The table of the C core has these functions. Each page has the formulas, pictures and error",
    "bounds of a function and of its derivatives.",
    "",
]


def overview(group, members):
    """A table of the formulas of families, with links to the other functions of each."""
    lines = [".. list-table::", "   :class: functions", ""]
    for family in group:
        links = (f":py:func:`~gelu_fast.{name}`" for name in members[family] if name != family)
        lines += [f"   * - :doc:`{family}`", "     - .. raw:: html", ""]
        lines += [f"          {definition(TABLE[family])}", "", f"       {', '.join(links)}"]
    return lines


def summary(page):
    """The first sentence of a module's docstring."""
    doc = names.module(page.partition(".")[2]).doc
    return re.split(r"[.:](?=\s|$)", doc, maxsplit=1)[0].replace("\n", " ")


def setup(app):
    app.connect("builder-inited", write, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
