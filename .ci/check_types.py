"""Fails unless mypy --strict and pyright find no error in the package and in the examples of
README.md and docs/, and both refuse a function that does not exist:

python check_types.py FOLDER

It writes the files with the examples to the folder."""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import page_examples

CHECKERS = {
    "mypy": ["mypy", "--strict"],
    "pyright": ["pyright", "--warnings", "--pythonpath", sys.executable],
}
PAGES = ["README.md", *sorted(map(str, Path("docs").glob("**/*.md")))]
ANY = "from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n"
WRONG = "import gelu_fast\n\ngelu_fast.geluu(1.0)\n"


def check(checker, *files):
    command = [sys.executable, "-m", *CHECKERS[checker], *map(str, files)]
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    environment.pop("PYTHONSAFEPATH", None)  # the checkers read the package in the source tree
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def write_stubs(folder):
    """Writes stubs of the optional packages that are not installed. Without them, pyright takes
    gelu_fast/torch for torch in the files of that folder. pyproject.toml names the folder of the
    stubs, and the packages for mypy."""
    settings = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    for pattern in (pattern for each in settings for pattern in each["module"]):
        package = pattern.removesuffix(".*")
        if importlib.util.find_spec(package) is None:
            (folder / package).mkdir(parents=True, exist_ok=True)
            (folder / package / "__init__.pyi").write_text(ANY)


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_stubs(folder / "stubs")
    right, wrong = folder / "examples_of_pages.py", folder / "wrong.py"
    right.write_text(page_examples.module({page: Path(page).read_text() for page in PAGES}))
    wrong.write_text(WRONG)
    failed = False
    for checker in CHECKERS:
        run = check(checker, "gelu_fast", right)
        print(f"{checker}: {run.stdout.strip()}{run.stderr}")
        refused = check(checker, wrong)
        if accepted := refused.returncode != 1 or "geluu" not in refused.stdout:
            print(f"{checker} must refuse gelu_fast.geluu: {refused.stdout}{refused.stderr}")
        failed |= run.returncode != 0 or accepted
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
