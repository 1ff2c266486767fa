"""Makes the CUDA source of a kernel, as one string without includes: CuPy's cache uses only this
string as its key.

The source consists of the mathematics of the C core (src/gelu_c/math), the vocabulary of a GPU
thread (src/gelu_c/simd/cuda_*.h), and the loops of src/gelu_c/cuda/loops.h."""

import functools
import json
import re
from pathlib import Path

from .._core.rows import Row
from . import _layout

# The build copies the sources here (write_cuda_sources in src/gelu_c/generate.py).
CORE = Path(__file__).resolve().parent / "gelu_c"

SHORT = {"float16": "F16", "bfloat16": "BF16", "float32": "F32", "float64": "F64"}


@functools.cache
def macros() -> dict[str, dict[str, str | int]]:
    """{kernel name without the access: macros}"""
    words: dict[str, dict[str, str | int]] = json.loads((CORE / "kernels.json").read_text())
    return words


def kernel_name(row: Row, access: str) -> str:
    """The name of a kernel; `access` is "vectors" or "elements"."""
    return f"{row.function}_{SHORT[row.dtype]}_{access}"


def source(row: Row) -> str:
    """The source for the function and dtype of a row of the table."""
    words = macros()[f"{row.function}_{SHORT[row.dtype]}"]
    words = {**words, "OUTER_MAX": _layout.OUTER_MAX, "THREADS": _layout.THREADS}
    files = Files(str(words["REAL"]), str(words["TABLES"]))
    parts = [
        "cuda/prelude.h",
        f"simd/cuda_{words['REAL']}.h",
        "loops/elements.h",
        f"functions/{row.function}.h",
        "cuda/loops.h",
    ]
    lines = [f"#define GF_{name} {word}\n" for name, word in words.items()]
    text = "".join(lines + [files.text(CORE / part) for part in parts])
    return re.sub(r"\((\w+)\)\{", r"\1{", text)  # C's compound literals in C++'s syntax


class Files:
    """Reads files and replaces each include by the included file."""

    def __init__(self, real: str, tables: str) -> None:
        self.real, self.tables = real, tables
        self.seen: set[Path] = set()

    def text(self, path: Path) -> str:
        if path in self.seen:
            return ""
        self.seen.add(path)
        include = re.compile(r"^#include (.+?)(?:[ \t]*/\*.*)?$\n", re.M)
        return include.sub(lambda found: self.included(path, found[1]), path.read_text())

    def included(self, path: Path, what: str) -> str:
        if what.startswith("<"):
            return ""
        if what == "TAIL_TABLES":
            return self.text(CORE / "coeffs" / f"tail_{self.real}.h")
        if pieces := re.fullmatch(r"PIECES_OF\((\w+)\)", what):
            table = CORE / "coeffs" / f"{pieces[1]}_{self.tables}.h"
            return self.text(table) if table.exists() else ""  # other dtypes may have one
        name = what.strip('"')
        beside = path.parent / name
        return self.text(beside if beside.exists() else CORE / name)
