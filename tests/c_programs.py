"""C programs built from this checkout with the compiler $CC (default: cc), for tests to run."""

import os
import platform
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "src" / "gelu_c"
CC = shlex.split(os.environ.get("CC", "cc"))
C11 = ["-std=c11", "-Wall", "-Wextra", "-Werror"]
# Where long double is no IEEE binary128, the C reference needs libquadmath.
QUAD = ["-lquadmath"] if platform.machine() in ("x86_64", "AMD64") else []


@cache
def folder():
    """A folder for the whole session."""
    return tempfile.TemporaryDirectory(prefix="gelu_fast-tests-")


def output(name):
    return Path(folder().name) / name


@cache
def core_library(core=CORE):
    """libgelu_c.a with every instruction set that the compiler can build."""
    library = output(f"libgelu_c-{abs(hash(core))}.a")
    script = [sys.executable, core / "build_core.py", "--cc", shlex.join(CC), "--flags=-Werror"]
    subprocess.run([*script, library], check=True)
    return library


def build(name, sources, compiler=(*CC, *C11), libraries=(), core=CORE):
    """Compiles and links `sources` with the core; returns the program."""
    program = output(name)
    command = [*compiler, "-O2", f"-I{CORE}", f"-I{CORE / 'tools'}", *sources]
    command += ["-x", "none", core_library(core), *libraries, "-lm", "-pthread", "-o", program]
    subprocess.run(command, check=True)
    return program


def tool(name):
    return CORE / "tools" / name
