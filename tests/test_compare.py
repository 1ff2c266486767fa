"""The programs of benchmarks/ run, with the peers that need no more than NumPy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gelu_fast import _ufuncs

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
FUNCTIONS = list(dict.fromkeys(row["function"] for row in _ufuncs.table()))
BOUNDS = {(row["function"], row["dtype"]): row["bound_ulp"] for row in _ufuncs.table()}


def run(program, *options):
    command = [sys.executable, BENCHMARKS / program, *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_compare(tmp_path, isa, dtype):
    peers = "gelu_fast,NumPy expression,np.tanh,np.exp,np.copyto"
    text = run(
        "compare.py", "--quick", "--isa", isa, "--dtype", dtype, "--peers", peers,
        "--functions", ",".join(FUNCTIONS), "--sizes", "1000", "--json", tmp_path / "found.json",
    )  # fmt: skip
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["machine"]["isa"] == isa
    assert [measured["function"] for measured in found["functions"]] == FUNCTIONS
    for measured in found["functions"]:
        function, results = measured["function"], measured["peers"]
        assert f"{function}, {dtype}, {isa}" in text
        # Nobody is dropped in silence.
        assert sorted({**results, **measured["absent"]}) == sorted(peers.split(","))
        assert all(r["times"]["1000"]["ns_quartiles"][1] > 0 for r in results.values())
        errors = results["gelu_fast"]["errors"]
        assert errors["data"] <= BOUNDS[function, dtype]
        assert errors["left_tail"] <= BOUNDS[function, dtype]
        with_errors = {name for name, result in results.items() if "errors" in result}
        expected = {"gelu_fast", "NumPy expression", "np.tanh" if function == "tanh" else ""}
        assert with_errors == expected & results.keys()


def test_compare_names_what_is_not_installed(tmp_path):
    """A module that cannot be imported stands in for one that is not installed."""
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('no torch', name='torch')")
    path = filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    options = ["--quick", "--functions", "gelu", "--peers", "gelu_fast,PyTorch"]
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "compare.py", *options],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "PyTorch: not installed (torch)" in done.stdout


def test_cliff(isa):
    text = run("cliff.py", "--isa", isa, "--seconds", "0", "--functions", "gelu,tanh")
    assert f"{isa}, " in text
    for name in ("left tail", "subnormal", "transposed", "| gelu |", "| tanh |"):
        assert name in text


def test_stream(isa):
    text = run("stream.py", "--isa", isa, "--seconds", "0", "--sizes", "10,11")
    assert f"{isa}; past the caches: " in text
    for name in ("np.copyto", "stored, sum", "0.00390625 MiB", "0.0078125 MiB"):
        assert name in text
