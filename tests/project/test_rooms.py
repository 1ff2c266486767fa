"""The folders of the package: imports between modules and between folders have no cycle, imports
inside the package are relative, and a listing of each folder fits one screen."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = next(path for path in Path(__file__).resolve().parents if (path / "setup.py").is_file())
PACKAGE = "gelu_fast"
SCREEN = 24  # lines


def module_paths(root):
    """Returns {name: path} of the modules of the package in the folder root; the path of a package
    is its __init__."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py*")):
        if path.suffix in (".py", ".pyx"):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def import_statements(path):
    """Returns the import statements of a file, also inside functions."""
    text = path.read_text()
    if path.suffix == ".pyx":  # only Cython can parse the whole file
        text = "\n".join(re.findall(r"^(?:from|import) .*", text, re.M))
        text = re.sub(r".*\bcimport\b.*", "", text)
    nodes = ast.walk(ast.parse(text))
    return [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(name, path, paths):
    """Yields the modules of the package that a module imports."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in import_statements(path):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            parents = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" for alias in node.names]
            names = [each if each in paths else base for each in names]
        yield from (each for each in names if each.partition(".")[0] == PACKAGE)


def import_graph(root):
    """Returns {module: the modules of the package that it imports}."""
    paths = module_paths(root)
    return {name: set(imported(name, path, paths)) - {name} for name, path in paths.items()}


def folder_graph(graph):
    """Returns {folder or module at the top: the folders or modules at the top that it imports}."""
    folders = {}
    for name, others in graph.items():
        tops = {top(other) for other in others} - {top(name)}
        folders.setdefault(top(name), set()).update(tops)
    return folders


def top(name):
    return ".".join(name.split(".")[:2])


def circle(graph):
    """Returns modules each of which imports the next, in a cycle, or None."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1][::-1]


def test_no_circle():
    graph = import_graph(ROOT)
    assert circle(graph) is None
    assert circle(folder_graph(graph)) is None


def test_all_imports_are_seen():
    """Each module is imported by another, except __main__ modules, hooks, and folders that
    `import gelu_fast` does not need, such as hosts."""
    graph = import_graph(ROOT)
    unknown = set().union(*graph.values()) - graph.keys()
    assert not unknown
    assert graph.keys() - set().union(*graph.values()) == {
        name
        for name, path in module_paths(ROOT).items()
        if path.stem == "__main__"
        or path.stem.startswith("hook-")
        or (path.stem == "__init__" and f"{PACKAGE}." in name and name not in graph[PACKAGE])
    }


def test_imports_are_relative():
    absolute = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in module_paths(ROOT).values()
        for node in import_statements(path)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
            if node.level
            else [node.module]
        )
        if name.partition(".")[0] == PACKAGE
    ]
    assert not absolute


@pytest.mark.parametrize("lazily", [False, True])
def test_a_circle_is_found(tmp_path, lazily):
    folder = tmp_path / PACKAGE / "_room"
    folder.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").write_text("from ._room import a\n")
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text("from . import b\n")
    (folder / "b.pyx").write_text("from libc.math cimport erf\nfrom .c import x\n")
    back = "from .._room.a import y"
    (folder / "c.py").write_text(f"def f():\n    {back}\n" if lazily else back)
    modules = [f"{PACKAGE}._room.{name}" for name in "abc"]
    assert sorted(set(circle(import_graph(tmp_path)))) == modules


def test_a_listing_fits_one_screen():
    # What the build copies into the folders of an editable install.
    built = {"__pycache__", "gelu_c", "gelu_c.pxd", "gelu_c.abi3.so", "include", "lib"}
    for folder in [ROOT / PACKAGE, *(ROOT / PACKAGE).rglob("*/")]:
        if not built.intersection(folder.relative_to(ROOT).parts):
            listing = [path.name for path in folder.iterdir() if path.name not in built]
            assert len(listing) <= SCREEN, folder
