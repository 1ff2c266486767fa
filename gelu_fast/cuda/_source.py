"""Makes the CUDA source of a kernel, as one string without includes: CuPy's cache uses only this
string as its key.

The source consists of the mathematics of the C core (src/gelu_c/math), the vocabulary of a GPU
thread (src/gelu_c/simd/cuda_*.h), and the loops of src/gelu_c/cuda/loops.h."""

import functools
import json
import lzma
import posixpath
import re
from pathlib import Path
from typing import TypedDict

from .._core.rows import Row
from . import _layout

# The build writes the sources here (write_cuda_sources in src/gelu_c/generate.py).
CORE = Path(__file__).resolve().parent / "gelu_c"

SHORT = {"float16": "F16", "bfloat16": "BF16", "float32": "F32", "float64": "F64"}


class Sources(TypedDict):
    files: dict[str, str]  # path: text
    kernels: dict[str, dict[str, str | int]]  # kernel name without the access: macros


@functools.cache
def sources() -> Sources:
    read: Sources = json.loads(lzma.decompress((CORE / "sources.json.xz").read_bytes()))
    return read


def kernel_name(row: Row, access: str) -> str:
    """The name of a kernel; `access` is "vectors" or "elements"."""
    return f"{row.function}_{SHORT[row.dtype]}_{access}"


def source(row: Row) -> str:
    """The source for the function and dtype of a row of the table."""
    words = sources()["kernels"][f"{row.function}_{SHORT[row.dtype]}"]
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
    text = "".join(lines + [files.text(part) for part in parts])
    return re.sub(r"\((\w+)\)\{", r"\1{", text)  # C's compound literals in C++'s syntax


class Files:
    """Gives the texts of files, and replaces each include by the included file."""

    def __init__(self, real: str, tables: str) -> None:
        self.real, self.tables = real, tables
        self.texts = sources()["files"]
        self.seen: set[str] = set()

    def text(self, path: str) -> str:
        if path in self.seen:
            return ""
        self.seen.add(path)
        include = re.compile(r"^#include (.+?)(?:[ \t]*/\*.*)?$\n", re.M)
        return include.sub(lambda found: self.included(path, found[1]), self.texts[path])

    def included(self, path: str, what: str) -> str:
        if what.startswith("<"):
            return ""
        if what == "TAIL_TABLES":
            return self.text(f"coeffs/tail_{self.real}.h")
        if pieces := re.fullmatch(r"PIECES_OF\((\w+)\)", what):
            table = f"coeffs/{pieces[1]}_{self.tables}.h"
            return self.text(table) if table in self.texts else ""  # other dtypes may have one
        name = what.strip('"')
        beside = posixpath.join(posixpath.dirname(path), name)
        return self.text(beside if beside in self.texts else name)
