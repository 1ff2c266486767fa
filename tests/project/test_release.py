"""The files of a release agree: version, date, address, what is supported."""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from support import ROOT

import gelu_fast

PATH = ROOT / ".ci" / "release.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
METADATA = importlib.metadata.metadata("gelu_fast")
NAMED = ("CHANGELOG.md", "CITATION.cff", "pyproject.toml", "src/gelu_c/include/gelu_c.h")


def loaded(path):
    spec = importlib.util.spec_from_file_location("release", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


release = loaded(PATH)


@pytest.fixture
def copied(tmp_path):
    """release.py beside copies of the files that it reads and writes."""
    for name in (*NAMED, ".ci/release.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return loaded(tmp_path / ".ci" / "release.py")


def test_version():
    assert gelu_fast.__version__ == release.header_version() == METADATA["Version"]
    assert gelu_fast.__version__ == release.cited("version")


def test_the_version_is_in_no_other_file():
    """The changelog has it, too, and pages that say what was measured with which version."""
    version = re.escape(gelu_fast.__version__)
    text = {path: (ROOT / path).read_text() for path in ("pyproject.toml", "setup.py")}
    text |= {path: path.read_text() for path in (ROOT / "gelu_fast").rglob("*.py")}
    found = [path for path, content in text.items() if re.search(rf"\b{version}\b", content)]
    assert not found


def test_changelog():
    """Keep a Changelog: an Unreleased section, then versions with dates, the newest first."""
    (first, none, _), *versions = release.sections()
    assert (first, none) == ("Unreleased", None)
    assert versions[0][:2] == (gelu_fast.__version__, release.cited("date-released"))
    dates = [date for _, date, _ in versions]
    assert None not in dates
    assert dates == sorted(dates, reverse=True)
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    heads = re.findall(r"^(#+) (.*)", release.CHANGELOG.read_text(), re.M)
    assert {text for level, text in heads if level == "###"} <= kinds
    assert len([text for level, text in heads if level == "##"]) == len(versions) + 1


def test_citation():
    assert release.cited("cff-version") == "1.2.0"
    for field in ("message", "title", "type"):  # required
        assert release.cited(field)
    assert f"- name: {METADATA['Author']}\n" in release.CITATION.read_text()
    assert release.cited("license") == PROJECT["license"]
    assert release.cited("repository-code") == release.repository()
    assert release.cited("abstract") == PROJECT["description"]


def test_license_names_the_authors():
    assert METADATA["Author"].removeprefix("The ") in (ROOT / "LICENSE").read_text()


def test_addresses_are_of_one_repository():
    links = dict(url.split(", ") for url in METADATA.get_all("Project-URL"))
    assert {"Source", "Documentation", "Changelog", "Issues"} <= set(links)
    assert all(link.startswith("https://") for link in links.values())
    for name, path in (("Changelog", "CHANGELOG.md"), ("Issues", "issues")):
        assert links[name].startswith(f"{release.repository()}/")
        assert links[name].endswith(path)


def test_classifiers():
    """They have the versions of Python from the oldest on, and what installers and PyPI show."""
    found = METADATA.get_all("Classifier")
    assert found == sorted(found)
    minors = [int(m[1]) for x in found if (m := re.fullmatch(r"Programming .* 3\.(\d+)", x))]
    assert PROJECT["requires-python"] == f">=3.{minors[0]}"
    assert minors == list(range(minors[0], minors[-1] + 1))
    assert "Typing :: Typed" in found
    assert (ROOT / "gelu_fast" / "py.typed").is_file()
    assert not [x for x in found if x.startswith("License")]  # the expression says it


def test_guide_says_which_versions_are_supported():
    rows = dict(re.findall(r"^\| (Python|NumPy) \| ([\d.]+) \|", guide(), re.M))
    assert PROJECT["requires-python"] == f">={rows['Python']}"
    assert PROJECT["dependencies"] == [f"numpy>={rows['NumPy']}"]
    setup = (ROOT / "setup.py").read_text()
    assert f"NPY_{rows['NumPy'].replace('.', '_')}_API_VERSION" in setup
    assert f'"cp{rows["Python"].replace(".", "")}"' in setup


def guide():
    return (ROOT / "docs" / "guide.md").read_text()


def test_links_of_the_description_are_absolute():
    """PyPI shows README.md, where relative links and pictures lead nowhere."""
    assert METADATA["Description-Content-Type"] == "text/markdown"
    text = METADATA.get_payload() or METADATA["Description"]
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert len(targets) == len(re.findall(r"\]\(", (ROOT / "README.md").read_text()))
    assert all(target.startswith(("https://", "#")) for target in targets)
    ours = [target for target in targets if target.startswith(release.repository())]
    for target in ours:
        kind, tag, path = target.removeprefix(f"{release.repository()}/").split("/", 2)
        assert kind == ("raw" if path.endswith((".png", ".svg")) else "blob")
        assert tag == f"v{gelu_fast.__version__}"
        assert (ROOT / path.partition("#")[0]).exists()
    assert len(ours) > 5


# ---- .ci/release.py


def with_empty_unreleased(module):
    """Removes what is under Unreleased, as long as the next release is being written."""
    text = module.CHANGELOG.read_text()
    module.CHANGELOG.write_text(
        re.sub(r"(## \[Unreleased\]\n).*?(?=^## )", r"\1\n", text, flags=re.S | re.M)
    )


def test_check_accepts_the_tag(copied, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with_empty_unreleased(copied)
    assert list(copied.problems(f"v{gelu_fast.__version__}")) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "problem"),
    [
        ("src/gelu_c/include/gelu_c.h", "VERSION_PATCH 0", "VERSION_PATCH 9", "the tag is v"),
        ("CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n- More.\n", "an empty section"),
        ("CHANGELOG.md", f"[{gelu_fast.__version__}] - ", "[9.9.9] - ", "section of CHANGELOG.md"),
        ("CITATION.cff", "\nversion: ", "\nversion: 9", "CITATION.cff has 9"),
        ("CITATION.cff", 'date-released: "20', 'date-released: "19', "of 19"),
        ("CITATION.cff", "repository-code: https://", "repository-code: https://x.", "https://x."),
    ],
)
def test_check_refuses(copied, monkeypatch, path, old, new, problem):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with_empty_unreleased(copied)
    text = (copied.ROOT / path).read_text()
    assert text.count(old) == 1
    (copied.ROOT / path).write_text(text.replace(old, new))
    assert problem in "\n".join(copied.problems(f"v{gelu_fast.__version__}"))


def test_check_refuses_another_repository(copied, monkeypatch):
    with_empty_unreleased(copied)
    monkeypatch.setenv("GITHUB_REPOSITORY", "somebody/fork")
    [problem] = copied.problems(f"v{gelu_fast.__version__}")
    assert problem.startswith("the repository is somebody/fork, and pyproject.toml has https://")
    monkeypatch.setenv("GITHUB_REPOSITORY", "/".join(copied.repository().split("/")[-2:]))
    assert list(copied.problems(f"v{gelu_fast.__version__}")) == []


def test_set_writes_the_version(copied, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    command = [sys.executable, copied.__file__]
    subprocess.run([*command, "set", "3.14.15"], check=True)
    assert copied.header_version() == copied.cited("version") == "3.14.15"
    assert copied.sections()[1][1] == copied.cited("date-released")
    subprocess.run([*command, "check", "v3.14.15"], check=True)
    command += ["notes", f"v{gelu_fast.__version__}"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.strip() == release.sections()[1][2]
