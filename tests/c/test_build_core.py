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


def compiler_without(flag, folder):
    """A compiler command that refuses every flag that begins like this one."""
    command = folder / "limited-cc"
    command.write_text(f'#!/bin/sh\ncase " $* " in *" {flag}"*) exit 1;; esac\nexec cc "$@"\n')
    command.chmod(0o755)
    return command


def built_isas(monkeypatch):
    monkeypatch.syspath_prepend(CORE)
    from table import instruction_sets

    built = {name for name, _ in _ufuncs.isas()}
    return [isa for isa in instruction_sets() if isa.name in built]


def test_compiler_without_tuning(monkeypatch, tmp_path):
    """The build leaves out the tuning, and no instruction set."""
    isas = built_isas(monkeypatch)
    from build_core import available, kernel_flags

    compiler = [compiler_without("-mtune", tmp_path)]
    assert [isa.name for isa in available(compiler, print)] == [isa.name for isa in isas]
    for isa in isas:
        assert kernel_flags(["cc"], isa) == [*isa.flags, *isa.tuning]
        taken = [flag for flag in isa.tuning if not flag.startswith("-mtune")]
        assert kernel_flags(compiler, isa) == [*isa.flags, *taken]


def test_compiler_without_flags(monkeypatch, tmp_path):
    library, compiler = tmp_path / "libgelu_c.a", compiler_without("-m", tmp_path)
    build = subprocess.run(
        [sys.executable, CORE / "build_core.py", "--cc", compiler, "--flags=-O0", library],
        capture_output=True,
        text=True,
    )
    assert build.returncode == 0, build.stderr
    left_out = {isa.name: " ".join(isa.flags) for isa in built_isas(monkeypatch) if isa.flags}
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
        (
            "table/functions.def",
            "silu(gate) * up,",
            "silu(gate) / up,",
            "functions.def: silu(gate) / up needs a file in src/gelu_c/math/",
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
