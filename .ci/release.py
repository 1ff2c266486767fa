"""The version of a release, in the files that have it:

python release.py set 0.3.0     writes the version into the header and CITATION.cff, and gives the
                                section "Unreleased" of CHANGELOG.md this version, of today
python release.py check v0.3.0  fails unless the tag, the header, CITATION.cff and CHANGELOG.md
                                agree, and nothing is left under "Unreleased"
python release.py notes v0.3.0  prints the section of the version in CHANGELOG.md

`check` also compares the repository with the address in pyproject.toml, if GITHUB_REPOSITORY names
it."""

import datetime
import os
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT / "src" / "gelu_c" / "include" / "gelu_c.h"
CITATION, CHANGELOG = ROOT / "CITATION.cff", ROOT / "CHANGELOG.md"
PARTS = ("MAJOR", "MINOR", "PATCH")
VERSION = r"\d+\.\d+\.\d+"
SECTION = re.compile(rf"^## \[(Unreleased|{VERSION})\](?: - (\d{{4}}-\d\d-\d\d))?.*\n", re.M)


def header_version():
    text = HEADER.read_text()
    numbers = [re.search(rf"^#define GELU_C_VERSION_{part} (\d+)$", text, re.M) for part in PARTS]
    return ".".join(number[1] for number in numbers)


def cited(field):
    """A field of CITATION.cff."""
    return re.search(rf'^{field}: "?([^"\n]+)"?$', CITATION.read_text(), re.M)[1]


def sections():
    """[(version, date or None, text)] of CHANGELOG.md, the newest first."""
    text = CHANGELOG.read_text()
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        (head[1], head[2], text[head.end() : end].strip())
        for head, end in zip(heads, ends, strict=True)
    ]


def repository():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Source"]


def problems(tag):
    """What keeps this tag from being a release."""
    version = header_version()
    (first, _, unreleased), (newest, date, _) = sections()[:2]
    if tag != f"v{version}":
        yield f"the tag is {tag}, and the header has {version}"
    if first != "Unreleased" or unreleased:
        yield 'CHANGELOG.md must have an empty section "Unreleased" at its head'
    if newest != version or date is None:
        yield f"the newest section of CHANGELOG.md is {newest} of {date}, not {version} with a date"
    if (cited("version"), cited("date-released")) != (newest, date):
        yield f"CITATION.cff has {cited('version')} of {cited('date-released')}"
    if cited("repository-code") != repository():
        yield f"CITATION.cff has {cited('repository-code')}, pyproject.toml {repository()}"
    here = os.environ.get("GITHUB_REPOSITORY")
    if here and not repository().endswith(f"/{here}"):
        yield f"the repository is {here}, and pyproject.toml has {repository()}"


def set_version(version, date):
    """Writes the version into all files."""
    text = HEADER.read_text()
    for part, number in zip(PARTS, version.split("."), strict=True):
        text = re.sub(rf"(#define GELU_C_VERSION_{part}) \d+", rf"\1 {number}", text)
    HEADER.write_text(text)
    text = re.sub(r"^version: .*", f"version: {version}", CITATION.read_text(), flags=re.M)
    CITATION.write_text(re.sub(r"^date-released: .*", f'date-released: "{date}"', text, flags=re.M))
    heads = f"## [Unreleased]\n\n## [{version}] - {date}\n"
    CHANGELOG.write_text(re.sub(r"## \[Unreleased\]\n", heads, CHANGELOG.read_text(), count=1))


def main(command, argument):
    if command == "set" and re.fullmatch(VERSION, argument):
        set_version(argument, datetime.datetime.now(datetime.UTC).date())
    elif command == "check":
        sys.exit("\n".join(problems(argument)) or 0)
    elif command == "notes":
        found = {version: text for version, _, text in sections()}
        print(found[argument.removeprefix("v")])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
