"""The programs of docs/hosts.md print what their last comment says."""

import importlib.util
import re

import pytest
from support import ROOT
from support.hosts import run_python

PROGRAMS = re.findall(r"^```py\n(.*?)^```$", (ROOT / "docs" / "hosts.md").read_text(), re.M | re.S)
HOSTS = ["numba", "ctypes", "cffi"]


@pytest.mark.parametrize(("host", "program"), [*zip(HOSTS, PROGRAMS, strict=True)], ids=HOSTS)
def test_program(host, program):
    assert f"import {host}\n" in program
    if importlib.util.find_spec(host) is None:
        pytest.skip(f"{host} is not installed")
    wanted = re.search(r"^# prints (.*)", program, re.M)[1]
    assert run_python(program).split() == wanted.split()
