"""A compiler that lacks the flags of an instruction set builds the others, and says so."""

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
