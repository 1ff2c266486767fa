"""The pages of the site: README.md as the home page, the pages of docs/, the changelog, every page
of the repository to which these link, and the API reference, which reference.py writes.

The name of a page, which is its address, is its path without docs/ and build/docs/. contents.md is
the list of contents."""

import os
import re
from pathlib import Path

from sphinx.project import Project

SITE = Path("docs/site")
GENERATED = Path("build/docs/pages")
HOME = {Path("README.md"): "index"}
CHANGES = Path("CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#:\s]+\.md)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```.*?^```$", re.M | re.S)
NAMED = re.compile(r"^(?:[^`:<\n]*<)?([\w/]+)>?$", re.M)  # a page in the list of contents


def found() -> dict[str, Path]:
    """{name of a page: its path from the root of the repository}."""
    pages: dict[str, Path] = {}
    waiting = [*HOME, CHANGES, *Path("docs").glob("*.md")]
    while waiting:
        path = waiting.pop()
        if path not in pages.values():
            pages[name(path)] = path
            waiting += linked(path)
    return pages | {name(path): path for path in GENERATED.rglob("*.rst")}


def name(path: Path) -> str:
    for folder in (Path("docs"), GENERATED):
        if path.is_relative_to(folder):
            path = path.relative_to(folder)
    return HOME.get(path) or path.with_suffix("").as_posix()


def linked(path: Path) -> list[Path]:
    """The pages of the repository to which a page links."""
    targets = LINK.findall(FENCED.sub("", path.read_text()))
    paths = {Path(os.path.normpath(path.parent / target)) for target in targets}
    return [path for path in paths if path.is_file()]


class Pages(Project):
    """Sphinx's list of pages, which by itself has only one folder and takes names from paths."""

    def discover(self, exclude_paths=(), include_paths=()):
        pages = found()
        self.docnames = set(pages)
        self._docname_to_path = pages
        self._path_to_docname = {path: name for name, path in pages.items()}
        self._path_to_docname |= {Path(self.srcdir) / path: name for name, path in pages.items()}
        return self.docnames


def contents() -> str:
    """The list of contents, with the pages that it does not name: those of docs/ instead of
    NEW_PAGES, and others instead of LINKED_PAGES. The API reference has a list of its own."""
    text = (SITE / "contents.md").read_text()
    named = {"index", *NAMED.findall(text)}
    pages = {page: path for page, path in sorted(found().items()) if page not in named}
    new = [page for page, path in pages.items() if path.parent == Path("docs")]
    linked = [page for page, path in pages.items() if path.suffix == ".md" and page not in new]
    text = text.replace("NEW_PAGES\n", "".join(f"{page}\n" for page in new))
    return text.replace("LINKED_PAGES\n", "".join(f"{page}\n" for page in linked))


def add_contents(app, page, source):
    if page == "index":
        source[0] += "\n" + contents()


def use_pages(app):
    app.project.__class__ = Pages


def setup(app):
    app.connect("builder-inited", use_pages)
    app.connect("source-read", add_contents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
