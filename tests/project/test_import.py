"""`import gelu_fast` imports NumPy and what makes the ufuncs. All else is imported when a program
asks for it, in any of the ways in which programs do. Each test starts new processes."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gelu_fast

MODULES = "print(*(name for name in sys.modules if name not in before))"


def output(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def new_modules():
    """The modules that `import gelu_fast` adds to those of NumPy."""
    return set(output(f"import sys, numpy; before = {{*sys.modules}}\nimport gelu_fast\n{MODULES}"))


def test_folders_wait():
    rooms = {name.split(".")[1] for name in new_modules() if name.startswith("gelu_fast.")}
    assert rooms == {"_core", "_gates", "_tools"}


def test_nothing_else_is_imported():
    """Cython makes modules for its own use."""
    others = {name.partition(".")[0] for name in new_modules()} - {"gelu_fast", "ml_dtypes"}
    assert {name for name in others if not name.strip("_").startswith("cython_")} <= {"__future__"}


def test_packers_see_what_waits():
    """The statements below `if TYPE_CHECKING`, which programs that pack an application read, name
    what __getattr__ imports."""
    named = {}
    for block in ast.parse(Path(gelu_fast.__file__).read_text()).body:
        if isinstance(block, ast.If):
            for node in block.body:
                for alias in node.names:
                    named[alias.name] = f".{node.module or alias.name}"
    assert named == gelu_fast._LATER
    assert set(named) <= set(gelu_fast.__all__)


def test_each_way_to_a_name():
    for how in ("getattr(gelu_fast, name)", "vars(__import__('gelu_fast', fromlist=[name]))[name]"):
        found = output(
            f"import gelu_fast\nfor name in gelu_fast._LATER:\n"
            f"    one, two = {how}, getattr(gelu_fast, name)\n"
            f"    print(one is two, vars(gelu_fast)[name] is one)"
        )
        assert found == ["True", "True"] * len(gelu_fast._LATER)


def test_import_statement_of_a_folder():
    folders = [name for name, path in gelu_fast._LATER.items() if path == f".{name}"]
    program = "".join(f"import gelu_fast.{name} as x; print(x.__name__)\n" for name in folders)
    assert output(program) == [f"gelu_fast.{name}" for name in folders]


def test_help_and_dir():
    program = "import pydoc, gelu_fast; print(pydoc.plain(pydoc.render_doc(gelu_fast)))"
    words = output(program)
    assert {"activation(name:", "which_gelu(x:", "gelu(x,"} <= set(words)
    assert set(output("import gelu_fast; print(*dir(gelu_fast))")) >= set(gelu_fast.__all__)


def test_pickled_in_another_process():
    program = "import pickle, sys, gelu_fast\nsys.stdout.write(pickle.dumps({}).hex())"
    for name in ("gelu", "activation", "gelu_stochastic", "which_gelu", "nn.Linear"):
        [text] = output(program.format(f"gelu_fast.{name}"))
        back = output(f"import pickle; print(pickle.loads(bytes.fromhex('{text}')).__name__)")
        assert back == [name.rpartition(".")[2]]


def test_threads_that_ask_at_once():
    program = """
import threading, gelu_fast
names, found, start = [*gelu_fast._LATER] * 3, [], threading.Barrier(3 * len(gelu_fast._LATER))
def ask(name):
    start.wait()
    found.append(getattr(gelu_fast, name) is getattr(gelu_fast, name))
threads = [threading.Thread(target=ask, args=[name]) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found) == len(names) and all(found))
"""
    assert output(program) == ["True"]


def test_dir_while_a_thread_asks():
    """A name that another thread gets meanwhile is added to the dictionary that dir() reads."""
    program = """
import sys, threading
sys.setswitchinterval(1e-6)
import gelu_fast
names = vars(gelu_fast)
done = False
def add():
    while not done:
        for i in range(1000):
            names[f"name{i}"] = i
        for i in range(1000):
            del names[f"name{i}"]
thread = threading.Thread(target=add)
thread.start()
try:
    for _ in range(1000):
        dir(gelu_fast)
finally:
    done = True
    thread.join()
print("fine")
"""
    assert output(program) == ["fine"]


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'gelu_fast' has no attribute 'gelo'") as info:
        gelu_fast.gelo  # noqa: B018
    assert (info.value.name, info.value.obj) == ("gelo", gelu_fast)  # for "Did you mean: 'gelu'?"
    with pytest.raises(ImportError, match="cannot import name 'gelo' from 'gelu_fast'"):
        from gelu_fast import gelo  # noqa: F401


def test_star_import_has_all():
    program = "from gelu_fast import *; import gelu_fast; print({*gelu_fast.__all__} <= {*dir()})"
    assert output(program) == ["True"]


@pytest.mark.parametrize("archive", [False, True])
def test_without_the_extension(tmp_path, archive):
    """A checkout that is not installed, and an archive, say what is missing."""
    package = Path(gelu_fast.__file__).parent
    ignored = shutil.ignore_patterns("lib", "include", "gelu_c*", *(["*.so"] * (not archive)))
    shutil.copytree(package, tmp_path / "all" / "gelu_fast", ignore=ignored)
    path = tmp_path / "all"
    if archive:
        path = shutil.make_archive(str(tmp_path / "all"), "zip", path)
    program = f"import sys; sys.path.insert(0, {str(path)!r})\n"
    program += "try:\n    import gelu_fast\nexcept ImportError as error:\n    print(error)"
    said = " ".join(output(program))
    assert said.startswith("gelu_fast has no compiled extension in ")
    assert "has to be installed with pip" in said
