"""Searches on every instruction set for inputs that break a bound. Random numbers miss rare ones:
the C program search_worst begins at the borders inside the kernels, zooms in on the worst inputs
that it has found, and makes products land just below powers of two. This is its quick form, `make
search` the thorough one. The errors that it prints are compared with Arb."""

import csv
import shutil
import subprocess
import sys

import numpy as np
import pytest
from support.c_programs import CORE, QUAD, build, made, tool
from support.reference import error_ulp, reference, reference_of_compound
from support.table import COMPOUNDS, DTYPES, ROW, ROWS, short_name

import gelu_fast
from gelu_fast._core.dispatch import force_isa

ISAS = gelu_fast.available_isas()
FUNCTIONS = list(dict.fromkeys(row.function for row in [*ROWS, *COMPOUNDS]))
LONG_NAMES = {short_name(dtype): dtype for dtype in DTYPES}
PARTS = (
    "search_worst",
    "search",
    "cases",
    "window",
    "seeds",
    "target",
    "outputs",
    "reference",
    "inputs",
)
SOURCES = [tool(f"{name}.c") for name in PARTS]

pytestmark = pytest.mark.slow


def write_seeds(core):
    """Returns a function that writes the seeds for a core into a file."""

    def write(path):
        script = [sys.executable, core / "tools" / "check" / "table_seeds.py"]
        path.write_text(
            subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True).stdout
        )

    return write


@pytest.fixture(scope="module")
def command():
    program = build("search_worst", SOURCES, libraries=QUAD)
    return [program, "--seeds", made("seeds.txt", write_seeds(CORE)), "--jobs", "1"]


def lines_of(run):
    return list(csv.DictReader(run.stdout.splitlines()))


def searched_rows(function):
    """The rows of the function, without the 16-bit types if it has one input: other tests compare
    all their numbers."""
    rows = (ROW[function, dtype] for dtype in DTYPES)
    return [row for row in rows if row.nin > 1 or np.dtype(row.dtype).itemsize > 2]


def exact_outputs(row, args):
    """A Reference for each output. The sum with a bias is rounded first (a 16-bit sum is exact)."""
    if row in ROWS:
        return [reference(row.function, row.dtype, *reversed(args))]
    if row.inputs[-1] == "b":
        wide = np.promote_types(row.dtype, np.float64 if "16" in row.dtype else row.dtype)
        total = args[-2].astype(wide) + args[-1].astype(wide)
        args = [*args[:-2], total, np.zeros_like(total)]
    return reference_of_compound(row, args)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda name: f"{name}-{'+'.join(ISAS)}")
def test_bounds_hold(command, function):
    run = subprocess.run([*command, "--function", function], capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    rows = searched_rows(function)
    lines = {
        (LONG_NAMES[line["dtype"]], line["isa"], line["output"]): line for line in lines_of(run)
    }
    outputs = gelu_fast._core._ufuncs.ufuncs()[function].nout
    assert len(lines) == len(rows) * len(ISAS) * outputs
    for (dtype, isa, output), line in lines.items():
        row = ROW[function, dtype]
        args = [np.array([float.fromhex(x)]).astype(dtype) for x in line["args"].split()]
        k = row.outputs.index(output)
        with force_isa(isa), np.errstate(all="ignore"):
            got = getattr(gelu_fast, function)(*args)
        got = got[k] if outputs > 1 else got
        stated = np.array([float.fromhex(line["got"])]).astype(dtype)
        assert got.tobytes() == stated.tobytes(), line
        error = error_ulp(got, exact_outputs(row, args)[k])
        assert error == pytest.approx(float(line["max_ulp"]), abs=0.02, rel=1e-6), line
    broken = [line for line in lines.values() if line["verdict"] != "ok"]
    assert not broken, run.stdout
    assert run.returncode == 0


def test_rare_error_is_found(tmp_path):
    """A kernel that is 4 ULP off next to the end of its pieces, where few random numbers are."""
    core = tmp_path / "gelu_c"
    shutil.copytree(CORE, core)
    file = core / "math" / "softplus.h"
    text = file.read_text()
    wrong = """static inline v v_softplus(v x) {
  const v y = v_plus(v_max(x, v_set(0)), v_pieces(&softplus_pieces, v_abs(x)));
  const v near_end = v_set(softplus_pieces.limit * (1 - 8 * REAL_EPSILON));
  return v_select(v_lt(x, v_sub(v_set(0), near_end)), v_fma(y, v_set(4 * REAL_EPSILON), y), y);
}

"""
    begin = text.index("static inline v v_softplus(v x)")
    end = text.index("#define softplus_HAS_TAIL")
    file.write_text(text[:begin] + wrong + text[end:])
    from_table = core / "table" / "functions.def"
    blocks = from_table.read_text()
    begin = blocks.index("FUNCTION(softplus,")
    from_table.write_text(blocks[begin : blocks.index("\n\n", begin)] + "\n")
    program = build("search_worst_wrong", SOURCES, libraries=QUAD, core=core)
    seeds = made("seeds_wrong.txt", write_seeds(core))
    run = subprocess.run([program, "--seeds", seeds], capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout.count("BROKEN") == 2 * len(ISAS), run.stdout


def test_same_inputs_in_every_run(command):
    options = ["--function", "geglu", "--dtype", "f32"]
    runs = [subprocess.run([*command, *options], capture_output=True, text=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout


def test_missing_isa_is_refused(command):
    run = subprocess.run([*command, "--isa", "abacus"], capture_output=True, text=True)
    assert run.returncode == 1
    assert "'abacus' cannot run here" in run.stderr
