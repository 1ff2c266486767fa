"""Optional packages are optional: a missing package, a stand-in for it or a broken one changes
nothing but what needs it. Each test starts a new process."""

import ast
import importlib.util
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import gelu_fast

OPTIONAL = [
    "cupy",
    "dask",
    "distributed",
    "duckdb",
    "jax",
    "matplotlib",
    "ml_dtypes",
    "numba",
    "onnx",
    "onnxruntime",
    "pandas",
    "pyarrow",
]
OPTIONAL += ["safetensors", "threadpoolctl", "torch", "tqdm"]
STAND_INS = {
    "mock": "__import__('unittest.mock').mock.MagicMock()",
    "strict mock": "__import__('unittest.mock').mock.NonCallableMock(spec=[])",
    "empty module": "__import__('types').ModuleType('stand_in')",
    "missing": "None",
    "object": "object()",
}
USE = """
import gelu_fast
assert gelu_fast.gelu(1.0) == 0.8413447460685429
assert gelu_fast.functional.celu(-1.0, 2.0) < 0
assert not gelu_fast.cuda.available()
gelu_fast.nn.Linear([[1.0]]).forward([2.0])
gelu_fast.quantized.table("gelu", 0.1, 0, 0.1, 0)
print("fine")
"""


def output(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.many
@pytest.mark.parametrize("package", OPTIONAL)
@pytest.mark.parametrize("stand_in", STAND_INS)
def test_stand_in(package, stand_in):
    program = f"import sys; sys.modules[{package!r}] = {STAND_INS[stand_in]}\n"
    if package != "cupy":  # CuPy itself may need the package
        program += "sys.modules['cupy'] = None\n"
    assert output(program + USE) == ["fine"]


def test_numba_is_imported_on_demand():
    assert output("import sys, gelu_fast; print('numba' in sys.modules)") == ["False"]


@pytest.mark.parametrize("broken", ["missing", "empty module"])
def test_without_numba(broken):
    program = f"import sys; sys.modules['numba'] = {STAND_INS[broken]}\n"
    program += "try:\n    import gelu_fast.numba\nexcept ImportError as error:\n    print(error)"
    said = " ".join(output(program))
    assert said.startswith("gelu_fast.numba needs numba, which `pip install 'gelu_fast[numba]'`")


@pytest.mark.parametrize("call", ["accelerate(None)", "reference_ops()"])
@pytest.mark.parametrize("broken", ["missing", "empty module"])
def test_without_onnx(broken, call):
    """The import of gelu_fast.onnx does not need onnx, but these functions do."""
    program = f"import sys; sys.modules['onnx'] = {STAND_INS[broken]}\nimport gelu_fast.onnx\n"
    program += f"try:\n    gelu_fast.onnx.{call}\nexcept ImportError as error:\n    print(error)"
    said, name = " ".join(output(program)), call.partition("(")[0]
    assert said.startswith(
        f"gelu_fast.onnx.{name} needs onnx, which `pip install 'gelu_fast[onnx]'`"
    )


def test_onnx_is_imported_on_demand():
    program = "import sys, gelu_fast, gelu_fast.onnx; print('onnx' in sys.modules)"
    assert output(program) == ["False"]


def test_operators_without_onnx():
    """A program that registers the operators need not have the package onnx."""
    program = "import sys; sys.modules['onnx'] = sys.modules['onnxruntime'] = None\n"
    program += "from gelu_fast.onnx import get_library_path; print(get_library_path())"
    [path] = output(program)
    assert Path(path).is_file()


@pytest.mark.parametrize("broken", ["missing", "empty module"])
def test_without_torch(broken):
    program = f"import sys; sys.modules['torch'] = {STAND_INS[broken]}\n"
    program += "try:\n    import gelu_fast.torch\nexcept ImportError as error:\n    print(error)"
    said = " ".join(output(program))
    assert said.startswith("gelu_fast.torch needs torch, which `pip install 'gelu_fast[torch]'`")


@pytest.mark.parametrize("package", ["jax", "jaxlib"])
def test_without_jax(package):
    program = f"import sys; sys.modules[{package!r}] = None\n"
    program += "try:\n    import gelu_fast.jax\nexcept ImportError as error:\n    print(error)"
    said = " ".join(output(program))
    assert said.startswith("gelu_fast.jax needs jax, which `pip install 'gelu_fast[jax]'` installs")


def test_pyarrow_is_imported_on_demand():
    assert output("import sys, gelu_fast; print('pyarrow' in sys.modules)") == ["False"]


@pytest.mark.parametrize("broken", ["missing", "empty module"])
def test_without_pyarrow(broken):
    program = f"import sys; sys.modules['pyarrow'] = {STAND_INS[broken]}\n"
    program += "try:\n    import gelu_fast.arrow\nexcept ImportError as error:\n    print(error)"
    said = " ".join(output(program))
    assert said.startswith("gelu_fast.arrow needs pyarrow, which `pip install 'gelu_fast[arrow]'`")


def test_duckdb_is_imported_on_demand():
    program = "import sys, gelu_fast.duckdb; print('duckdb' in sys.modules)"
    assert output(program) == ["False"]


@pytest.mark.parametrize("broken", ["missing", "empty module"])
def test_without_duckdb(broken):
    program = f"import sys; sys.modules['duckdb'] = {STAND_INS[broken]}\nimport gelu_fast.duckdb\n"
    program += (
        "try:\n    gelu_fast.duckdb.load(None)\nexcept ImportError as error:\n    print(error)"
    )
    said = " ".join(output(program))
    assert said.startswith("gelu_fast.duckdb.load needs duckdb, which `pip install 'gelu_fast[duck")


@pytest.mark.parametrize("broken", ["missing", "empty module"])
def test_without_distributed(broken, tmp_path):
    """A job of many files is refused before anything is written."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.npy").touch()
    program = f"import os, sys; sys.modules['distributed'] = {STAND_INS[broken]}\n"
    program += f"os.chdir({str(tmp_path)!r}); sys.stderr = sys.stdout\n"
    program += "from gelu_fast._cli.command import main\n"
    program += "print(main(['apply', '*.npy', 'out', '--function', 'gelu']), os.listdir())"
    said = " ".join(output(program))
    assert said.startswith(
        "gelu-fast: a job of several parts needs dask and distributed, which `pip install"
        " 'gelu_fast[dask]'` installs ("
    )
    assert said.endswith(("2 ['a.npy', 'b.npy']", "2 ['b.npy', 'a.npy']"))


def test_another_bfloat16():
    """A dtype of another name is not taken for bfloat16."""
    stand_in = "import sys, types, numpy; sys.modules['ml_dtypes'] = types.SimpleNamespace("
    program = f"{stand_in}bfloat16=numpy.float32)\nimport gelu_fast\n"
    program += "print(gelu_fast._core.dtypes.WHY_NO_BFLOAT16)"
    assert output(program) == ["ml_dtypes.bfloat16", "is", "float32"]


BROKEN = {
    "ImportError": "raise ImportError('broken')",
    "OSError": "raise OSError('libbroken.so.1: cannot open shared object file')",
    "RuntimeError": "raise RuntimeError('built for another NumPy')",
    "AttributeError": "None.broken",
    "SystemExit": "raise SystemExit(3)",
    "syntax": "for",
}


@pytest.mark.parametrize("how", BROKEN)
def test_broken_packages(tmp_path, how):
    """All optional packages are installed, and the import of each of them fails."""
    for package in {*OPTIONAL, "jaxlib", "llvmlite", "scipy"}:
        (tmp_path / f"{package}.py").write_text(BROKEN[how])
    assert output(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{USE}") == ["fine"]


# ---- The hook that waits for threadpoolctl

STAND_IN = """
class LibController:
    pass
taught = []
register = taught.append
"""
FINDERS = "print(*(type(f).__name__ for f in sys.meta_path))\n"
TAUGHT = "import threadpoolctl; print(*(c.__name__ for c in threadpoolctl.taught))\n"


def with_threadpoolctl(tmp_path, text, program):
    (tmp_path / "threadpoolctl.py").write_text(text)
    return output(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}")


def test_the_finder_goes(tmp_path):
    found = with_threadpoolctl(tmp_path, STAND_IN, f"import gelu_fast\n{FINDERS}")
    assert found.count("WhenImported") == 1
    program = f"import gelu_fast\n{TAUGHT}{FINDERS}"
    found = with_threadpoolctl(tmp_path, STAND_IN, program)
    assert found[0] == "GeluFastController"
    assert "WhenImported" not in found


def test_the_module_has_its_own_loader(tmp_path):
    program = "import gelu_fast, threadpoolctl as t, inspect\n"
    program += "print(type(t.__loader__).__name__, t.__spec__.loader is t.__loader__)\n"
    program += "print(len(inspect.getsource(t)) > 0)"
    found = with_threadpoolctl(tmp_path, STAND_IN, program)
    assert found == ["SourceFileLoader", "True", "True"]


def test_a_loader_of_many_modules(tmp_path):
    """The modules of a zip file have one loader, which the hook must not change."""
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("threadpoolctl.py", STAND_IN)
        archive.writestr("other.py", "")
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'many.zip')!r})\n"
    program += "import gelu_fast, importlib.util\nimportlib.util.find_spec('threadpoolctl')\n"
    program += f"import other\n{TAUGHT}print(type(threadpoolctl.__loader__).__name__)"
    assert output(program) == ["GeluFastController", "zipimporter"]


def test_another_hook_of_this_kind(tmp_path):
    """A hook before ours asks all finders, ours too, and wraps the loader again."""
    program = """
import gelu_fast
class Hook:
    asked = 0
    def find_spec(self, name, path=None, target=None):
        if name != "threadpoolctl" or Hook.asked:
            return None
        Hook.asked += 1
        for finder in sys.meta_path:
            if spec := finder.find_spec(name, path, target):
                return spec
sys.meta_path.insert(0, Hook())
sys.meta_path.append(Hook())
"""
    found = with_threadpoolctl(tmp_path, STAND_IN, program + TAUGHT)
    assert found == ["GeluFastController"]


def test_a_module_that_refuses(tmp_path):
    text = STAND_IN.replace("register = taught.append", "def register(c): raise RuntimeError")
    assert with_threadpoolctl(tmp_path, text, f"import gelu_fast\n{TAUGHT}print('fine')") == [
        "fine"
    ]


def test_a_failed_import_is_repeated(tmp_path):
    program = """
import gelu_fast
sys.fail = True
try:
    import threadpoolctl
except ImportError:
    sys.fail = False
"""
    text = f"import sys\nif sys.fail: raise ImportError\n{STAND_IN}"
    assert with_threadpoolctl(tmp_path, text, program + TAUGHT) == ["GeluFastController"]


# ---- Programs that pack an application


def imported_by_statements(name, path, loaded):
    """Yields the modules that the import statements of a file name, also inside functions."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*parents, *filter(None, [node.module])])
            yield from {base, *(f"{base}.{alias.name}" for alias in node.names)} & loaded


def test_import_statements_name_all_modules():
    """Programs that pack an application, such as PyInstaller, read import statements, and cannot
    see those of an extension."""
    program = (
        "import sys, gelu_fast; print(*(m for m in sys.modules if m.startswith('gelu_fast.')))"
    )
    loaded = set(output(program))
    root = Path(gelu_fast.__file__).parent.parent
    seen, todo = set(), ["gelu_fast"]
    while todo:
        name = todo.pop()
        path = root.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        found = set(imported_by_statements(name, path, loaded)) if path.exists() else set()
        todo += found - seen
        seen |= found
    assert loaded - seen == set()


def test_pyinstaller_finds_the_hooks():
    """Each hook is the hook of a module that there is. tests/hosts/test_pyinstaller.py packs an
    application."""
    [entry] = metadata.entry_points(
        group="pyinstaller40", name="hook-dirs", module="gelu_fast._tools.pyinstaller"
    )
    [folder] = entry.load()()
    hooks = [path.stem.removeprefix("hook-") for path in Path(folder).glob("hook-*.py")]
    assert "gelu_fast" in hooks
    for module in hooks:
        assert importlib.util.find_spec(module)
    # All files that a folder loads by their paths
    package = Path(gelu_fast.__file__).parent
    found = [
        path for name in ("glue.so", "*.duckdb_extension") for path in package.glob(f"*/{name}")
    ]
    assert found
    assert {f"gelu_fast.{path.parent.name}" for path in found} <= {*hooks}
