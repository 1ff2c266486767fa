"""The programs of benchmarks/ run, with the peers that need only NumPy or a C compiler, and MKL."""

import json
import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from support import ROOT
from support.table import DTYPES

import gelu_fast
from gelu_fast._core import _ufuncs

BENCHMARKS = ROOT / "benchmarks"
FUNCTIONS = list(dict.fromkeys(row.function for row in _ufuncs.table()))
BOUNDS = {(row.function, row.dtype): row.bound_ulp for row in _ufuncs.table()}


def run(program, *options):
    command = [sys.executable, BENCHMARKS / program, *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.many
@pytest.mark.parametrize("dtype", DTYPES)
def test_compare(tmp_path, isa, dtype):
    others = ["NumPy expression", "MKL VML_HA", "rational yardstick"]
    peers = ",".join(["gelu_fast", "np.tanh", "np.exp", "np.copyto", *others])
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
        # Every peer has results or a reason for its absence.
        assert sorted({**results, **measured["absent"]}) == sorted(peers.split(","))
        assert all(r["times"]["1000"]["ns_quartiles"][1] > 0 for r in results.values())
        errors = results["gelu_fast"]["errors"]
        assert errors["data"] <= BOUNDS[function, dtype]
        assert errors["left_tail"] <= BOUNDS[function, dtype]
        with_errors = {name for name, result in results.items() if "errors" in result}
        expected = {"gelu_fast", *others, "np.tanh" if function == "tanh" else ""}
        assert with_errors == expected & results.keys()


def test_rational_yardstick(isa, monkeypatch):
    """It is close to the functions, except on the left."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    from common import rational

    if isa not in rational.ISA_FLAGS:
        pytest.skip(f"no loop for {isa}")
    x = np.linspace(-2, 20, 1003, dtype=np.float32)
    for name in rational.FUNCTIONS:
        y = np.empty_like(x)
        rational.loop(name, isa)(x.ctypes.data, y.ctypes.data, x.size)
        np.testing.assert_allclose(y, getattr(gelu_fast, name)(x), 1e-5)


def test_compare_names_what_is_not_installed(tmp_path):
    """A module that cannot be imported acts like one that is not installed."""
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


@pytest.mark.many
@pytest.mark.parametrize("dtype", DTYPES)
def test_cliff(isa, dtype):
    options = "--isa", isa, "--dtype", dtype
    text = run("cliff.py", *options, "--seconds", "0", "--functions", "gelu,tanh")
    assert f"{dtype}, {isa}, " in text
    for name in ("left tail", "subnormal", "transposed", "| gelu |", "| tanh |"):
        assert name in text


@pytest.mark.many
@pytest.mark.parametrize("dtype", DTYPES)
def test_stream(isa, dtype):
    text = run("stream.py", "--isa", isa, "--dtype", dtype, "--seconds", "0", "--sizes", "10,11")
    assert f"{isa}, {dtype}; past the caches: " in text
    sizes = (f"{2**n * np.dtype(dtype).itemsize / 2**20:g} MiB" for n in (10, 11))
    for name in ("np.copyto", "stored, sum", *sizes):
        assert name in text


def test_threads(tmp_path):
    options = "--sizes", "8192,16384", "--threads", "2,3", "--seconds", "0", "--output", tmp_path
    text = run("threads.py", *options)
    [file] = tmp_path.glob("threads-*.json")
    found = json.loads(file.read_text())["threads"]
    assert list(found) == ["gelu", "gelu_tanh"]
    for sizes in found.values():
        assert list(sizes) == ["8192", "16384"]
        for measured in sizes.values():
            assert {"gelu_fast 1", "gelu_fast 3", "limit 2"} <= measured["us"].keys()
            assert all(value > 0 for value in measured["us"].values())
    assert run("reports/show.py", file).endswith(text[text.index("`gelu`") :])


def test_show_prints_every_measurement():
    files = sorted((BENCHMARKS / "results").glob("*.json"))
    results = [json.loads(file.read_text()) for file in files]
    printed = run("reports/show.py", *files)
    for cpu, times in Counter(result["machine"]["cpu"] for result in results).items():
        assert printed.count(cpu) == times
    for result in results:
        for measured in result.get("functions", []):
            isa = result["machine"]["isa"]
            assert f"## {measured['function']}, {result['dtype']}, {isa}, " in printed


def test_show_draws_what_a_page_shows(tmp_path):
    page = (ROOT / "docs" / "speed.md").read_text()
    shown = re.search(r"]\(\.\./(benchmarks/results/.*)\.png\)", page)[1]
    run("reports/show.py", ROOT / f"{shown}.json", "--picture", tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
