"""Without CuPy, or without a device, nothing changes until a function is called. Each test starts a
new process."""

import subprocess
import sys

import pytest

# The first and the last lines of each program.
NO_CUPY = "import sys; sys.modules['cupy'] = None\n"


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


def output(program):
    done = run(program)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_cupy_is_not_imported():
    assert output("import sys, gelu_fast; print('cupy' in sys.modules)") == "False\n"


def test_without_cupy():
    program = f"{NO_CUPY}import gelu_fast; print(gelu_fast.cuda.available())"
    assert output(program) == "False\n"
    done = run(f"{NO_CUPY}import gelu_fast; gelu_fast.cuda.gelu(1.0)")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: gelu_fast.cuda needs CuPy: pip install cupy-cuda")


def test_without_a_device():
    pytest.importorskip("cupy")
    program = "import os; os.environ['CUDA_VISIBLE_DEVICES'] = ''\nimport gelu_fast\n"
    assert output(f"{program}print(gelu_fast.cuda.available())") == "False\n"
    done = run(f"{program}gelu_fast.cuda.gelu(1.0)")
    assert done.returncode == 1
    assert "RuntimeError: gelu_fast.cuda needs a CUDA device: " in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("order", ["cupy, gelu_fast", "gelu_fast, cupy", "gelu_fast.cuda, cupy"])
def test_cupy_is_not_changed(order):
    pytest.importorskip("cupy")
    program = "print(cupy.ndarray.__array_ufunc__, len(vars(cupy)), len(vars(cupy.ndarray)))"
    assert output(f"import {order}; {program}") == output(f"import cupy; {program}")


def test_a_broken_cupy(tmp_path):
    """Each import raises CuPy's own error."""
    (tmp_path / "cupy.py").write_text("raise OSError('broken')")
    program = f"""
import sys; sys.path.insert(0, {str(tmp_path)!r})
import gelu_fast
for _ in range(2):
    try:
        import cupy
    except OSError as error:
        print(error)
"""
    assert output(program) == "broken\nbroken\n"


def test_functions_are_pickled_and_copied_by_name():
    """CuPy need not be there, as for `copy.deepcopy` of what holds a function."""
    import copy
    import pickle

    import gelu_fast

    function = gelu_fast.cuda.gelu_tanh
    assert pickle.loads(pickle.dumps(function)) is function
    assert copy.copy(function) is function
    assert copy.deepcopy(function) is function
