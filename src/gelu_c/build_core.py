"""Builds the C core: the groups of kernels (generate.py), kernels.c and lookup.c once per
instruction set, the other files of runtime/ once. setup.py calls `compile_core`. As a program it
builds a static library, with a sanitizer for example:

    python src/gelu_c/build_core.py --cc clang --flags "-O1 -fsanitize=address" build/libgelu_c.a

The generated C and the object files stay in a folder beside the library, build/libgelu_c: a header
functions/NAME.h for each function, and a file kernels_*.c for each group (loops/group.h).

With --functions the library has only these functions. The folder then has a table of its own, so it
must come before src/gelu_c in the include path of programs that include "table/each.h"."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CORE = Path(__file__).resolve().parent
sys.path.insert(0, str(CORE))

from compiler_flags import harden_flags, small_flags  # noqa: E402
from generate import TableError, write_functions, write_groups, write_shared  # noqa: E402
from platforms import PROBE, Platform, as_gcc, defines, takes  # noqa: E402
from table import functions, instruction_sets, write_part  # noqa: E402

FLAGS = ["-std=c11", "-O3", "-fno-math-errno"]  # and those of the platform
# These follow the caller's flags, which must not change results: FMA is explicit in the vocabulary,
# and arithmetic on two words depends on roundings that -ffast-math would remove.
EXACT = ["-fno-fast-math", "-ffp-contract=off"]
# A call takes at most 16 KiB of stack. 10.5 KiB are buffers (loops/function.h), which
# GF_BUFFERS_BEGIN exempts from this limit. Below them the frame of evaluate_tail is the largest, so
# 2.5 KiB are left for the others. tests/c/test_stack.c measures the sum. Sanitizers and -O0 make
# larger frames: they need -Wno-frame-larger-than.
FRAMES = "-Wframe-larger-than=3072"
# The files of runtime/ that are compiled once, without the table, beside call.c
RUNTIME = ["cpu", "cache", "cpus", "fma", "pool", "split", "stream", "threads"]
WARNINGS = ["-Wall", "-Wextra", "-Wundef", FRAMES]


def probe(cc, isa):
    """The reason why the compiler cannot build this instruction set, or None if it can."""
    if isa.architecture != "any" and not defines(cc, f"__{isa.architecture}__"):
        return f"the target is not {isa.architecture}"
    flags = required_flags(cc, isa)
    if not takes(cc, PROBE, *flags):
        return f"the compiler does not take {' '.join(flags)}"
    return None


def required_flags(cc, isa):
    """The flags without which the kernels of an instruction set cannot be built."""
    return [*isa.flags, *(Platform.of(cc).vectors if isa.flags else ())]


def kernel_flags(cc, isa):
    """The flags of the kernels of an instruction set, with those of its tuning that are known."""
    flags = required_flags(cc, isa)
    return [*flags, *(flag for flag in isa.tuning if takes(cc, PROBE, *flags, flag))]


def available(cc, report):
    """The instruction sets that the compiler can build."""
    chosen = []
    for isa in instruction_sets():
        reason = probe(cc, isa)
        if reason is None:
            chosen.append(isa)
        else:
            report(f"gelu_fast: building without {isa.name}: {reason}")
    report(f"gelu_fast: building for {', '.join(isa.name for isa in chosen)}")
    return chosen


def compile_core(cc, build_dir, flags=(), only=None, report=print):
    """Compiles the core, or only the functions named in `only`, with the command `cc` (a list), and
    returns the object files. Paths in `flags` must be absolute."""
    if os.sep in cc[0]:
        cc = [os.path.abspath(cc[0]), *cc[1:]]
    cc = as_gcc(cc)
    common = [*FLAGS, *Platform.of(cc).compile, "-fvisibility=hidden", *WARNINGS]
    isas = available(cc, report)
    with_isa = [f"-DGF_WITH_{isa.name}={int(isa in isas)}" for isa in instruction_sets()]
    build_dir = Path(build_dir)
    names = list(only or functions())
    write_functions(build_dir, names)
    shared = write_shared(build_dir)
    shutil.rmtree(build_dir / "table", ignore_errors=True)
    if only:
        write_part(build_dir / "table", names)
        # Without this, ccache would take objects that were compiled with the whole table.
        flags = [*flags, f'-DGF_ONLY="{",".join(names)}"']
    runtime = CORE / "runtime"
    jobs = []  # (source, object file without its suffix, flags), the longest first
    for isa in isas:
        tuned = [*kernel_flags(cc, isa), *small_flags(cc)]
        for group in write_groups(build_dir, isa.name, names):
            jobs.append((group, group.removesuffix(".c"), tuned))
    for isa in isas:
        name = [f"-DGF_ISA={isa.name}"]
        jobs.append((runtime / "kernels.c", f"kernels_{isa.name}", name))
        flags_of_isa = required_flags(cc, isa)
        jobs.append((runtime / "lookup.c", f"lookup_{isa.name}", [*name, *flags_of_isa]))
    exports, hardened = ["-DGF_BUILDS_LIBRARY"], harden_flags(cc, flags)
    jobs += [(runtime / f"{name}.c", name, [*exports, *hardened]) for name in RUNTIME]
    jobs.append((runtime / "call.c", "call", [*exports, *small_flags(cc)]))
    jobs.append((runtime / "dispatch.c", "dispatch", [*exports, *with_isa]))
    jobs += [(source, source.removesuffix(".c"), []) for source in shared]

    def run(job):
        source, target, extra = job
        command = [*cc, *common, *extra, *flags, *EXACT, "-I.", f"-I{CORE}", "-c", source]
        # In that folder, because with its path in the command ccache could not share results.
        subprocess.run([*command, "-o", f"{target}.o"], cwd=build_dir, check=True)
        return str(build_dir / f"{target}.o")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            return list(pool.map(run, jobs))
        finally:
            pool.shutdown(cancel_futures=True)  # after a failure, compile nothing more


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=Path, help="static library to write")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"), help="compiler command")
    parser.add_argument("--ar", default=os.environ.get("AR", "ar"), help="archiver command")
    parser.add_argument("--flags", default="", help="further compiler flags")
    parser.add_argument("--functions", nargs="+", metavar="NAME", help="only these functions")
    args = parser.parse_args()
    if unknown := set(args.functions or ()) - set(functions()):
        parser.error(f"functions.def has no {', '.join(sorted(unknown))}")
    try:
        objects = compile_core(
            shlex.split(args.cc),
            args.library.with_suffix(""),
            shlex.split(args.flags),
            args.functions,
        )
    except TableError as error:
        sys.exit(f"{error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{args.cc} failed with status {error.returncode}")
    args.library.unlink(missing_ok=True)
    subprocess.run([*shlex.split(args.ar), "rcs", str(args.library), *objects], check=True)


if __name__ == "__main__":
    main()
