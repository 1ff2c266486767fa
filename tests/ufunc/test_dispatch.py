"""The choice of the instruction set, its name, and the variable GELU_FAST_ISA."""

import importlib
import os
import subprocess
import sys

import numpy as np
import pytest

import gelu_fast
from gelu_fast._core import _ufuncs, dispatch
from gelu_fast._core.dispatch import force_isa

BUILT = [name for name, _ in _ufuncs.isas()]
AVAILABLE = gelu_fast.available_isas()
SHOW = "import gelu_fast; print(gelu_fast.isa(), *gelu_fast.available_isas())"


def python(code, value):
    """Runs code in a new interpreter with GELU_FAST_ISA set to value, or not set for None."""
    environment = {k: v for k, v in os.environ.items() if k != "GELU_FAST_ISA"}
    if value is not None:
        environment["GELU_FAST_ISA"] = value
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_which_instruction_sets_run(isa, record_property):
    """The report names each instruction set that is really in force in these tests."""
    assert gelu_fast.isa() == isa
    record_property("isa", isa)
    print(f"in force: {gelu_fast.isa()}")


def test_available_isas():
    assert isinstance(AVAILABLE, tuple)
    assert list(AVAILABLE) == [name for name in BUILT if name in AVAILABLE]
    assert AVAILABLE[-1] == "scalar"


@pytest.mark.parametrize("value", [None, ""])
def test_default_is_the_best(value):
    run = python(SHOW, value)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [AVAILABLE[0], *AVAILABLE]


@pytest.mark.parametrize("name", AVAILABLE)
def test_forced(name):
    run = python(SHOW, name)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [name, *AVAILABLE]


@pytest.mark.parametrize("name", ["sse9", "AVX2", " scalar", "scalar,avx2", "0", "é"])
def test_unknown_name(name):
    run = python("import gelu_fast", name)
    assert run.returncode == 1
    error = run.stderr.splitlines()[-1]
    assert error.startswith(f"ImportError: GELU_FAST_ISA={name!r} cannot be used: this build does")
    assert error.endswith(
        f"built: {', '.join(BUILT)}; available on this computer: {', '.join(AVAILABLE)}"
    )


def test_import_fails_each_time():
    code = """
for attempt in range(2):
    try:
        import gelu_fast
    except ImportError as error:
        print(error)
"""
    first, second = python(code, "sse9").stdout.splitlines()
    assert first == second
    assert "sse9" in first


@pytest.mark.parametrize("value", ["scalar", "", None])
def test_import_after_a_correction(value):
    """A notebook can correct the variable and import again."""
    set_again = "" if value is None else f"os.environ['GELU_FAST_ISA'] = {value!r}"
    code = f"""
import os
try:
    import gelu_fast
except ImportError:
    pass
os.environ.pop("GELU_FAST_ISA")
{set_again}
import gelu_fast, numpy, pickle, sys
assert gelu_fast.isa() == ({value!r} or gelu_fast.available_isas()[0])
assert pickle.loads(pickle.dumps(gelu_fast.gelu)) is gelu_fast.gelu
assert gelu_fast.quantized.table("relu", 1, 0, 1, 0)[3] == 3
assert all(getattr(gelu_fast, name) is not None for name in gelu_fast.__all__)
hooks = [hook for hook in sys.meta_path if type(hook).__module__.startswith("gelu_fast")]
assert len(hooks) <= 1, hooks
"""
    run = python(code, "sse9")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_unavailable_name(monkeypatch):
    """Any computer gives the message of a computer without the best instruction set here. Emulated
    processors test the C core's part."""
    isas = [("wide", False), ("narrow", True), ("scalar", True)]
    monkeypatch.setattr(_ufuncs, "isas", lambda: isas)
    monkeypatch.setattr(_ufuncs, "isa_error", lambda: "wide")
    with pytest.raises(ImportError) as caught:
        dispatch.check_environment()
    assert str(caught.value) == (
        "GELU_FAST_ISA='wide' cannot be used: this computer cannot run it; "
        "built: wide, narrow, scalar; available on this computer: narrow, scalar"
    )


def test_force_isa_is_undone(isa):
    for name in AVAILABLE:
        with force_isa(name):
            assert gelu_fast.isa() == name
        assert gelu_fast.isa() == isa
        with pytest.raises(ZeroDivisionError), force_isa(name):
            raise ZeroDivisionError
        assert gelu_fast.isa() == isa


@pytest.mark.parametrize("name", ["sse9", "", "\udcff"])
def test_select_unknown(isa, name):
    with pytest.raises(ValueError):  # noqa: PT011
        _ufuncs.select_isa(name)
    assert gelu_fast.isa() == isa


def test_select_names_what_there_is():
    with pytest.raises(ValueError, match=f"'sse9'; available: {', '.join(AVAILABLE)}$"):
        _ufuncs.select_isa("sse9")


@pytest.mark.parametrize("name", [None, 2, b"scalar"])
def test_select_other_types(name):
    with pytest.raises(TypeError, match="name"):
        _ufuncs.select_isa(name)


def test_features_of_this_cpu():
    """NumPy detects the same CPU features."""
    core = importlib.import_module("numpy._core" if np.__version__ >= "2" else "numpy.core")
    numpy_features = core._multiarray_umath.__cpu_features__
    found = set(_ufuncs.cpu_features().split())
    pairs = {"avx2": "AVX2", "fma": "FMA3", "f16c": "F16C", "avx512f": "AVX512F", "neon": "NEON"}
    for ours, theirs in pairs.items():
        assert (ours in found) == bool(numpy_features.get(theirs)), ours
