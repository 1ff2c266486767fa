"""A ufunc that is called with a CuPy array calls gelu_fast.cuda, whenever and however CuPy has been
imported, and changes nothing in CuPy. A module stands in for CuPy; each test starts a process."""

import os
import subprocess
import sys

import pytest

CUPY = """
import os
if os.environ.get("BROKEN"):
    raise ImportError("libcuda.so.1")
class ndarray:
    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return "CuPy's"
METHOD = ndarray.__array_ufunc__
"""
# What a program asks after its imports.
ASK = """
gelu_fast.cuda.gelu = gelu_fast.cuda.tanh = lambda *args, **keywords: "ours"
x = cupy.ndarray()
print(gelu_fast.gelu(x), gelu_fast.tanh(x), numpy.exp(x))
print(cupy.ndarray.__array_ufunc__ is cupy.METHOD, vars(cupy).get("gelu"))
"""
OURS = "ours ours CuPy's\nTrue None\n"
LEFT = "CuPy's CuPy's CuPy's\nTrue None\n"


@pytest.fixture
def output(tmp_path):
    """Returns what a program prints that can import the stand-in."""
    (tmp_path / "cupy.py").write_text(CUPY)

    def run(program, **variables):
        start = f"import sys, os, numpy; sys.path.insert(0, {str(tmp_path)!r})\n"
        environment = {**os.environ, **variables}
        command = [sys.executable, "-c", start + program]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


ORDERS = {
    "CuPy first": "import cupy, gelu_fast",
    "CuPy last": "import gelu_fast, cupy",
    "looked for": "import gelu_fast, importlib.util\nimportlib.util.find_spec('cupy')\nimport cupy",
    "a first import that fails": """
import gelu_fast
os.environ["BROKEN"] = "1"
try:
    import cupy
except ImportError:
    del os.environ["BROKEN"]
import cupy
""",
    "reloaded": "import gelu_fast, cupy, importlib\nimportlib.reload(cupy)",
    "imported again": """
import gelu_fast, cupy
old = cupy.ndarray()
del sys.modules["cupy"]
import cupy
assert type(old) is not cupy.ndarray
gelu_fast.cuda.gelu = lambda x: "ours"
assert gelu_fast.gelu(old) == "ours"
""",
    "gelu_fast reloaded": "import gelu_fast, cupy, importlib\nimportlib.reload(gelu_fast)",
    "found by another finder": """
import gelu_fast, importlib.machinery
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "cupy":
            return importlib.machinery.PathFinder.find_spec(name, path, target)
sys.meta_path.insert(0, Finder())
import cupy
""",
    "a stand-in first": """
sys.modules["cupy"] = None
import gelu_fast
del sys.modules["cupy"]
import cupy
""",
    "in another thread": """
import threading
thread = threading.Thread(target=__import__, args=["cupy"])
thread.start()
import gelu_fast, cupy
thread.join()
""",
}


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_of_imports(output, order):
    assert output(ORDERS[order] + ASK) == OURS


def test_cupy_that_is_still_importing(output, tmp_path):
    """A module that calls a ufunc with its arrays before it has been imported."""
    late = f"import gelu_fast\n{CUPY}\ngelu_fast.cuda.gelu = lambda x: 'ours'\n"
    (tmp_path / "cupy.py").write_text(f"{late}EARLY = gelu_fast.gelu(ndarray())\n")
    assert output("import cupy; print(cupy.EARLY)") == "ours\n"


def test_no_finder_waits_for_cupy(output):
    program = "import gelu_fast; print(*gelu_fast._core.when_imported.finder.callbacks)"
    assert output(program) == "threadpoolctl\n"


# ---- Left alone


@pytest.mark.parametrize(
    ("calls", "answer"),
    [
        ("unregister()", LEFT),
        ("unregister(); gelu_fast.cuda.unregister()", LEFT),
        ("unregister(); gelu_fast.cuda.register()", OURS),
        ("register(); gelu_fast.cuda.register()", OURS),
    ],
)
def test_register(output, calls, answer):
    assert output(f"import cupy, gelu_fast\ngelu_fast.cuda.{calls}{ASK}") == answer


def test_unregister_keeps_what_others_patched(output):
    program = """
import cupy, gelu_fast
gelu_fast.cuda.register()
cupy.ndarray.__array_ufunc__ = cupy.METHOD = lambda self, ufunc, method, *inputs: "CuPy's"
gelu_fast.cuda.unregister()
"""
    assert output(program + ASK) == LEFT


@pytest.mark.parametrize(("value", "answer"), [("0", LEFT), ("1", OURS), ("", OURS)])
def test_variable(output, value, answer):
    assert output(f"import cupy, gelu_fast{ASK}", GELU_FAST_CUPY=value) == answer
    registered = f"import cupy, gelu_fast\ngelu_fast.cuda.register(){ASK}"
    assert output(registered, GELU_FAST_CUPY=value) == OURS


def test_wrong_variable(output):
    program = "try:\n    import gelu_fast\nexcept ImportError as error:\n    print(error)"
    said = output(program, GELU_FAST_CUPY="no")
    assert said.startswith("GELU_FAST_CUPY='no' cannot be used: it is 0 to leave arrays of CuPy")


# ---- Operands


OPERANDS = """
import cupy, gelu_fast
gelu_fast.cuda.gelu = gelu_fast.cuda.bias_gelu = lambda *args, **keywords: "ours"
class Other:
    def __array_ufunc__(self, *args, **keywords):
        return "another's"
class Sub(cupy.ndarray):
    pass
class Own(cupy.ndarray):
    def __array_ufunc__(self, *args, **keywords):
        return "its own"
x, a = cupy.ndarray(), numpy.ones(3)
cupy.METHOD = cupy.ndarray.__array_ufunc__ = lambda *args, **keywords: NotImplemented
"""


ANSWERS = {
    "gelu(x)": "ours",
    "gelu(x, x)": "ours",
    "gelu(x, out=x)": "ours",
    "gelu(x, out=(x,))": "ours",
    "gelu(a, x)": "ours",
    "gelu(a, out=x)": "ours",
    "gelu(a, out=(x,))": "ours",
    "gelu(x, dtype='float32')": "ours",
    "gelu(Sub())": "ours",
    "bias_gelu(1.0, x)": "ours",
    "bias_gelu(x, a)": "ours",
    "bias_gelu([1.0], x)": "ours",
    "gelu(Own())": "its own",
    "bias_gelu(x, Own())": "its own",
    "gelu(Other())": "another's",
    "bias_gelu(x, Other())": "another's",
    "bias_gelu(Other(), x)": "another's",
    "gelu(x, out=Other())": "another's",
    "gelu(a, out=(Other(),))": "another's",
    "gelu(0.0)": "0.0",
    "gelu(a[:1] * 0, where=[True], out=a[:1])": "[0.]",
    # CuPy answers for the methods of a ufunc, and a class is no array.
    "bias_gelu.reduce(x)": "TypeError",
    "bias_gelu.outer(x, a)": "TypeError",
    "gelu(cupy.ndarray)": "TypeError",
}


def test_operands(output):
    program = f"{OPERANDS}for call in {[*ANSWERS]}:\n"
    program += "    try:\n        print(eval('gelu_fast.' + call))\n"
    program += "    except TypeError:\n        print('TypeError')"
    assert dict(zip(ANSWERS, output(program).splitlines(), strict=True)) == ANSWERS


def test_errors_of_calls_stay():
    """NumPy says what is wrong with a call, although the ufunc looks at its operands first."""
    import gelu_fast

    for call, message in {
        (): "takes from 1 to 2 positional arguments but 0 were given",
        (1.0, 2.0, 3.0): "takes from 1 to 2 positional arguments but 3 were given",
        ("text",): "not supported for the input types",
        (1.0, "text"): "return arrays must be of ArrayType",
    }.items():
        with pytest.raises(TypeError, match=message):
            gelu_fast.gelu(*call)
    with pytest.raises(TypeError, match="unexpected keyword argument 'any'"):
        gelu_fast.gelu(1.0, any=2)


def test_a_class_whose_attributes_fail():
    import gelu_fast

    class Meta(type):
        def __getattr__(cls, name):
            raise RuntimeError(name)

    class Odd(metaclass=Meta):
        def __float__(self):
            return 1.0

    with pytest.raises(TypeError):  # of NumPy: an object has no loop
        gelu_fast.gelu(Odd())


@pytest.mark.parametrize("name", ["__mro__", "__module__"])
def test_a_class_whose_names_fail(name):
    """Its method answers, as it does in a call of np.exp."""
    import numpy as np

    import gelu_fast

    def fail(cls):
        raise RuntimeError(name)

    meta = type("Meta", (type,), {name: property(fail)})
    body = {"__array_ufunc__": lambda self, ufunc, *args, **keywords: f"{ufunc.__name__}, its own"}
    odd = meta("Odd", (), body)()
    assert np.exp(odd) == "exp, its own"
    assert gelu_fast.gelu(odd) == "gelu, its own"
