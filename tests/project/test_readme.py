"""The examples of README.md give what it shows; its tables are those of the last measurements."""

import doctest
import re
import subprocess
import sys

import pytest
from support import ROOT
from support.c_programs import C11, CC, build

from gelu_fast._cli.command import main

README = (ROOT / "README.md").read_text()


def blocks(language):
    """The fenced blocks of README.md in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)
    assert found, language
    return found


def test_python(isa):
    for block in blocks("python"):
        test = doctest.DocTestParser().get_doctest(block, {}, "README.md", None, 0)
        assert test.examples
        report = []
        doctest.DocTestRunner().run(test, out=report.append)
        assert not report, "".join(report)


@pytest.mark.slow
def test_c(tmp_path):
    """The program prints the numbers that its last comment lists."""
    [block] = blocks("c")
    source = tmp_path / "example.c"
    source.write_text(block)
    program = build("readme_example", [source], [*CC, *C11])
    printed = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    assert re.search(r"// prints (.*)", block)[1].split() == printed.split()


@pytest.mark.slow
@pytest.mark.parametrize("command", re.findall(r"^\$ gelu-fast (.* docs/images/.*)$", README, re.M))
def test_pictures(command, tmp_path, monkeypatch, capfd):
    """The commands of the pictures that are shown; each picture is there."""
    *arguments, picture = command.split()
    assert f"]({picture})" in README
    assert (ROOT / picture).is_file()
    monkeypatch.chdir(ROOT)
    assert main([*arguments, str(tmp_path / "figure.png")]) == 0
    assert capfd.readouterr().err == ""


def test_tables():
    command = [sys.executable, ROOT / "benchmarks" / "reports" / "readme_tables.py", "--check"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
