"""`make function`, by the examples of CONTRIBUTING.md: it builds and measures one function, and
refuses the placeholder for its source."""

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


def make_function(folder, name, rows):
    """Runs function.sh in a copy of the core with the examples."""
    core = folder / "src" / "gelu_c"
    shutil.copytree(CORE, core)
    (core / "math" / "gelu_moment.h").write_text(MATH)
    table = core / "table" / "functions.def"
    before, after = table.read_text().split("FUNCTION(erf,")
    table.write_text(f"{before}{rows}\nFUNCTION(erf,{after}\n{COMPOUND}")
    script = core / "tools" / "check" / "function.sh"
    environment = {**os.environ, "CC": " ".join(CC), "CFLAGS": "-O0 -Wno-frame-larger-than"}
    return subprocess.run([script, name], env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_function(tmp_path):
    run = make_function(tmp_path, "gelu_moment", ROWS.replace(PLACEHOLDER, "SOURCE(dlmf)"))
    assert run.returncode == 0, run.stdout + run.stderr
    isas = gelu_fast.available_isas()
    assert run.stdout.count(" ok ") == len(isas) * len(DTYPES), run.stdout


@pytest.mark.long
def test_compound(tmp_path):
    name = re.match(r"COMPOUND\((\w+)", COMPOUND)[1]
    run = make_function(tmp_path, name, rows="")
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{name} compiles" in run.stdout


def test_placeholder_is_refused(tmp_path):
    run = make_function(tmp_path, "gelu_moment", ROWS)
    assert run.returncode == 1
    message = f"functions.def: gelu_moment needs a source instead of {PLACEHOLDER}"
    assert run.stderr.splitlines() == [message]
