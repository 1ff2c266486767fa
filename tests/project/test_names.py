"""`gelu_fast` exports the functions of the table, the functions about instruction sets, threads,
errors and frameworks, and its public modules."""

import importlib
import importlib.metadata

import gelu_fast
from gelu_fast._core import _ufuncs


def test_all():
    rows = [*_ufuncs.table(), *_ufuncs.compounds()]
    functions = list(dict.fromkeys(row.function for row in rows))
    others = [
        "available_isas",
        "cuda",
        "exact",
        "get_include",
        "get_library",
        "isa",
        "nn",
        "quantized",
        "selfcheck",
    ]
    others += ["get_num_threads", "num_threads", "set_num_threads"]
    others += ["activation", "functional", "gelu_stochastic", "which_gelu"]
    others += [
        f"{row.function}_packed"
        for row in _ufuncs.compounds()
        if row.inputs == ("gate", "up") and row.dtype == "float32"
    ]
    assert sorted(gelu_fast.__all__) == sorted([*others, *functions])
    assert set(gelu_fast.__all__) <= set(dir(gelu_fast))


def test_star_import():
    namespace = {}
    exec("from gelu_fast import *", namespace)
    assert set(gelu_fast.__all__) == set(namespace) - {"__builtins__"}
    assert all(namespace[name] is getattr(gelu_fast, name) for name in gelu_fast.__all__)


def test_functions_survive_a_reload():
    before = {name: getattr(gelu_fast, name) for name in _ufuncs.ufuncs()}
    importlib.reload(gelu_fast)
    assert before == {name: getattr(gelu_fast, name) for name in before}


def test_version():
    assert gelu_fast.__version__ == importlib.metadata.version("gelu_fast")


def test_cuda_has_the_same_functions():
    functions = set(_ufuncs.ufuncs())
    assert set(gelu_fast.cuda.__all__) == functions | {"available", "register", "unregister"}
    for name in functions:
        function, ufunc = getattr(gelu_fast.cuda, name), getattr(gelu_fast, name)
        assert (function.__name__, function.nin, function.nout) == (name, ufunc.nin, ufunc.nout)
        assert function.__doc__.startswith(f"{name}(")
