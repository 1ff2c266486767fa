"""Makes a link of the first mention of a function in each page: of `gelu_fast.NAME`, and of `NAME`
if it is a function of the table."""

from docutils import nodes
from sphinx.util.nodes import make_refnode

from gelu_fast._core.table import TABLE


def link(app, doctree, page):
    if page.startswith("api/"):
        return
    objects = app.env.domains["py"].objects
    seen = set()
    for literal in [*doctree.findall(nodes.literal)]:
        name = literal.astext()
        full = f"gelu_fast.{name}" if name in TABLE else name
        if full not in objects or full in seen:
            continue
        if isinstance(literal.parent, nodes.reference | nodes.title):
            continue
        seen.add(full)
        found = objects[full]
        text = literal.deepcopy()
        literal.replace_self(make_refnode(app.builder, page, found.docname, found.node_id, text))


def setup(app):
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
