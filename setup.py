"""Builds the C core as a shared library in gelu_fast/lib, with headers in gelu_fast/include, by
build_core.py and install_library.py; and the extensions that use it, for the stable ABI:
gelu_fast._core._ufuncs, and gelu_fast.gelu_c for Cython modules of other projects
(cython_module.py); and the glue of hosts (build_glue.py). Everything else is in pyproject.toml."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from functools import cached_property
from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist
from setuptools.errors import CompileError

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "src" / "gelu_c"))

from build_core import compile_core  # noqa: E402
from build_glue import GlueError, build_glue  # noqa: E402
from compiler_flags import harden_flags, link_flags, small_flags, without_run_path  # noqa: E402
from cython_module import write_module  # noqa: E402
from generate import TableError, write_cuda_sources  # noqa: E402
from install_library import install  # noqa: E402
from interface import version_text  # noqa: E402
from platforms import Platform, as_gcc, takes  # noqa: E402
from same_bytes import set_modes, write_sdist  # noqa: E402

os.umask(0o022)  # files of the wheel have the same permissions on every machine

# The free-threaded interpreter has no stable ABI yet, so it gets an extension of its own.
STABLE_ABI = not sysconfig.get_config_var("Py_GIL_DISABLED")

NO_COMPILER = (
    "gelu_fast is built with a C compiler, and `{}` {}: install GCC or Clang and the C library's "
    "headers (Debian, Ubuntu: apt-get install gcc libc6-dev; Fedora: dnf install gcc; macOS: "
    "xcode-select --install; Windows: pip install ziglang, and set CC=python -m ziglang cc), or "
    "name your compiler in the environment variable CC."
)


def compiler():
    """The command of the C compiler. On Windows, Python itself names none."""
    named = os.environ.get("CC") or sysconfig.get_config_var("CC")
    found = [name for name in ("clang", "gcc") if shutil.which(name)]
    return as_gcc(shlex.split(named) if named else [*found, "cc"][:1])


def check_compiler(cc):
    """Raises CompileError with a sentence for the user if `cc` cannot compile C."""
    if Path(cc[0]).stem.lower() == "cl":
        raise CompileError(NO_COMPILER.format(cc[0], "has no vectors of C11 and GNU C"))
    if shutil.which(cc[0]) is None:
        raise CompileError(NO_COMPILER.format(cc[0], "cannot be run"))
    if not takes(cc, "#include <stdlib.h>\n"):
        raise CompileError(NO_COMPILER.format(shlex.join(cc), "cannot compile C"))


def description():
    """README.md as PyPI shows it: its links lead to the repository, as it was at this version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source, at = project["urls"]["Source"], f"v{version_text()}"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"(!\[[^\]]*\]\()(?!https?:)", rf"\1{source}/raw/{at}/", text)
    return re.sub(r"(\]\()(?!https?:|#)", rf"\1{source}/blob/{at}/", text)


UFUNCS, FOR_CYTHON = "gelu_fast._core._ufuncs", "gelu_fast.gelu_c"


def extension(name, sources, library):
    """An extension that finds the shared library in the folder `library`, relative to itself."""
    return Extension(
        name,
        sources,
        include_dirs=["src/gelu_c/include", "src/gelu_c", numpy.get_include()],
        runtime_library_dirs=[library],  # BuildExt makes a run path of it
        define_macros=macros,
        extra_compile_args=["-fvisibility=hidden"],
        py_limited_api=STABLE_ABI,
    )


def python_library():
    """What extensions are linked with on Windows."""
    version = "" if STABLE_ABI else f"{sys.version_info.minor}t"
    return f"python3{version}"


def copy_library(prefix, module, package):
    """Copies the library, its headers and gelu_c.pxd into the package, instead of older ones."""
    for folder in ("include", "lib"):
        shutil.rmtree(package / folder, ignore_errors=True)
        shutil.copytree(prefix / folder, package / folder)
    shutil.copy(module / "gelu_c.pxd", package)


def remove_extension(path):
    """Removes old extensions: Python would import one for a single version before the abi3 one."""
    for suffix in ("so", "pyd"):
        for old in path.parent.glob(f"{path.name.partition('.')[0]}.*{suffix}"):
            old.unlink()


class Build(build):
    def run(self):
        # The wheel is packed from this folder, so it must hold nothing of an earlier build.
        package = Path(self.build_lib) / "gelu_fast"
        shutil.rmtree(package, ignore_errors=True)
        super().run()
        write_cuda_sources(package / "cuda" / "gelu_c")
        set_modes(package)


class Sdist(sdist):
    def make_archive(self, base_name, format, root_dir=None, base_dir=None, **owners):
        if format == "gztar" and "SOURCE_DATE_EPOCH" in os.environ:
            return write_sdist(base_name, base_dir)
        return super().make_archive(base_name, format, root_dir, base_dir, **owners)


class BuildExt(build_ext):
    def finalize_options(self):
        super().finalize_options()
        self.force = True  # the core is compiled every time, so link every time

    @cached_property
    def platform(self):
        return Platform.of(compiler())

    def build_extensions(self):
        cc = compiler()
        check_compiler(cc)
        temp = Path(self.build_temp)
        flags = shlex.split(os.environ.get("CFLAGS", ""))
        # `make test` names a folder, because tests link the same objects into programs.
        core = os.environ.get("GELU_FAST_CORE_FOLDER") or temp / "core"
        self.prefix, self.module = temp / "prefix", temp / "cython" / "gelu_fast"
        try:
            self.library = install(cc, compile_core(cc, core, flags), self.prefix, flags)
            flat_header = self.prefix / "include" / "gelu_c_flat.h"
            write_module(flat_header.read_text(), self.module)
        except TableError as error:
            raise CompileError(str(error)) from error
        except subprocess.CalledProcessError as error:
            raise CompileError(f"{shlex.join(cc)}: status {error.returncode}, see above") from error
        package = Path(self.build_lib) / "gelu_fast"
        copy_library(self.prefix, self.module, package)
        if not self.platform.extension:  # otherwise setuptools links nothing
            self.compiler.linker_so = without_run_path(self.compiler.linker_so)
        for ext in self.extensions:
            ext.extra_compile_args += ["-O2", *harden_flags(cc, flags)]
            ext.extra_link_args += link_flags(cc)
            if ext.name == FOR_CYTHON:  # 600 functions that only call the library's
                ext.extra_compile_args += ["-Os", *small_flags(cc)]
        super().build_extensions()
        self.build_glue(cc, flags, package)

    def build_glue(self, cc, flags, package):
        try:
            self.glue = build_glue(cc, self.library, package, flags)
        except GlueError as error:
            raise CompileError(str(error)) from error
        except subprocess.CalledProcessError as error:
            raise CompileError(f"{shlex.join(error.cmd)}: status {error.returncode}") from error

    def get_ext_filename(self, fullname):
        name = super().get_ext_filename(fullname)
        if STABLE_ABI and self.platform.extension:
            return name.partition(".")[0] + self.platform.extension
        return name

    def build_extension(self, ext):
        if ext.name == FOR_CYTHON:
            ext.sources = [str(self.module / "gelu_c.pyx")]
        ext.extra_objects = [str(self.platform.linked_with(self.library))]
        ext.extra_link_args += self.platform.run_path(*ext.runtime_library_dirs)
        ext.runtime_library_dirs = []
        [cythonized] = cythonize(ext, build_dir=self.build_temp, force=True, quiet=True)
        ext.sources = cythonized.sources
        remove_extension(Path(self.get_ext_fullpath(ext.name)))
        if self.platform.extension:
            self.build_for_windows(ext)
        else:
            super().build_extension(ext)

    def build_for_windows(self, ext):
        """Compiles and links with one command: setuptools would link with the Python of one
        version, or call Microsoft's compiler. LDFLAGS names the import library of Python where that
        is not the Python that runs this."""
        out = Path(self.get_ext_fullpath(ext.name))
        out.parent.mkdir(parents=True, exist_ok=True)
        python = ["-L" + str(Path(sys.base_prefix, "libs")), "-l" + python_library()]
        libraries = python if sys.platform == "win32" else []
        command = [
            *[*compiler(), "-shared", "-O2", *self.platform.compile, *ext.extra_compile_args],
            # The headers of Python take this from Microsoft's compiler only.
            *["-DMS_WIN64", *(f"-D{name}={value}" for name, value in ext.define_macros)],
            *shlex.split(os.environ.get("CFLAGS", "")),
            *(f"-I{folder}" for folder in [*ext.include_dirs, sysconfig.get_path("include")]),
            *[*ext.sources, "-o", str(out), *ext.extra_objects, *self.platform.strip],
            *[*libraries, *shlex.split(os.environ.get("LDFLAGS", ""))],
        ]
        try:
            subprocess.run(command, check=True)
        except subprocess.CalledProcessError as error:
            raise CompileError(f"{shlex.join(command)}: status {error.returncode}") from error

    def copy_extensions_to_source(self):
        for ext in self.extensions:
            remove_extension(ROOT.joinpath(*ext.name.split(".")))
        super().copy_extensions_to_source()
        copy_library(self.prefix, self.module, ROOT / "gelu_fast")
        for glue in self.glue:
            shutil.copy(glue, ROOT / "gelu_fast" / glue.parent.name)
        write_cuda_sources(ROOT / "gelu_fast" / "cuda" / "gelu_c")


macros = [("NPY_TARGET_VERSION", "NPY_1_25_API_VERSION")]
if STABLE_ABI:
    macros.append(("Py_LIMITED_API", "0x030B0000"))

setup(
    version=version_text(),
    long_description=description(),
    long_description_content_type="text/markdown",
    ext_modules=[
        extension(UFUNCS, ["gelu_fast/_core/_ufuncs.pyx"], "../lib"),
        extension(FOR_CYTHON, [], "lib"),
    ],
    cmdclass={"build": Build, "build_ext": BuildExt, "sdist": Sdist},
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE_ABI else {},
)
