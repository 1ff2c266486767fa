"""Fuzzes one Python target with atheris until an input breaks it:

python run_python.py NAME CORPUS [options and further folders of libFuzzer]

writes the target's seeds into the folder CORPUS, and what it finds. With a file instead of CORPUS
it runs this input only."""

import importlib
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# The target imports more, but only these modules guide the search.
INSTRUMENTED = {
    "npy_files": ["gelu_fast._files", "numpy.lib._format_impl", "numpy.lib.format"],
    "model_files": ["gelu_fast.nn", "fuzz"],
    "layouts": ["fuzz"],
    "arrow_data": ["gelu_fast.arrow", "fuzz"],
    "sql": ["fuzz"],
}

name = sys.argv.pop(1)
with atheris.instrument_imports(include=INSTRUMENTED[name]):
    target = importlib.import_module(f"fuzz.{name}")
if (folder := Path(sys.argv[1])).is_dir():
    for number, seed in enumerate(target.seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
atheris.Setup(sys.argv, target.check)
atheris.Fuzz()
