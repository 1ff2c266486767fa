"""The programs of examples/pipelines and of docs/pipelines.md print what their comments say."""

import importlib.util
import json
import re
import sys

import pytest
from support import ROOT
from support.hosts import run, run_python

EXAMPLES = {
    path.stem.removeprefix("with_"): path.read_text()
    for path in sorted((ROOT / "examples" / "pipelines").glob("with_*.py"))
}
PROGRAMS = re.findall(
    r"^```py\n(.*?)^```$", (ROOT / "docs" / "pipelines.md").read_text(), re.M | re.S
)
ON_THE_PAGE = ["pyarrow", "pyarrow.compute", "duckdb"]


def check(host, program):
    if host == "files":  # of several hosts
        needed = ["safetensors", "zarr", "pyarrow"]
    else:
        assert re.search(rf"^import {host}\b", program, re.M)
        needed = [host.partition(".")[0], *(["pyarrow"] if "arrow" in program else [])]
    for package in needed:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    wanted = [" ".join(line.split()) for line in re.findall(r"^ *# prints (.*)", program, re.M)]
    printed = [" ".join(line.split()) for line in run_python(program).splitlines()]
    assert printed == wanted


@pytest.mark.slow
@pytest.mark.parametrize("host", EXAMPLES)
def test_example(host):
    check(host, EXAMPLES[host])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "program"), [*zip(ON_THE_PAGE, PROGRAMS, strict=True)], ids=ON_THE_PAGE
)
def test_page(host, program):
    check(host, program)


@pytest.mark.slow
def test_benchmark(tmp_path):
    """It measures every host that is installed, and its table has a line for each."""
    program = ROOT / "benchmarks" / "pipelines.py"
    options = ["--size", 1000, "--seconds", 0.01, "--output", tmp_path]
    printed = run(sys.executable, program, *options, env=None)
    found = json.loads((tmp_path / "pipelines.json").read_text())["hosts"]
    assert {"NumPy, masked array"} <= found.keys()
    for name, one in found.items():
        assert one["us"] > 0
        assert f"| {name} | {one['call']} | {one['kept']} |" in printed
