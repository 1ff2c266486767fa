"""Tests every function on every instruction set with millions of inputs. The C program error_report
takes all float16 and bfloat16 numbers, every 4099th of the 2^32 float32 patterns (every 509th in
the long tests), 100,000 random float64 numbers, and all boundaries. This file tests its
verdicts against Arb, and test_c_reference.py tests its references."""

import csv
import re
import shutil
import subprocess

import numpy as np
import pytest
from support.c_programs import CORE, QUAD, build, tool
from support.reference import error_ulp, reference
from support.table import DTYPES, FUNCTIONS, ROWS, short_name

import gelu_fast

STEPS = [4099, pytest.param(509, marks=pytest.mark.long)]
COUNT = 100_000
ISAS = gelu_fast.available_isas()

pytestmark = pytest.mark.slow


SOURCES = [tool(f"{name}.c") for name in ("error_report", "inputs", "reference")]


@pytest.fixture(scope="module")
def error_report():
    return build("error_report", SOURCES, libraries=QUAD)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda name: f"{name}-{'+'.join(ISAS)}")
def test_error_within_bound(error_report, function, step):
    command = [error_report, "--csv", "--jobs", "2", "--function", function, "--isa", "all"]
    run = subprocess.run(
        [*command, "--step", str(step), "--count", str(COUNT)], capture_output=True, text=True
    )
    assert run.returncode in (0, 1), run.stderr
    lines = {(line["dtype"], line["isa"]): line for line in csv.DictReader(run.stdout.splitlines())}
    rows = [row for row in ROWS if row.function == function]
    least = {2: 2**16, 4: 2**32 // step, 8: COUNT}  # inputs, by the size of a number
    assert lines.keys() == {(short_name(row.dtype), isa) for row in rows for isa in ISAS}
    for row in rows:
        for isa in ISAS:
            line = lines[short_name(row.dtype), isa]
            assert int(line["inputs"]) >= least[np.dtype(row.dtype).itemsize]
            assert float(line["max_ulp"]) <= row.bound_ulp, run.stdout
            dy, x, got = (
                np.array([float.fromhex(line[key])], row.dtype) for key in ("dy", "x", "got")
            )
            error = error_ulp(got, reference(function, row.dtype, x, dy))
            assert error == pytest.approx(float(line["max_ulp"]), abs=0.02), line
    assert run.returncode == 0, run.stdout


def test_wrong_kernel_is_found(tmp_path):
    core = tmp_path / "gelu_c"
    shutil.copytree(CORE, core)
    table = core / "table" / "functions.def"
    block = re.search(r"^FUNCTION\(erf,.*?\n\n", table.read_text(), re.M | re.S)[0]
    table.write_text(block)
    wrong = "static inline v v_erf(v x) { return v_add(x, v_mul(x, v_set(1e-6f))); }\n"
    wrong += "#define erf_HAS_TAIL 0\n"
    (core / "math" / "erf.h").write_text(wrong)
    program = build("error_report_wrong", SOURCES, libraries=QUAD, core=core)
    command = [program, "--function", "erf", "--step", "1000003", "--count", "1"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout.count("BROKEN") == len(DTYPES) * len(ISAS), run.stdout


def test_missing_isa_is_refused(error_report):
    run = subprocess.run([error_report, "--isa", "abacus"], capture_output=True, text=True)
    assert run.returncode == 1
    assert "'abacus' cannot run here" in run.stderr
