"""The installed C library: its exported symbols, its headers, and programs in C, C++ and Rust that
are built against it with pkg-config and CMake, as users build them."""

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support import ROOT
from support.hosts import CLEAN, EXAMPLES, check_output, run

import gelu_fast
from gelu_fast._core import _ufuncs

LIBRARY = Path(gelu_fast.get_library())
INCLUDE = Path(gelu_fast.get_include())
PREFIX = LIBRARY.parents[1]


def needs(*commands):
    missing = [command for command in commands if shutil.which(command) is None]
    return pytest.mark.skipif(bool(missing), reason=f"there is no {', '.join(missing)}")


# ---- Headers and symbols


@needs("nm")
def test_exports_what_the_header_declares():
    printed = run("nm", "--dynamic", "--defined-only", LIBRARY)
    exported = [line.split()[-1] for line in printed.splitlines()]
    flat = re.sub(r"/\*.*?\*/", "", (INCLUDE / "gelu_c_flat.h").read_text(), flags=re.S)
    assert sorted(exported) == sorted(re.findall(r"\b(gf_\w+)\(", flat))


def test_headers_declare_every_row():
    suffixes = {"float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64"}
    rows = [*_ufuncs.table(), *_ufuncs.compounds()]
    names = [f"gf_{row.function}_{suffixes[row.dtype]}" for row in rows]
    for header in "gelu_c.h", "gelu_c_flat.h":
        text = (INCLUDE / header).read_text()
        for name, row in zip(names, rows, strict=True):
            [prototype] = re.findall(rf"\bvoid {name}\((.*?)\);", text)
            parameters = [word.split("*")[-1].split()[-1] for word in prototype.split(",")]
            assert parameters == [*row.inputs, *row.outputs, "n"]


def test_flat_header_has_no_preprocessor_lines():
    text = (INCLUDE / "gelu_c_flat.h").read_text()
    assert not re.search(r"^\s*#|GF_API|extern", text, re.M)


@pytest.mark.parametrize("command", ["gcc -std=c11", "clang -std=c11", "g++ -std=c++17"])
def test_header_is_self_contained(command, tmp_path):
    compiler, *flags = command.split()
    if shutil.which(compiler) is None:
        pytest.skip(f"there is no {compiler}")
    source = tmp_path / ("use.cpp" if "++" in compiler else "use.c")
    source.write_text('#include "gelu_c.h"\nint main(void) { return gf_version() == 0; }\n')
    strict = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wstrict-prototypes"]
    strict = strict[:-1] if "++" in compiler else strict
    run(compiler, *flags, *strict, f"-I{INCLUDE}", "-c", source, "-o", tmp_path / "use.o")


def test_versions_agree():
    text = (INCLUDE / "gelu_c.h").read_text()
    parts = ("MAJOR", "MINOR", "PATCH")
    numbers = [int(re.search(rf"GELU_C_VERSION_{part} (\d+)", text)[1]) for part in parts]
    assert ".".join(map(str, numbers)) == gelu_fast.__version__
    major, minor, patch = numbers
    assert ctypes.CDLL(str(LIBRARY)).gf_version() == 10000 * major + 100 * minor + patch
    abi = re.search(r"GELU_C_ABI_VERSION (\d+)", text)[1]
    assert abi in re.split(r"[.-]", LIBRARY.name)


@needs("readelf")
def test_soname_and_linking():
    """The extension and programs look for one name, so a process has the library once."""
    printed = run("readelf", "--dynamic", LIBRARY)
    assert re.search(r"SONAME.*\[(.*)\]", printed)[1] == LIBRARY.name
    assert "NODELETE" in printed
    assert LIBRARY.name in run("readelf", "--dynamic", _ufuncs.__file__)


def test_one_instruction_set_for_all():
    """The ufuncs and ctypes use the same library."""
    library = ctypes.CDLL(str(LIBRARY))
    library.gf_isa.restype = ctypes.c_char_p
    before = gelu_fast.isa()
    try:
        for isa in gelu_fast.available_isas():
            assert library.gf_isa_select(isa.encode()) == 0
            assert gelu_fast.isa() == isa
            assert library.gf_isa().decode() == isa
    finally:
        _ufuncs.select_isa(before)


# ---- Programs


@needs("pkg-config", "cc", "c++")
@pytest.mark.parametrize(
    ("compiler", "source"), [("cc -std=c11", "c/gelu.c"), ("c++ -std=c++17", "c/gelu.cpp")]
)
def test_pkg_config(compiler, source, tmp_path):
    """The folder is found by importlib.resources, as pkg-config front ends for Python do."""
    from importlib.metadata import entry_points
    from importlib.resources import files

    [entry] = entry_points(group="pkg_config", name="gelu_c")
    environment = {**CLEAN, "PKG_CONFIG_PATH": str(files(entry.value) / "")}
    version = run("pkg-config", "--modversion", "gelu_c", env=environment).strip()
    assert version == gelu_fast.__version__
    flags = run("pkg-config", "--cflags", "--libs", "gelu_c", env=environment).split()
    run(*compiler.split(), EXAMPLES / source, *flags, "-o", tmp_path / "gelu")
    check_output(run(tmp_path / "gelu"))


@needs("pkg-config", "cc")
def test_installed_folder_can_be_moved(tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(PREFIX / "lib", moved / "lib")
    shutil.copytree(INCLUDE, moved / "include")
    environment = {**CLEAN, "PKG_CONFIG_PATH": str(moved / "lib" / "pkgconfig")}
    flags = run("pkg-config", "--cflags", "--libs", "gelu_c", env=environment).split()
    run("cc", EXAMPLES / "c" / "gelu.c", *flags, "-o", tmp_path / "gelu")
    check_output(run(tmp_path / "gelu"))
    assert str(PREFIX) not in " ".join(flags)


def build_with_cmake(prefix, folder):
    run("cmake", "-S", EXAMPLES / "cmake", "-B", folder, f"-Dgelu_c_ROOT={prefix}")
    run("cmake", "--build", folder)
    for program in "gelu", "gelu_cpp":
        check_output(run(folder / program))


@needs("cmake", "cc", "c++")
def test_cmake_finds_the_installed_package(tmp_path):
    build_with_cmake(PREFIX, tmp_path / "build")


@needs("cmake", "cc", "c++")
def test_cmake_refuses_a_newer_version(tmp_path):
    lines = ["cmake_minimum_required(VERSION 3.18)", "project(p LANGUAGES C)"]
    lines.append("find_package(gelu_c 99 REQUIRED)")
    (tmp_path / "CMakeLists.txt").write_text("\n".join(lines))
    command = ["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-Dgelu_c_ROOT={PREFIX}"]
    done = subprocess.run(command, env=CLEAN, capture_output=True, text=True)
    assert done.returncode != 0
    assert f"version: {gelu_fast.__version__}" in done.stderr


@pytest.mark.long
@needs("cmake", "cc", "c++")
def test_cmake_builds_and_installs_the_library(tmp_path):
    """Without the Python package."""
    run("cmake", "-S", ROOT, "-B", tmp_path / "build")
    run("cmake", "--build", tmp_path / "build")
    run("cmake", "--install", tmp_path / "build", "--prefix", tmp_path / "installed")
    build_with_cmake(tmp_path / "installed", tmp_path / "example")


@needs("cargo")
def test_rust(tmp_path):
    folder = shutil.copytree(EXAMPLES / "rust", tmp_path / "rust")
    environment = {
        **CLEAN,
        "GELU_C_LIBRARY": str(LIBRARY),
        "CARGO_TARGET_DIR": str(tmp_path / "target"),
    }
    check_output(run("cargo", "run", "--quiet", "--offline", cwd=folder, env=environment))
