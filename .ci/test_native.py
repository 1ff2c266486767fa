"""Installs gelu_fast from this checkout into a new virtual environment, and runs the tests that
each wheel has to pass (tool.cibuildwheel in pyproject.toml):

python .ci/test_native.py oldest|newest     the oldest NumPy of pyproject.toml, or the newest

It runs on Linux, macOS and Windows; `make test` runs all tests, on Linux."""

import os
import platform
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEELS = PROJECT["tool"]["cibuildwheel"]
FOLDER = ROOT / "build" / "venv-native"


def numpy(which):
    [oldest] = re.findall(r"numpy>=([\d.]+)", PROJECT["project"]["dependencies"][0])
    return {"oldest": f"numpy=={oldest}.*", "newest": "numpy"}[which]


def compiler(python, pip):
    """The compiler of the wheels, where it is not the usual one."""
    if sys.platform != "win32" or "CC" in os.environ:
        return {}
    if platform.machine() != "ARM64":
        return {"CC": WHEELS["windows"]["environment"]["CC"]}
    [settings] = [x for x in WHEELS["overrides"] if x["select"] == "*-win_arm64"]
    pip(*settings["before-build"].split()[1:])
    return {"CC": settings["environment"]["CC"].replace("python", python.as_posix(), 1)}


def main(which):
    venv.create(FOLDER, with_pip=True, clear=True)
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}

    def run(*arguments):
        subprocess.run([python, *arguments], check=True, cwd=FOLDER, env=environment)

    environment.update(compiler(python, lambda *words: run("-m", "pip", *words)))
    run("-m", "pip", "install", "--quiet", ROOT, numpy(which), *WHEELS["test-requires"])
    run(*WHEELS["test-command"].format(project=ROOT).split()[1:])


if __name__ == "__main__":
    main(*sys.argv[1:])
