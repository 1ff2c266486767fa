"""Builds the C core as a shared library in gelu_fast/lib, with headers in gelu_fast/include, by
build_core.py and install_library.py; and the extension gelu_fast._core._ufuncs, which uses it, for
the stable ABI. Everything else is in pyproject.toml."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "src" / "gelu_c"))

from build_core import compile_core  # noqa: E402
from generate import TableError, write_cuda_sources  # noqa: E402
from install_library import install  # noqa: E402

# The free-threaded interpreter has no stable ABI yet, so it gets an extension of its own.
STABLE_ABI = not sysconfig.get_config_var("Py_GIL_DISABLED")

NO_COMPILER = (
    "gelu_fast is built with a C compiler, and `{}` {}: install GCC or Clang and the C library's "
    "headers (Debian, Ubuntu: apt-get install gcc libc6-dev; Fedora: dnf install gcc; macOS: "
    "xcode-select --install), or name your compiler in the environment variable CC."
)


def check_compiler(cc):
    """Raises CompileError with a sentence for the user if `cc` cannot compile C."""
    command = [*cc, "-x", "c", "-c", "-o", os.devnull, "-"]
    try:
        run = subprocess.run(command, input=b"#include <stdlib.h>\n", capture_output=True)
    except OSError as error:
        raise CompileError(NO_COMPILER.format(cc[0], "cannot be run")) from error
    if run.returncode:
        raise CompileError(NO_COMPILER.format(shlex.join(cc), "cannot compile C"))


# Where the extension, in gelu_fast/_core, finds the library.
RUN_PATH = "@loader_path/../lib" if sys.platform == "darwin" else "$ORIGIN/../lib"


def copy_library(prefix, package):
    """Copies the library and its headers into the package, instead of older ones."""
    for folder in ("include", "lib"):
        shutil.rmtree(package / folder, ignore_errors=True)
        shutil.copytree(prefix / folder, package / folder)


def remove_extensions(folder):
    """Removes old extensions: Python would import one for a single version before the abi3 one."""
    for suffix in ("so", "pyd"):
        for old in folder.glob(f"_ufuncs.*{suffix}"):
            old.unlink()


class Build(build):
    def run(self):
        # The wheel is packed from this folder, so it must hold nothing of an earlier build.
        package = Path(self.build_lib) / "gelu_fast"
        shutil.rmtree(package, ignore_errors=True)
        super().run()
        write_cuda_sources(package / "cuda" / "gelu_c")


class BuildExt(build_ext):
    def finalize_options(self):
        super().finalize_options()
        self.force = True  # the core is compiled every time, so link every time

    def build_extension(self, ext):
        if self.compiler.compiler_type not in ("unix", "mingw32"):
            raise CompileError(NO_COMPILER.format(self.compiler.compiler_type, "is not supported"))
        cc = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
        check_compiler(cc)
        temp = Path(self.build_temp)
        flags = shlex.split(os.environ.get("CFLAGS", ""))
        # `make test` names a folder, because tests link the same objects into programs.
        core = os.environ.get("GELU_FAST_CORE_FOLDER") or temp / "core"
        prefix = self.prefix = temp / "prefix"
        try:
            library = install(cc, compile_core(cc, core, flags), prefix, flags)
        except TableError as error:
            raise CompileError(str(error)) from error
        except subprocess.CalledProcessError as error:
            raise CompileError(f"{shlex.join(cc)}: status {error.returncode}, see above") from error
        copy_library(prefix, Path(self.build_lib) / "gelu_fast")
        ext.extra_objects = [str(library)]
        [cythonized] = cythonize(ext, build_dir=str(temp), force=True, quiet=True)
        ext.sources = cythonized.sources
        remove_extensions(Path(self.get_ext_fullpath(ext.name)).parent)
        super().build_extension(ext)

    def copy_extensions_to_source(self):
        remove_extensions(ROOT / "gelu_fast" / "_core")
        super().copy_extensions_to_source()
        copy_library(self.prefix, ROOT / "gelu_fast")
        write_cuda_sources(ROOT / "gelu_fast" / "cuda" / "gelu_c")


macros = [("NPY_TARGET_VERSION", "NPY_1_25_API_VERSION")]
if STABLE_ABI:
    macros.append(("Py_LIMITED_API", "0x030B0000"))

setup(
    ext_modules=[
        Extension(
            "gelu_fast._core._ufuncs",
            ["gelu_fast/_core/_ufuncs.pyx"],
            include_dirs=["src/gelu_c/include", "src/gelu_c", numpy.get_include()],
            extra_link_args=[f"-Wl,-rpath,{RUN_PATH}"],
            define_macros=macros,
            extra_compile_args=["-fvisibility=hidden"],
            py_limited_api=STABLE_ABI,
        )
    ],
    cmdclass={"build": Build, "build_ext": BuildExt},
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE_ABI else {},
)
