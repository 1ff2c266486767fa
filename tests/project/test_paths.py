"""Every path in README.md and CONTRIBUTING.md exists, and so does the target of every link."""

import os
import re
from pathlib import Path, PurePosixPath

import pytest
from support import ROOT

SOURCES = {".c", ".cpp", ".def", ".h", ".md", ".py", ".pyi", ".pyx", ".sh", ".toml"}
WORD = re.compile(r"(?<![<\w])[\w.*{},-]+(?:/[\w.*{},-]+)*/?")
NOT_HERE = re.compile(r"^(build|dist)/|NAME")  # build products, and the placeholder NAME
NOT_OURS = re.compile(r"\.(?!ci$).*|build|dist|__pycache__|.*\.egg-info")  # folders to skip


@pytest.fixture(scope="module")
def paths():
    """Returns the paths of all files and folders of the project, relative to the root."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not NOT_OURS.fullmatch(name)]
        found += [(Path(folder) / name).relative_to(ROOT).as_posix() for name in folders + files]
    return found


def code(text):
    """Returns the fenced blocks, code spans and comments of a page."""
    fences = re.findall(r"^```\w*\n(.*?)^```$", text, re.M | re.S)
    rest = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    return [*fences, *re.findall(r"`([^`]+)`", rest), *re.findall(r"<!--(.*?)-->", rest, re.S)]


def alternatives(path):
    """Returns the paths for each choice in {a,b}."""
    braces = re.search(r"\{([^{}]*)\}", path)
    if not braces:
        return [path]
    before, after = path[: braces.start()], path[braces.end() :]
    return [p for part in braces[1].split(",") for p in alternatives(before + part + after)]


def named(text, folders):
    """Yields the paths in the code of a page: paths in an existing folder, and names of sources."""
    examples = re.findall(r"^(?:FUNCTION|COMPOUND)\((\w+)", text, re.M)
    for word in WORD.findall("\n".join(code(text))):
        for path in alternatives(word.rstrip(".,")):
            first, *others = path.split("/")
            if not others and PurePosixPath(path).suffix not in SOURCES:
                continue
            if others and first not in folders and PurePosixPath(path).suffix not in SOURCES:
                continue
            if not NOT_HERE.search(path) and not any(name in path for name in examples):
                yield path


def is_there(path, paths):
    """Returns whether a path exists, from the root or from any folder; * is any part of a name."""
    pattern = re.escape(path.rstrip("/")).replace(r"\*", "[^/]*")
    return any(re.search(f"(^|/){pattern}$", there) for there in paths)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md"])
def test_named_paths_exist(page, paths):
    folders = {path.rsplit("/", 1)[-1] for path in paths if (ROOT / path).is_dir()}
    found = list(named((ROOT / page).read_text(), folders))
    assert len(found) >= (20 if page == "CONTRIBUTING.md" else 1)
    assert [path for path in found if not is_there(path, paths)] == []


def test_links_lead_somewhere(paths):
    pages = [path for path in paths if path.endswith(".md")]
    assert {"README.md", "CONTRIBUTING.md", "docs/speed.md"} <= set(pages)
    missing = []
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            target = link.partition("#")[0]
            if "://" not in target and not ((ROOT / page).parent / target).exists():
                missing.append((page, link))
    assert not missing
