"""The build of the core: instruction sets whose flags the compiler does not take are left out."""

import shutil
import subprocess
import sys

import pytest
from support.c_programs import CORE

from gelu_fast._core import _ufuncs

pytestmark = pytest.mark.slow

PROGRAM = """
#include <stdio.h>
#include "gelu_c.h"
int main(void) {
  for (size_t i = 0; gf_isa_name(i); i++)
    puts(gf_isa_name(i));
}
"""


@pytest.fixture
def limited_compiler(tmp_path):
    """A compiler command that refuses every -m flag."""
    command = tmp_path / "limited-cc"
    command.write_text('#!/bin/sh\ncase " $* " in *" -m"*) exit 1;; esac\nexec cc "$@"\n')
    command.chmod(0o755)
    return command


def isas_with_flags():
    sys.path.insert(0, str(CORE))
    try:
        from table import instruction_sets
    finally:
        sys.path.remove(str(CORE))
    built = {name for name, _ in _ufuncs.isas()}
    return {i.name: " ".join(i.flags) for i in instruction_sets() if i.flags and i.name in built}


def test_compiler_without_flags(limited_compiler, tmp_path):
    library = tmp_path / "libgelu_c.a"
    build = subprocess.run(
        [sys.executable, CORE / "build_core.py", "--cc", limited_compiler, "--flags=-O0", library],
        capture_output=True,
        text=True,
    )
    assert build.returncode == 0, build.stderr
    left_out = isas_with_flags()
    for name, flags in left_out.items():
        reason = f"building without {name}: the compiler does not take {flags}"
        assert reason in build.stdout
    source, program = tmp_path / "isas.c", tmp_path / "isas"
    source.write_text(PROGRAM)
    include = f"-I{CORE / 'include'}"
    subprocess.run(["cc", include, source, library, "-lm", "-o", program], check=True)
    there = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    assert there[-1] == "scalar"
    assert not left_out.keys() & set(there)


# ---- The table and the files of mathematics disagree


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "math/gelu.h",
            "#define gelu_HAS_TAIL 1\n",
            "",
            "src/gelu_c/math/gelu.h does not define gelu_HAS_TAIL as 1 or 0",
        ),
        (
            "math/gelu.h",
            "v_gelu_tail(",
            "v_gelu_tial(",
            "src/gelu_c/math/gelu.h says gelu_HAS_TAIL 1, but does not define v_gelu_tail",
        ),
        (
            "math/backward/gelu_backward.h",
            "#define gelu_backward_HAS_TAIL 1",
            "#define gelu_backward_HAS_TAIL 0",
            "src/gelu_c/math/backward/gelu_backward.h says gelu_backward_HAS_TAIL 0, but defines "
            "v_gelu_backward_tail",
        ),
        (
            "math/relu.h",
            "v_relu(v x)",
            "v_rleu(v x)",
            "src/gelu_c/math/relu.h does not define v_relu",
        ),
        (
            "table/functions.def",
            "silu(gate) * up,",
            "silo(gate) * up,",
            "functions.def: swiglu has no file src/gelu_c/math/swiglu.h, and its definition calls "
            "silo, which has none either",
        ),
    ],
)
def test_a_wrong_function_is_one_line(tmp_path, file, old, new, message):
    core = tmp_path / "core"
    shutil.copytree(CORE, core)
    text = (core / file).read_text()
    assert old in text
    (core / file).write_text(text.replace(old, new))
    command = [sys.executable, core / "build_core.py", tmp_path / "built.a"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [message]


def test_some_functions_only(tmp_path):
    library = tmp_path / "built.a"
    build = [sys.executable, CORE / "build_core.py", "--flags=-O0", library, "--functions"]
    subprocess.run([*build, "relu", "reglu"], check=True)
    source, program = tmp_path / "rows.c", tmp_path / "rows"
    source.write_text("""
        #include <stdio.h>
        #include "gelu_c.h"
        int main(void) {
          for (size_t i = 0; i < gf_row_count(); i++)
            puts(gf_row_at(i)->function->name);
        }""")
    include = f"-I{CORE / 'include'}"
    subprocess.run(["cc", include, source, library, "-lm", "-o", program], check=True)
    there = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    assert there == ["relu"] * 4 + ["reglu"] * 4
    run = subprocess.run([*build, "rleu"], capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].endswith("functions.def has no rleu")
