"""README.md and docs/*.md: the examples give the shown output, the links lead to files, and the
tables agree with the last measurements."""

import doctest
import os
import re
import subprocess
import sys

import pytest
from support import ROOT
from support.c_programs import C11, CC, build

from gelu_fast._cli.command import main

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}


def blocks(language):
    """Returns (page, text) of each fenced block in a language."""
    found = [
        (page, block)
        for page, text in PAGES.items()
        for block in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    ]
    assert found, language
    return found


def test_python(isa):
    for page, block in blocks("python"):
        test = doctest.DocTestParser().get_doctest(block, {}, page, None, 0)
        assert test.examples, page
        report = []
        doctest.DocTestRunner().run(test, out=report.append)
        assert not report, "".join(report)


@pytest.mark.slow
def test_c(tmp_path):
    """The program prints the numbers that its last comment lists. The other blocks are parts."""
    [block] = [block for _, block in blocks("c") if "int main" in block]
    source = tmp_path / "example.c"
    source.write_text(block)
    program = build("readme_example", [source], [*CC, *C11])
    printed = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    assert re.search(r"// prints (.*)", block)[1].split() == printed.split()


COMMANDS = [
    (page, command)
    for page, text in PAGES.items()
    for command in re.findall(r"^\$ gelu-fast (.* docs/images/.*)$", text, re.M)
]
assert COMMANDS


@pytest.mark.slow
@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_pictures(page, command, tmp_path, monkeypatch, capfd):
    """Each command of a picture runs, and its page shows the picture, which exists."""
    *arguments, picture = command.split()
    assert f"]({os.path.relpath(picture, os.path.dirname(page))})" in PAGES[page]
    assert (ROOT / picture).is_file()
    monkeypatch.chdir(ROOT)
    assert main([*arguments, str(tmp_path / "figure.png")]) == 0
    assert capfd.readouterr().err == ""


def anchors(text):
    """Returns the anchors that GitHub makes from the headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links(page):
    """Relative links lead to existing files and headings."""
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file.read_text()), target


def test_readme_is_short_and_leads_to_every_page():
    readme = PAGES["README.md"]
    assert len(readme.splitlines()) <= 160
    for page in PAGES:
        assert page == "README.md" or re.search(rf"\]\({page}[)#]", readme), page


def test_tables():
    command = [sys.executable, ROOT / "benchmarks" / "reports" / "readme_tables.py", "--check"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
