"""The installed shared objects are safe to load and hold nothing of the machine that built them,
and the package is small. src/gelu_c/compiler_flags.py has the flags."""

import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from support import ROOT

import gelu_fast
from gelu_fast._core import _ufuncs

sys.path.insert(0, str(ROOT / "src" / "gelu_c"))

from build_glue import HEADERS

PACKAGE = Path(gelu_fast.__file__).parent
WHEEL_BYTES = 2_500_000
OBJECTS = sorted(
    path
    for path in PACKAGE.rglob("*")
    if path.suffix in {".so", ".duckdb_extension"} or path.name.startswith("libgelu_c.so")
)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
each = pytest.mark.parametrize("path", OBJECTS, ids=lambda path: f"{path.parent.name}-{path.name}")


def readelf(*arguments):
    command = ["readelf", "-W", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@on_linux
def test_all_objects_are_found():
    found = {path.relative_to(PACKAGE).as_posix() for path in OBJECTS}
    assert len(found) >= 4
    assert Path(gelu_fast.get_library()) in OBJECTS
    assert Path(_ufuncs.__file__) in OBJECTS


@on_linux
@each
def test_run_path_is_inside_of_the_package(path):
    folders = re.findall(r"R(?:UN)?PATH\).*\[(.*)\]", readelf("-d", path))
    for folder in ":".join(folders).split(":") if folders else []:
        assert re.fullmatch(r"\$ORIGIN(/\.\.)?/lib", folder), folder


@on_linux
@each
def test_relocations_are_read_only_and_done_at_once(path):
    dynamic = readelf("-d", path)
    assert re.search(r"BIND_NOW|\bNOW\b", dynamic)
    assert "TEXTREL" not in dynamic
    assert "GNU_RELRO" in readelf("-l", path)


@on_linux
@each
def test_stack_is_not_executable(path):
    [stack] = re.findall(r"GNU_STACK.*", readelf("-l", path))
    assert re.search(r"\bRW\b", stack)
    assert not re.search(r"\bRWE\b|R E", stack)


@on_linux
@each
def test_has_no_symbols_and_no_debug_information(path):
    names = re.findall(r"\] (\.\S+)", readelf("-S", path))
    assert ".dynsym" in names
    assert [name for name in names if name in {".symtab", ".strtab"} or "debug" in name] == []


@on_linux
@each
def test_names_no_folder_of_the_build(path):
    data = path.read_bytes()
    assert str(ROOT).encode() not in data
    assert re.findall(rb"[ -~]*(?:^|[\0 =:\"])/(?:tmp|root|home|build|usr/src)/[ -~]*", data) == []


@on_linux
def test_stack_protector():
    """In the extension. The kernels are without one: see benchmarks/NOTES.md."""
    needed = readelf("--dyn-syms", _ufuncs.__file__)
    if "__stack_chk_fail" not in needed:
        assert "__stack_chk_guard" in needed


def size_in_wheel(path):
    """The bytes of a file in a wheel: compressed as pip's build does it, with its two heads."""
    name = path.relative_to(PACKAGE.parent).as_posix()
    return len(zlib.compress(path.read_bytes())) + 2 * len(name) + 30 + 46


def test_wheel_is_small():
    """Without the glue that is compiled with the headers of its host, which are not there when a
    wheel for others is built."""
    files = [
        path
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
        if not (path.stem == "glue" and path.parent.name in HEADERS)
    ]
    metadata = 18_000  # dist-info
    assert sum(map(size_in_wheel, files)) + metadata < WHEEL_BYTES
