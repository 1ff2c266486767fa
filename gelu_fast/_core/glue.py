"""Where the compiled glue of a host is, which src/gelu_c/build_glue.py makes."""

from pathlib import Path

from .library import PACKAGE

REINSTALL = (
    "pip install --no-build-isolation --no-deps --force-reinstall --no-binary gelu_fast gelu_fast"
)


def glue_of(host: str) -> Path:
    """The path of the glue of gelu_fast/HOST, which is compiled with headers of the package HOST.

    Raises ImportError if gelu_fast was built without them.
    """
    for suffix in (".so", ".dll"):
        path = PACKAGE / host / f"glue{suffix}"
        if path.exists():
            return path
    raise ImportError(
        f"gelu_fast was built without {host}, so it has no code that {host} can call: install "
        f"{host}, Cython, numpy and setuptools, and build gelu_fast again with `{REINSTALL}`"
    )
