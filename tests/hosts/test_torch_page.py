"""The programs of docs/torch.md print what their last comments say."""

import re

import pytest
from support import ROOT
from support.hosts import run_python

pytest.importorskip("torch", reason="torch is not installed")

PROGRAMS = re.findall(r"^```py\n(.*?)^```$", (ROOT / "docs" / "torch.md").read_text(), re.M | re.S)


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(program):
    wanted = re.search(r"^# prints (.*)\Z", program, re.M | re.S)[1]
    assert run_python(program).split() == wanted.replace("\n# ", "\n").split()


def test_programs_are_found():
    assert len(PROGRAMS) == 2
