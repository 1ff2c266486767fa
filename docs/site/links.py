"""Makes a link of the first mention of a function in each page: `gelu`, or `gelu_fast.NAME`."""

from docutils import nodes
from sphinx.util.nodes import make_refnode


def link(app, doctree, page):
    if page.startswith("api/"):
        return
    objects = app.env.domains["py"].objects
    seen = set()
    for literal in [*doctree.findall(nodes.literal)]:
        name = literal.astext()
        full = name if name.startswith("gelu_fast.") else f"gelu_fast.{name}"
        if full in seen or full not in objects or isinstance(literal.parent, nodes.reference | nodes.title):
            continue
        found = objects[full]
        # `selfcheck` may be the command; only the functions of the table are known by bare names
        if name != full and found.docname == "api/gelu_fast":
            continue
        seen.add(full)
        reference = make_refnode(app.builder, page, found.docname, found.node_id, literal.deepcopy())
        literal.replace_self(reference)


def setup(app):
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
