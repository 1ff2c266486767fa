"""PyInstaller finds this folder by the entry point pyinstaller40 of the package. The hooks in it
say what an application needs beside Python files: a hook `hook-NAME.py` speaks for the module
NAME."""

from pathlib import Path


def folders() -> list[str]:
    return [str(Path(__file__).parent)]
