"""Flags of the compiler and the linker that no result depends on: they make the shared objects of
the package safe to load, small, and the same on every machine. The flags that results depend on
are in build_core.py."""

from platforms import defines, takes

# For linkers of ELF objects (Linux, BSD)
LINK_ELF = [
    "-Wl,-z,relro,-z,now",  # what the loader has written cannot be changed any more
    "-Wl,-z,noexecstack",  # even if an object file does not say so
    "-Wl,-s",  # no symbols: debug information names folders of the build
]

# For the extensions, the glue and runtime/ but call.c. That file, the kernels and their loops are
# without these: their buffers have fixed sizes, no caller decides how much is written to them, and
# a stack protector takes time in every call (benchmarks/NOTES.md).
HARDEN = ["-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"]

# For the kernels, call.c and gelu_c on ELF: no tables to unwind the stack, which were a fourteenth
# of the library. No exception passes through a kernel, as it calls nothing of the program. A
# debugger or profiler that stops in one does not see its caller; with
# CFLAGS=-fasynchronous-unwind-tables it does.
SMALL = ["-fno-unwind-tables", "-fno-asynchronous-unwind-tables"]


def link_flags(cc):
    """The flags to link a shared object, of a compiler command (a list)."""
    return LINK_ELF if defines(cc, "__ELF__") else []


def harden_flags(cc, flags):
    """HARDEN, or nothing if the compiler does not take it together with the user's flags: without
    optimization (-O0) the C library cannot check sizes. Sanitizers check more."""
    if any(flag.startswith("-fsanitize") for flag in flags) or not defines(cc, "__ELF__"):
        return []
    return HARDEN if takes(cc, "#include <string.h>\n", "-O2", *HARDEN, *flags) else []


def small_flags(cc):
    """The flags of the kernels."""
    return SMALL if defines(cc, "__ELF__") else []


def without_run_path(command):
    """A command to link without the folders that the interpreter was built with."""
    return [word for word in command if not word.startswith(("-Wl,-rpath", "-Wl,-R"))]
