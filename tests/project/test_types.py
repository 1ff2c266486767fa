"""Types for editors and type checkers: the stubs follow the table, completion lists the functions,
and the examples of the pages become a module. (`make types` runs the checkers.)"""

import ast
import doctest
import importlib.util
import rlcompleter
from pathlib import Path

import jedi
import pytest

import gelu_fast
from gelu_fast._core import _ufuncs
from gelu_fast._tools.stubs.__main__ import stubs

ROOT = next(path for path in Path(__file__).resolve().parents if (path / "setup.py").is_file())
FUNCTIONS = sorted(_ufuncs.ufuncs())


# ---- Stubs


def test_stubs_follow_the_table():
    found = stubs(ROOT / "gelu_fast")
    assert found
    for path, text in found.items():
        assert path.read_text() == text, "run python -m gelu_fast._tools.stubs gelu_fast"


@pytest.mark.parametrize("module", ["gelu_fast", "gelu_fast.cuda"])
def test_stubs_are_installed(module):
    package = importlib.import_module(module)
    path = Path(package.__file__).with_suffix(".pyi")
    names = dict.fromkeys(package.__all__)
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            names.update({alias.asname: node for alias in node.names if alias.asname in names})
        elif isinstance(node, ast.AnnAssign) and node.target.id in names:
            names[node.target.id] = node
    assert None not in names.values(), names


def test_package_says_that_it_has_types():
    assert (Path(gelu_fast.__file__).parent / "py.typed").is_file()


# ---- Completion


def test_rlcompleter_lists_the_functions():
    complete = rlcompleter.Completer({"gelu_fast": gelu_fast}).complete
    found = []
    while (name := complete("gelu_fast.", len(found))) is not None:
        found.append(name.removeprefix("gelu_fast.").rstrip("()"))
    assert set(found) >= set(gelu_fast.__all__)
    assert set(dir(gelu_fast)) >= set(gelu_fast.__all__)
    assert not [name for name in dir(gelu_fast) if name[:1] == "_" != name[1:2]]


@pytest.mark.parametrize("code", ["from gelu_fast import ", "import gelu_fast\ngelu_fast."])
def test_jedi_lists_the_functions(code):
    project = jedi.Project(ROOT, added_sys_path=[str(Path(gelu_fast.__file__).parents[1])])
    found = {completion.name for completion in jedi.Script(code, project=project).complete()}
    assert found >= set(gelu_fast.__all__)


# ---- The examples of pages


@pytest.fixture(scope="module")
def page_examples():
    path = ROOT / ".ci" / "page_examples.py"
    spec = importlib.util.spec_from_file_location("page_examples", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_example_of_the_readme_is_checked(page_examples):
    page = (ROOT / "README.md").read_text()
    module = page_examples.module({"README.md": page})
    examples = [e for e in doctest.DocTestParser().get_examples(page) if not e.exc_msg]
    assert examples
    checked = ast.dump(ast.parse(module))
    for example in examples:
        [*_, last] = ast.parse(example.source).body
        assert ast.dump(last.value if isinstance(last, ast.Expr) else last) in checked


PAGE = """
Text, and >>> in it.

```python
def f(x: int) -> int:
    return x
```

```python
>>> x = 1
>>> x
1
>>> for i in range(2):
...     print(i)
0
1
>>> x.y
Traceback (most recent call last):
AttributeError: 'int' object has no attribute 'y'
```

```sh
pip install gelu_fast
```

    >>> print("outside of a fence")
    outside of a fence
"""

MODULE = '''"""Examples of the pages, as .ci/page_examples.py finds them."""


def example_1() -> None:  # page.md, line 5
    def f(x: int) -> int:
        return x


def example_2() -> None:  # page.md, line 10
    x = 1
    print((
    x
    ))
    for i in range(2):
        print(i)


def example_3() -> None:  # page.md, line 26
    print("outside of a fence")
'''


def test_module_of_a_page(page_examples):
    assert page_examples.module({"page.md": PAGE}) == MODULE
