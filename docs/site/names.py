"""The public names of a module with their docstrings. A module whose host is not installed is read
from its source, so that the site needs no host."""

import ast
import importlib
import inspect
from pathlib import Path
from typing import NamedTuple

from gelu_fast._core.table import TABLE

PACKAGE = Path("gelu_fast")
KINDS = {property: "property", classmethod: "classmethod", staticmethod: "staticmethod"}


class Entry(NamedTuple):
    """A function, a class, or a method or property of a class."""

    kind: str  # the name of Sphinx's directive
    name: str
    signature: str
    doc: str
    members: tuple["Entry", ...] = ()


class Module(NamedTuple):
    """A public module."""

    doc: str
    entries: list[Entry]
    has_table: bool  # whether every function of the table is in it, too


def modules():
    """The public modules: the files and folders of the package without an underscore."""
    paths = [path.parent for path in PACKAGE.glob("[a-z]*/__init__.py")]
    return sorted(path.stem for path in [*paths, *PACKAGE.glob("[a-z]*.py")])


def module(name):
    """The module gelu_fast.NAME, or gelu_fast for an empty name."""
    try:
        loaded = importlib.import_module(f"gelu_fast.{name}".rstrip("."))
    except ImportError:
        return read(name)
    has_table = set(TABLE) <= set(loaded.__all__)
    names = sorted(set(loaded.__all__) - set(TABLE if has_table else []), key=str.lower)
    entries = [entry(each, getattr(loaded, each)) for each in names if each not in modules()]
    return Module(inspect.getdoc(loaded), entries, has_table)


# ---- From objects


def entry(name, value):
    if not inspect.isclass(value):
        return Entry("function", name, signature(value), inspect.getdoc(value))
    kept = {}
    for base in reversed(value.__mro__):
        if base.__module__.startswith("gelu_fast"):
            kept |= {key: each for key, each in vars(base).items() if not key.startswith("_")}
    members = (member(key, each) for key, each in sorted(kept.items()))
    documented = tuple(each for each in members if each is not None)
    return Entry("class", name, signature(value), inspect.getdoc(value), documented)


def member(name, value):
    """The entry of a method or property, or None for other members."""
    function = getattr(value, "__func__", getattr(value, "fget", value))
    if not inspect.isfunction(function) or not function.__doc__:
        return None
    kind = KINDS.get(type(value), "method")
    text = "" if kind == "property" else signature(function, bound=kind != "staticmethod")
    return Entry(kind, name, text, inspect.getdoc(function))


def signature(function, bound=False):
    """The signature without annotations, and without the first parameter of a method."""
    found = inspect.signature(function)
    empty = inspect.Parameter.empty
    parameters = [each.replace(annotation=empty) for each in found.parameters.values()]
    return str(inspect.Signature(parameters[bound:]))


# ---- From source


def read(name):
    """A module of a host: it imports its names from its other files."""
    path = PACKAGE / name / "__init__.py"
    tree = ast.parse(path.read_text())
    public, has_table = [], False
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name("__all__")], ast.List(items)):
                public = [item.value for item in items if isinstance(item, ast.Constant)]
                has_table = any(isinstance(item, ast.Starred) for item in items)
    entries = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            source = ast.parse((path.parent / f"{node.module}.py").read_text())
            wanted = {alias.name for alias in node.names} & set(public)
            entries += [entry_read(each) for each in source.body if name_of(each) in wanted]
    return Module(ast.get_docstring(tree), sorted(entries, key=lambda e: e.name.lower()), has_table)


def name_of(node):
    return getattr(node, "name", None)


def entry_read(node, kind="function"):
    doc = ast.get_docstring(node) or ""
    if isinstance(node, ast.FunctionDef):
        decorators = [name.id for name in node.decorator_list if isinstance(name, ast.Name)]
        kind = next((name for name in decorators if name in KINDS.values()), kind)
        bound = kind in ("method", "classmethod")
        text = "" if kind == "property" else signature_read(node, bound)
        return Entry(kind, node.name, text, doc)
    functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    fields = [each.target.id for each in node.body if isinstance(each, ast.AnnAssign)]
    start = next((each for each in functions if each.name == "__init__"), None)
    text = signature_read(start, bound=True) if start else f"({', '.join(fields)})"
    members = [entry_read(each, "method") for each in functions if not each.name.startswith("_")]
    return Entry("class", node.name, text, doc, tuple(each for each in members if each.doc))


def signature_read(node, bound):
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for each in [*every, arguments.vararg, arguments.kwarg]:
        if each is not None:
            each.annotation = None
    if bound:
        (arguments.posonlyargs or arguments.args).pop(0)
    return f"({ast.unparse(arguments)})"
