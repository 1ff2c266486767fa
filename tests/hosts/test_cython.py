"""Cython modules of other packages cimport gelu_fast.gelu_c."""

import ctypes
import importlib.util
import re
import shutil
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from support.bits import assert_same, assert_same_bits, inputs, samples
from support.hosts import EXAMPLES, c_names, run, run_python
from support.table import ROW

import gelu_fast
from gelu_fast import gelu_c

PXD = Path(gelu_fast.__file__).parent / "gelu_c.pxd"


def test_declares_every_row_and_exports_it():
    declared = re.findall(r"^cdef .*?(\w+)\(", PXD.read_text(), re.M)
    assert set(declared) == gelu_c.__pyx_capi__.keys()
    names = {name for _, name in c_names()}
    assert names | {f"{name}_1" for name in names} <= set(declared)


def capsule(name):
    """(address, signature) of a function that the module exports."""
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype, api.PyCapsule_GetPointer.restype = (
        ctypes.c_char_p,
        ctypes.c_void_p,
    )
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    exported = gelu_c.__pyx_capi__[name]
    signature = api.PyCapsule_GetName(exported)
    return api.PyCapsule_GetPointer(exported, signature), signature.decode()


def test_every_function():
    """Each calls the C function of its name, with the arguments in order."""
    for row, name in c_names():
        operands = inputs(row, 100)
        outs = [np.empty(100, row.dtype) for _ in row.outputs]
        arguments = [ctypes.c_void_p] * (row.nin + row.nout)
        function = ctypes.CFUNCTYPE(None, *arguments, ctypes.c_size_t)(capsule(name)[0])
        function(*(array.ctypes.data for array in (*operands, *outs)), 100)
        with np.errstate(all="ignore"):
            wanted = getattr(gelu_fast, row.function)(*operands)
        for got, want in zip(outs, wanted if row.nout > 1 else [wanted], strict=True):
            assert_same_bits(got, want)


def test_every_function_of_numbers():
    kinds = {"float32": ctypes.c_float, "float64": ctypes.c_double}
    for row, name in c_names():
        if row.nout > 1 or row.dtype not in kinds:
            continue
        operands = inputs(row, 100)
        kind = kinds[row.dtype]
        function = ctypes.CFUNCTYPE(kind, *[kind] * row.nin)(capsule(f"{name}_1")[0])
        got = [function(*map(float, x)) for x in zip(*operands, strict=True)]
        with np.errstate(all="ignore"):
            want = getattr(gelu_fast, row.function)(*operands)
        assert_same((np.array(got, row.dtype),), (want,))


def test_signatures_have_the_types_of_c():
    """Cython compares these texts when a module is imported; a change breaks compiled modules."""
    assert capsule("gelu_f32")[1] == "void (float const *, float *, size_t)"
    assert capsule("gelu_f64_1")[1] == "double (double)"
    assert capsule("gelu_backward_f64")[1] == (
        "void (double const *, double const *, double *, size_t)"
    )


def test_is_imported_by_cython_modules_only():
    program = "import sys, gelu_fast; print('gelu_fast.gelu_c' in sys.modules)"
    assert run_python(program).strip() == "False"


# ---- The package in examples/hosts/cython


def missing():
    """Why the example cannot be built here, or None."""
    if shutil.which("cc") is None:
        return "no C compiler on this machine"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "the example is for the stable ABI, which this interpreter does not have"
    for package, least in {"Cython": 3, "setuptools": 77}.items():
        if importlib.util.find_spec(package) is None or int(version(package).split(".")[0]) < least:
            return f"{package} {least} or newer is not installed"
    return None


built = [pytest.mark.slow, pytest.mark.skipif(missing() is not None, reason=str(missing()))]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The path of the extension, which pip has built and installed in a folder."""
    folder = tmp_path_factory.mktemp("cython")
    source = shutil.copytree(EXAMPLES / "cython", folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--target", folder / "installed"]
    run(*pip, *options, source, cwd=folder)
    [path] = (folder / "installed").glob("gelu_sums*.so")
    return path


@pytest.fixture(scope="module")
def gelu_sums(library):
    spec = importlib.util.spec_from_file_location("gelu_sums", library)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestPackage:
    pytestmark = built

    def test_arrays(self, gelu_sums, isa):
        assert gelu_sums.instruction_set() == isa
        x = samples(ROW["gelu", "float32"], 1000)
        out = np.empty_like(x)
        gelu_sums.gelu(x, out)
        with np.errstate(all="ignore"):
            assert_same_bits(out, gelu_fast.gelu(x))

    def test_numbers(self, gelu_sums):
        x, weights = np.random.default_rng(0).normal(size=(2, 100))
        total = 0.0
        for term in weights * gelu_fast.gelu(x):
            total += term
        assert gelu_sums.weighted_sum(x, weights) == total

    def test_is_not_linked(self, library):
        assert library.name in ("gelu_sums.abi3.so", "gelu_sums.pyd")
        if shutil.which("readelf") is None:
            pytest.skip("there is no readelf")
        dynamic = run("readelf", "--dynamic", library)
        assert "libgelu_c" not in dynamic
        assert "gelu_fast" not in dynamic  # no run path to it
