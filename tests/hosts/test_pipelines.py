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
# CI installs neither Ray nor Spark, which needs Java. Their programs run where they are installed;
# examples/pipelines/README.md says with which releases they were run.
BY_HAND = ["pyspark", "ray"]
ON_THE_PAGE = ["pyarrow", "pyarrow.compute", "duckdb"]


def check(host, program):
    if host == "files":  # of several hosts
        needed = ["safetensors", "zarr", "pyarrow"]
    else:
        assert re.search(rf"^import {host}\b", program, re.M)
        needed = [
            host.partition(".")[0],
            *(["pyarrow"] if re.search("arrow|dask.dataframe", program) else []),
        ]
    for package in needed:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    wanted = [" ".join(line.split()) for line in re.findall(r"^ *# prints (.*)", program, re.M)]
    printed = [" ".join(line.split()) for line in run_python(program).splitlines()]
    assert printed == wanted


def here(host):
    return host not in BY_HAND or importlib.util.find_spec(host) is not None


@pytest.mark.slow
@pytest.mark.parametrize("host", [host for host in EXAMPLES if here(host)])
def test_example(host):
    check(host, EXAMPLES[host])


@pytest.mark.parametrize("host", BY_HAND)
def test_the_readme_says_what_is_run_by_hand(host):
    assert host in EXAMPLES
    readme = (ROOT / "examples" / "pipelines" / "README.md").read_text()
    assert re.search(rf"^\| `with_{host}.py` \| .*by hand with {host} \d", readme, re.M)


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
