"""Optional packages are optional: a missing package, a stand-in for it or a broken one changes
nothing but what needs it. Each test starts a new process."""

import ast
import runpy
import subprocess
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest

import gelu_fast

OPTIONAL = [
    "cupy",
    "dask",
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
OPTIONAL += ["pandas", "safetensors", "torch", "tqdm"]
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


def test_another_bfloat16():
    """A dtype of another name is not taken for bfloat16."""
    stand_in = "import sys, types, numpy; sys.modules['ml_dtypes'] = types.SimpleNamespace("
    program = f"{stand_in}bfloat16=numpy.float32)\nimport gelu_fast\n"
    program += "print(gelu_fast._core.dtypes.WHY_NO_BFLOAT16)"
    assert output(program) == ["ml_dtypes.bfloat16", "is", "float32"]


CUPY = """
import numpy
class ndarray:
    def __array_ufunc__(self, *arguments, **keywords):
        return "cupy"
"""


def with_cupy(tmp_path, text, program):
    (tmp_path / "cupy.py").write_text(text)
    return output(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}")


TAUGHT = """
method = cupy.ndarray.__array_ufunc__
print(hasattr(method, "__wrapped__"), hasattr(getattr(method, "__wrapped__", None), "__wrapped__"))
"""


@pytest.mark.parametrize(
    "order",
    [
        "import cupy, gelu_fast",
        "import gelu_fast, cupy",
        "import importlib.util, gelu_fast; importlib.util.find_spec('cupy'); import cupy",
    ],
)
def test_cupy_is_taught(tmp_path, order):
    """CuPy learns the ufuncs whenever it is imported, also after a program has looked for it."""
    assert with_cupy(tmp_path, CUPY, f"{order}\n{TAUGHT}") == ["True", "False"]


def test_the_finder_goes(tmp_path):
    names = "print(*(type(f).__name__ for f in sys.meta_path))"
    program = f"import gelu_fast, cupy, threadpoolctl\n{names}"
    assert "WhenImported" not in with_cupy(tmp_path, CUPY, program)
    assert "WhenImported" in with_cupy(tmp_path, CUPY, f"import gelu_fast, cupy\n{names}")


def test_cupy_in_another_thread(tmp_path):
    """gelu_fast waits until another thread has imported CuPy."""
    slow = "import time; time.sleep(0.5)\n" + CUPY
    program = (
        "import threading, time\n"
        "thread = threading.Thread(target=__import__, args=('cupy',)); thread.start()\n"
        "while 'cupy' not in sys.modules: time.sleep(0.001)\n"
        "import gelu_fast; thread.join(); import cupy\n"
    )
    assert with_cupy(tmp_path, slow, program + TAUGHT) == ["True", "False"]


def test_cupy_imports_gelu_fast(tmp_path):
    """A module that imports gelu_fast before it has defined anything is left alone."""
    program = "import cupy; print('fine')"
    assert with_cupy(tmp_path, f"import gelu_fast\n{CUPY}", program) == ["fine"]


def test_attributes_that_cannot_be_set(tmp_path):
    text = "import numpy\nndarray = numpy.ndarray\n"
    assert with_cupy(tmp_path, text, "import cupy, gelu_fast; print('fine')") == ["fine"]


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


def test_pyinstaller_finds_the_hook(monkeypatch):
    """The hook names the sources of the CUDA kernels, and DuckDB's extension."""
    [entry] = metadata.entry_points(
        group="pyinstaller40", name="hook-dirs", module="gelu_fast._tools.pyinstaller"
    )
    [folder] = entry.load()()
    collected = []
    hooks = types.ModuleType("PyInstaller.utils.hooks")
    hooks.collect_data_files = lambda package, subdir: collected.append((package, subdir)) or ["x"]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    assert runpy.run_path(str(Path(folder) / "hook-gelu_fast.py"))["datas"] == ["x", "x"]
    files = ["kernels.json", "gelu_fast.duckdb_extension"]
    for (package, subdir), file in zip(collected, files, strict=True):
        assert (Path(gelu_fast.__file__).parent / subdir / file).is_file()
        assert package == "gelu_fast"
