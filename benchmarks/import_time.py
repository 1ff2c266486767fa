"""Times `import gelu_fast` after `import numpy`, and `import ml_dtypes`, which is a part of it.

    python benchmarks/import_time.py [--rounds 30]

Each import runs in a new process, and the processes take turns. It prints medians in ms: the time
on the clock, and the CPU time, which changes less while other programs run. The files are in the
cache of the operating system."""

import argparse
import os
import statistics
import subprocess
import sys

IMPORTS = ("gelu_fast", "ml_dtypes")
PROGRAM = """
import numpy, time
clock, cpu = time.perf_counter(), time.process_time()
import {}
print(time.perf_counter() - clock, time.process_time() - cpu)
"""


def times(module):
    command = [sys.executable, "-c", PROGRAM.format(module)]
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}  # the installed package, not the checkout
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return [1e3 * float(word) for word in done.stdout.split()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    found = {module: [] for module in IMPORTS}
    for _ in range(rounds + 1):
        for module in IMPORTS:
            found[module].append(times(module))
    for module, measured in found.items():
        clock, cpu = map(statistics.median, zip(*measured[1:], strict=True))  # the first is cold
        print(f"import {module:10} {clock:6.1f} ms, CPU time {cpu:6.1f} ms")


if __name__ == "__main__":
    main()
