"""Runs the fuzz targets, several at a time, until an input breaks one or the time is over:

    python tests/fuzz/fuzz.py --seconds 60 --build build/fuzz [TARGET ...]

A target begins with its seeds and with the inputs in corpus/. The build folder keeps what it found
for the next run, and the logs. An input that breaks a target is printed as a command that repeats
it; the status is then 1."""

import argparse
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
C_TARGET = "calls"
# Of Python's targets, the first ones have the longest runs.
PYTHON_TARGETS = ["layouts", "arrow_data", "sql", "npy_files", "model_files"]
SANITIZERS = "address,undefined"


def build_calls(folder, library):
    """Compiles the C target with libFuzzer, and links it with a core that GCC has built with
    sanitizers: libFuzzer sees only the target's branches, but ccache has this core already."""
    program = folder / "fuzz_calls"
    root = HERE.parents[1]
    command = ["clang", "-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"]
    command += [f"-I{root / 'src/gelu_c/include'}", f"-fsanitize=fuzzer,{SANITIZERS}"]
    command += ["-fno-sanitize-recover=all", "-o", program, HERE / "fuzz_calls.c", library]
    subprocess.run([*command, "-lm", "-pthread"], check=True)
    return [program]


def run(name, command, folder, seconds):
    """(name, number of inputs, whether one of them broke the target)"""
    corpus, broken = folder / "corpus" / name, folder / "broken" / name
    for each in (corpus, broken):
        each.mkdir(parents=True, exist_ok=True)
    found = HERE / "corpus" / name
    options = [f"-max_total_time={seconds}", "-timeout=60", "-max_len=4096", "-rss_limit_mb=4096"]
    options += [f"-artifact_prefix={broken}/", "-print_final_stats=1"]
    command = [*map(str, command)]
    whole = [*command, str(corpus), *options, *([str(found)] if found.is_dir() else [])]
    log = folder / f"{name}.log"
    with log.open("w") as file:
        status = subprocess.run(whole, stdout=file, stderr=subprocess.STDOUT).returncode
    text = log.read_text(errors="replace")
    count = re.search(r"number_of_executed_units: (\d+)", text)
    written = re.search(r"Test unit written to (\S+)", text)
    if status or not count:
        print(text[-6000:])
        repeat = f"{shlex.join(command)} {written[1]}" if written else "see above"
        print(f"{name} is broken; to repeat it: {repeat}")
    return name, int(count[1]) if count else 0, bool(status or not count)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="the targets; default: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="targets at a time")
    parser.add_argument("--build", type=Path, default=Path("build/fuzz"), help="folder to write")
    parser.add_argument("--library", type=Path, help="core with sanitizers, for the C target")
    args = parser.parse_args()
    folder = args.build.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    names = args.targets or [C_TARGET, *PYTHON_TARGETS]
    if unknown := set(names) - {C_TARGET, *PYTHON_TARGETS}:
        parser.error(f"unknown target: {', '.join(sorted(unknown))}")
    python = [sys.executable, "-W", "ignore", HERE / "run_python.py"]
    commands = {name: [*python, name] for name in PYTHON_TARGETS}
    if C_TARGET in names:
        commands[C_TARGET] = build_calls(folder, args.library or folder / "libgelu_c.a")
    with ThreadPoolExecutor(args.jobs) as pool:
        done = list(pool.map(lambda name: run(name, commands[name], folder, args.seconds), names))
    for name, count, is_broken in done:
        print(f"{name:12} {count:9} inputs, {'BROKEN' if is_broken else 'ok'}")
    return any(is_broken for _, _, is_broken in done)


if __name__ == "__main__":
    sys.exit(main())
