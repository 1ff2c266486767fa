"""PyInstaller finds this folder by the entry point pyinstaller40 of the package. The hook in it
says that an application needs the sources of the CUDA kernels, which are no Python files."""

from pathlib import Path


def folders() -> list[str]:
    return [str(Path(__file__).parent)]
