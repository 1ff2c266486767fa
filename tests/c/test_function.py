"""`make function`, by the example of CONTRIBUTING.md: it builds and measures one function, and
refuses a function that is not finished with one line that says why."""

import os
import re
import shutil
import subprocess

import pytest
from support import ROOT
from support.c_programs import CC, CORE
from support.table import DTYPES

import gelu_fast

MATH, ROWS, COMPOUND = re.findall(
    r"^```c\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text(), re.M | re.S
)
PLACEHOLDER = '"where it comes from"'
SOURCED = ROWS.replace(PLACEHOLDER, "SOURCE(hendrycks_2016)")
TAIL = "v_gelu_moment_tail"


def make_function(folder, name, math=MATH, rows=SOURCED):
    """Runs function.sh in a copy of the core with the example."""
    core = folder / "src" / "gelu_c"
    shutil.copytree(CORE, core)
    (core / "math" / "gelu_moment.h").write_text(math)
    table = core / "table" / "functions.def"
    before, after = table.read_text().split("FUNCTION(erf,")
    table.write_text(f"{before}{rows}\nFUNCTION(erf,{after}\n{COMPOUND}")
    script = core / "tools" / "check" / "function.sh"
    environment = {**os.environ, "CC": " ".join(CC)}
    return subprocess.run([script, name], env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_example(tmp_path):
    run = make_function(tmp_path, "gelu_moment")
    assert run.returncode == 0, run.stdout + run.stderr
    isas = gelu_fast.available_isas()
    assert run.stdout.count(" ok ") == len(isas) * len(DTYPES), run.stdout


@pytest.mark.slow
def test_example_of_a_compound(tmp_path):
    name = re.match(r"COMPOUND\((\w+)", COMPOUND)[1]
    run = make_function(tmp_path, name)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{name} compiles" in run.stdout


@pytest.mark.parametrize(
    ("math", "rows", "message"),
    [
        (MATH, ROWS, f"functions.def: gelu_moment needs a source instead of {PLACEHOLDER}"),
        (
            re.sub(r"#define gelu_moment_HAS_TAIL 1\n", "", MATH),
            SOURCED,
            "src/gelu_c/math/gelu_moment.h does not define gelu_moment_HAS_TAIL as 1 or 0",
        ),
        (
            MATH.replace(TAIL, "v_gelu_momnet_tail"),
            SOURCED,
            "src/gelu_c/math/gelu_moment.h says gelu_moment_HAS_TAIL 1, but does not define "
            f"{TAIL}",
        ),
        (
            MATH.replace("HAS_TAIL 1", "HAS_TAIL 0"),
            SOURCED,
            f"src/gelu_c/math/gelu_moment.h says gelu_moment_HAS_TAIL 0, but defines {TAIL}",
        ),
        (
            MATH.replace("v_gelu_moment(", "v_gelu_momnet("),
            SOURCED,
            "src/gelu_c/math/gelu_moment.h does not define v_gelu_moment",
        ),
    ],
    ids=["placeholder", "no HAS_TAIL", "no tail", "unexpected tail", "no function"],
)
def test_unfinished_function_is_refused(tmp_path, math, rows, message):
    run = make_function(tmp_path, "gelu_moment", math, rows)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [message]
