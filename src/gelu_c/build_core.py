"""Builds the C core: the kernels in groups (group.h), isa.c and lookup.c once per instruction set,
the other files once. setup.py calls `compile_core`; for a static library or a sanitizer build:

    python src/gelu_c/build_core.py --cc clang --flags "-O1 -fsanitize=address" libgelu_c.a
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CORE = Path(__file__).resolve().parent
FLAGS = ["-std=c11", "-O3", "-fno-math-errno", "-fPIC", "-fvisibility=hidden"]
# After the caller's flags, which must not change results: FMA is explicit in the vocabulary, and
# the two-word arithmetic lives from the roundings that -ffast-math would simplify away.
EXACT = ["-fno-fast-math", "-ffp-contract=off"]
WARNINGS = ["-Wall", "-Wextra"]


def functions():
    """(name, number of inputs, of outputs, how 16-bit types are computed) of functions.def."""
    table = (CORE / "functions.def").read_text()
    found = re.findall(
        r"^(?:FUNCTION\((\w+), (\d)()|COMPOUND\((\w+), (\d), (\d)), (\w+),", table, re.M
    )
    return [(a or b, nin or n, nout or "1", half) for a, nin, _, b, n, nout, half in found]


def groups():
    """{(dtype, computed in, by which tables): functions}, as group.h explains."""
    made = {}
    for name, nin, nout, half in functions():
        if half == "DOUBLE":
            made.setdefault(("WIDENED", "f64", "f64"), []).append((name, nin, nout))
        for dtype, own in (("F16", "f16"), ("BF16", "bf16")):
            how = {"TABLES": ("f32", own), "FLOAT": ("f32", "f32"), "DOUBLE": ("f64", "f64")}[half]
            made.setdefault((dtype, *how), []).append((name, nin, nout))
        for dtype, real in (("F32", "f32"), ("F64", "f64")):
            made.setdefault((dtype, real, real), []).append((name, nin, nout))
    return made


def group_source(isa, dtype, real, tables, members):
    """The C file of a group."""
    words = {"ISA": isa, "DTYPE": dtype, "REAL": real, "TABLES": tables}
    lines = [f"#define GF_{name} {word}" for name, word in words.items()] + ['#include "group.h"']
    for name, nin, nout in members:
        lines += [f"#define GF_FUNCTION {name}", f"#define GF_NIN {nin}", f"#define GF_NOUT {nout}"]
        if dtype in ("F16", "BF16") and real == "f64":
            lines.append('#include "half_in_double.h"')
        else:
            lines += [f'#include "math/{name}.h"', '#include "kernel.h"']
    return "\n".join(lines) + "\n"


def isas():
    """(name, architecture, flags) of the instruction sets in isa.def, best first."""
    rows = re.findall(r'^ISA\((\w+), (\w+), "([^"]*)"', (CORE / "isa.def").read_text(), re.M)
    return [(name, architecture, flags.split()) for name, architecture, flags in rows]


def probe(cc, architecture, flags):
    """Why the compiler cannot build this instruction set, or None if it can."""
    guard = "" if architecture == "any" else f"#ifndef __{architecture}__\n#error no\n#endif\n"
    for source, extra, reason in (
        (guard, [], f"the target is not {architecture}"),
        ("int probe;\n", flags, f"the compiler does not take {' '.join(flags)}"),
    ):
        command = [*cc, *extra, "-Werror", "-x", "c", "-c", "-o", os.devnull, "-"]
        if subprocess.run(command, input=source.encode(), capture_output=True).returncode:
            return reason
    return None


def compile_core(cc, build_dir, flags=(), report=print):
    """Compiles the core with the command `cc` (a list) and returns the object files. Paths in
    `flags` are absolute."""
    if os.sep in cc[0]:
        cc = [os.path.abspath(cc[0]), *cc[1:]]
    chosen = []
    for name, architecture, isa_flags in isas():
        reason = probe(cc, architecture, isa_flags)
        if reason is None:
            chosen.append((name, isa_flags))
        else:
            report(f"gelu_fast: building without {name}: {reason}")
    report(f"gelu_fast: building for {', '.join(name for name, _ in chosen)}")
    names = [name for name, _ in chosen]
    with_isa = [f"-DGF_WITH_{name}={int(name in names)}" for name, _, _ in isas()]

    build_dir = Path(build_dir)
    build_dir.mkdir(parents=True, exist_ok=True)
    jobs = [(CORE / f"{name}.c", name, []) for name in ("cpu", "cache", "stream")]
    jobs.append((CORE / "dispatch.c", "dispatch", with_isa))
    for isa, isa_flags in chosen:
        jobs.append((CORE / "isa.c", f"isa-{isa}", [f"-DGF_ISA={isa}"]))
        jobs.append((CORE / "lookup.c", f"lookup-{isa}", [f"-DGF_ISA={isa}", *isa_flags]))
        for group, members in groups().items():
            name = "-".join(("kernels", isa, *group))
            (build_dir / f"{name}.c").write_text(group_source(isa, *group, members))
            jobs.append((f"{name}.c", name, isa_flags))
    jobs.sort(key=lambda job: "kernels" not in job[1])  # those take longest

    def run(job):
        source, target, extra = job
        command = [*cc, *FLAGS, *WARNINGS, *extra, *flags, *EXACT, f"-I{CORE}", "-c", source]
        # In that folder, as its name would keep ccache from knowing what it compiled in another.
        subprocess.run([*command, "-o", f"{target}.o"], cwd=build_dir, check=True)
        return str(build_dir / f"{target}.o")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run, jobs))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", help="static library to write")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"), help="compiler command")
    parser.add_argument("--ar", default=os.environ.get("AR", "ar"), help="archiver command")
    parser.add_argument("--flags", default="", help="further compiler flags")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as build_dir:
        try:
            objects = compile_core(shlex.split(args.cc), build_dir, shlex.split(args.flags))
        except subprocess.CalledProcessError as error:
            sys.exit(f"{args.cc} failed with status {error.returncode}")
        Path(args.library).parent.mkdir(parents=True, exist_ok=True)
        Path(args.library).unlink(missing_ok=True)
        subprocess.run([*shlex.split(args.ar), "rcs", args.library, *objects], check=True)


if __name__ == "__main__":
    main()
