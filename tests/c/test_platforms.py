"""platforms.py: the system for which a compiler makes code, and the names and flags there."""

import shlex
import sys
from pathlib import Path

import pytest
from support import ROOT
from support.c_programs import CC

sys.path.insert(0, str(ROOT / "src" / "gelu_c"))

import platforms
from platforms import UNALIGNED, Platform, as_gcc

# Macros of other compilers and systems
GCC = ["-U__clang__", "-U__APPLE__"]
SYSTEMS = {
    "linux": ([*GCC], platforms.LINUX),
    "macos": ([*GCC, "-D__APPLE__"], platforms.MACOS),
    "mingw": ([*GCC, "-D_WIN32"], platforms.WINDOWS_GCC),
    "llvm-mingw": ([*GCC, "-D_WIN32", "-D__clang__"], platforms.WINDOWS),
    "clang-cl": ([*GCC, "-D_WIN32", "-D__clang__", "-D_MSC_VER"], platforms.WINDOWS_MSVC),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_system_is_that_of_the_compiler(name):
    flags, platform = SYSTEMS[name]
    assert Platform.of([*CC, *flags]) is platform


@pytest.mark.parametrize(
    ("name", "file", "known_as", "linked_with"),
    [
        ("linux", "libgelu_c.so.7", "libgelu_c.so.7", "libgelu_c.so.7"),
        ("macos", "libgelu_c.7.dylib", "@rpath/libgelu_c.7.dylib", "libgelu_c.7.dylib"),
        ("mingw", "libgelu_c-7.dll", "libgelu_c-7.dll", "gelu_c.lib"),
        ("clang-cl", "libgelu_c-7.dll", "libgelu_c-7.dll", "gelu_c.lib"),
    ],
)
def test_names(name, file, known_as, linked_with):
    platform = SYSTEMS[name][1]
    library, soname, link = platform.library_in(Path("lib"), 7)
    assert (library, soname) == (Path("lib", file), known_as)
    assert platform.linked_with(library) == Path("lib", linked_with)
    assert any(known_as in flag or linked_with in flag for flag in link)


def test_files_find_the_library_relative_to_themselves():
    assert platforms.LINUX.run_path("../lib") == ["-Wl,-rpath,$ORIGIN/../lib"]
    assert platforms.MACOS.run_path("../lib") == ["-Wl,-rpath,@loader_path/../lib"]
    assert platforms.WINDOWS.run_path("../lib") == []


def test_gcc_for_windows_spills_unaligned():
    """Vectors on its stack, which it does not align, are the one known fault of GCC there."""
    assert platforms.WINDOWS_GCC.vectors == (UNALIGNED,)
    assert platforms.WINDOWS.vectors == platforms.LINUX.vectors == ()


@pytest.mark.parametrize(
    ("cc", "command"),
    [
        ("clang-cl", "clang-cl --driver-mode=gcc"),
        ("C:/LLVM/bin/clang-cl.exe /nologo", "C:/LLVM/bin/clang-cl.exe /nologo --driver-mode=gcc"),
        ("clang-cl --driver-mode=gcc", "clang-cl --driver-mode=gcc"),
        ("gcc", "gcc"),
        ("python -m ziglang cc", "python -m ziglang cc"),
    ],
)
def test_clang_cl_takes_the_arguments_of_gcc(cc, command):
    assert shlex.join(as_gcc(shlex.split(cc))) == command
