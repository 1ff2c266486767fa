"""What differs between the systems that the library is built for: names of files, and flags of
compilers and linkers. The system is the one that the compiler makes code for.

    platform = Platform.of(["x86_64-w64-mingw32-gcc"])
"""

import os
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

PROBE = "int probe;\n"  # a source that every compiler takes
WITHOUT = "#ifndef {}\n#error no\n#endif\n"  # a source that compiles where a macro is defined

# Threads of the library may be waiting in it, so it is never unloaded.
ELF = ("-Wl,-z,nodelete", "-Wl,--no-undefined")

# On Windows the stack of a function is aligned to 16 bytes. GCC does not align it further, and yet
# keeps vectors of 32 and 64 bytes there with moves that fault where they are not aligned (GCC bug
# 54412). With this option, which the assembler has from binutils 2.38 on, such moves need no
# alignment; on aligned memory they are as fast. Clang aligns the stack.
UNALIGNED = "-Wa,-muse-unaligned-vector-move"


def takes(cc, source, *flags):
    """Whether there is the compiler, and it compiles this source with these flags."""
    with tempfile.TemporaryDirectory() as folder:  # with /dev/null, zig writes a file -.o
        out = os.path.join(folder, "probe.o")
        command = [*cc, *flags, "-Werror", "-x", "c", "-c", "-o", out, "-"]
        try:
            run = subprocess.run(command, input=source.encode(), capture_output=True)
        except OSError:
            return False
    return run.returncode == 0


def defines(cc, macro):
    return takes(cc, WITHOUT.format(macro))


@dataclass(frozen=True)
class Platform:
    library: str  # the name of the file, with the version of the ABI in place of {abi}
    name: str = "{file}"  # by which programs look for it
    compile: tuple = ("-fPIC",)  # flags of every source
    vectors: tuple = ()  # flags of sources with wider vectors than all processors have
    link: tuple = ()  # flags of the library
    libraries: tuple = ("-lm", "-pthread")  # that it uses
    here: str | None = None  # in a run path, the folder of the file itself
    imports: str | None = (
        None  # a file beside the library with which programs are linked in its place
    )
    strip: tuple = ()  # flags of files that are linked with the library
    shared: str = ".so"  # the end of the name of other shared libraries
    extension: str | None = None  # of extension modules, if it is not what this Python says

    @staticmethod
    def of(cc):
        """The platform for which the command `cc` (a list) makes code."""
        if defines(cc, "__APPLE__"):
            return MACOS
        if not defines(cc, "_WIN32"):
            return LINUX
        if defines(cc, "_MSC_VER"):
            return WINDOWS_MSVC
        return WINDOWS if defines(cc, "__clang__") else WINDOWS_GCC

    def library_in(self, folder, abi):
        """The path of the library in a folder, the name by which programs look for it, and the
        flags to link it."""
        file = self.library.format(abi=abi)
        words = {"file": file, "imports": Path(folder, self.imports or "")}
        return Path(folder, file), self.name.format(**words), [w.format(**words) for w in self.link]

    def linked_with(self, library):
        """The file that stands for the library where programs are linked."""
        return Path(library).with_name(self.imports) if self.imports else Path(library)

    def run_path(self, folder):
        """Flags of a file that uses libraries in a folder relative to its own."""
        return [f"-Wl,-rpath,{self.here}/{folder}"] if self.here else []


LINUX = Platform("libgelu_c.so.{abi}", link=(*ELF, "-Wl,-soname,{file}"), here="$ORIGIN")
MACOS = Platform(
    "libgelu_c.{abi}.dylib",
    name="@rpath/{file}",
    link=("-Wl,-install_name,@rpath/{file}",),
    here="@loader_path",
)
# The code of every file on Windows has any address, and threads are those of the system.
WINDOWS = Platform(
    "libgelu_c-{abi}.dll",
    compile=(),
    link=("-Wl,--out-implib,{imports}", "-Wl,-s"),
    libraries=(),
    strip=("-Wl,-s",),
    imports="gelu_c.lib",
    shared=".dll",
    extension=".pyd",
)
WINDOWS_GCC = replace(WINDOWS, vectors=(UNALIGNED,), link=(*WINDOWS.link, "-static-libgcc"))
WINDOWS_MSVC = replace(WINDOWS, link=("-Wl,/implib:{imports}",), strip=())


def as_gcc(cc):
    """The command of a compiler that takes the arguments of GCC. clang-cl takes those of
    Microsoft's compiler, unless it is told otherwise."""
    is_clang_cl = Path(cc[0]).stem.lower() == "clang-cl"
    return [*cc, "--driver-mode=gcc"] if is_clang_cl and "--driver-mode=gcc" not in cc else cc
