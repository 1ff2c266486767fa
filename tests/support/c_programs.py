"""Builds C programs from this checkout with the compiler $CC (default: cc), for tests."""

import fcntl
import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path

from support import ROOT

CORE = ROOT / "src" / "gelu_c"
CC = shlex.split(os.environ.get("CC", "cc"))
C11 = ["-std=c11", "-Wall", "-Wextra", "-Werror"]
# The C reference needs libquadmath unless long double is IEEE binary128.
QUAD = ["-lquadmath"] if platform.machine() in ("x86_64", "AMD64") else []


def run(*command):
    subprocess.run(command, check=True)


def made(name, make):
    """The path of a file in the folder of the session (conftest.py). make(path) makes the file if
    it is not there yet; another worker of pytest-xdist may have made it."""
    path = Path(os.environ["GELU_FAST_TESTS_FOLDER"]) / name
    with open(f"{path}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            make(path)
    return path


def core_library(core=CORE):
    """The path of libgelu_c.a, with every instruction set that the compiler can build. It is made
    of the objects in $GELU_FAST_CORE_FOLDER, which `make test` compiles, or compiled here."""
    folder = os.environ.get("GELU_FAST_CORE_FOLDER")
    if folder and core == CORE:
        objects = sorted(Path(folder).glob("*.o"))
        return made("core.a", lambda path: run("ar", "rcs", path, *objects))
    script = [sys.executable, core / "build_core.py", "--cc", shlex.join(CC), "--flags=-Werror"]
    return made(f"{core.parent.name}.a", lambda path: run(*script, path))


def build(name, sources, compiler=(*CC, *C11), libraries=(), core=CORE):
    """Compiles and links `sources` with the core; returns the path of the program."""
    folders = [core / "include", core, core / "tools" / "check"]
    command = [*compiler, "-O2", *(f"-I{folder}" for folder in folders), *sources]
    command += ["-x", "none", core_library(core), *libraries, "-lm", "-pthread", "-o"]
    return made(name, lambda path: run(*command, path))


def tool(name):
    return CORE / "tools" / "check" / name
