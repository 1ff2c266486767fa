"""Makes links of functions, classes and modules that the pages and docstrings name: of
`gelu_fast.NAME`, and of `NAME` if it is a function of the table, with arguments or without. In a
page, only the first mention is a link. A name that begins with `gelu_fast.` and does not exist is a
warning, except in pages about the past, outside of docs/."""

import re

from docutils import nodes
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from gelu_fast._core.table import TABLE

NAME = re.compile(r"((?:gelu_fast\.)?\w+(?:\.\w+)*)(?:\([\w=., ]*\))?")
# What no page of the reference describes: the module for Cython, private names, files.
ELSEWHERE = re.compile(r"gelu_fast\.(gelu_c\b|_|\w+\._|.*\._)|.*\.(py|so|h|json|toml)$")


def found(env, text):
    """(full name, object of the reference) of what the text names, or None."""
    match = NAME.fullmatch(text)
    if not match:
        return None
    name = f"gelu_fast.{match[1]}" if match[1] in TABLE else match[1]
    owner = name.rpartition(".")[0]
    name = owner if owner.removeprefix("gelu_fast.") in TABLE else name  # a method of a ufunc
    objects = env.domains["py"].objects
    last = name.rpartition(".")[2]
    if name.startswith("gelu_fast.") and name not in objects and last in TABLE:
        name = f"gelu_fast.{last}"  # of a module that has all functions of the table
    return (name, objects[name]) if name in objects else None


def is_wrong(text):
    match = NAME.fullmatch(text)
    return match and match[1].startswith("gelu_fast.") and not ELSEWHERE.match(match[1])


def link(app, doctree, page):
    """Makes links of code in a page of Markdown."""
    if page.startswith("api/"):
        return
    seen, current = set(), app.env.doc2path(page, base=False).is_relative_to("docs")
    for literal in [*doctree.findall(nodes.literal)]:
        text = literal.astext()
        place = found(app.env, text)
        if place is None:
            if current and is_wrong(text):
                LOGGER.warning("%s does not exist", text, location=literal)
            continue
        name, target = place
        if name in seen or isinstance(literal.parent, nodes.reference | nodes.title):
            continue
        seen.add(name)
        content = literal.deepcopy()
        literal.replace_self(
            make_refnode(app.builder, page, target.docname, target.node_id, content)
        )


def resolve(app, env, node, content):
    """Makes a link of a name in a docstring that Sphinx does not know by itself."""
    place = found(env, node["reftarget"])
    if place is None:
        if is_wrong(node["reftarget"]):
            LOGGER.warning("%s does not exist", node["reftarget"], location=node)
        return None
    target = place[1]
    return make_refnode(app.builder, node["refdoc"], target.docname, target.node_id, content)


LOGGER = logging.getLogger(__name__)


def setup(app):
    app.connect("doctree-resolved", link)
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
