"""The CUDA source of a kernel as one string without includes, for CuPy's cache looks at nothing
else.

It is the mathematics of the C core (src/gelu_c/math) in the vocabulary of a GPU's thread
(src/gelu_c/simd/cuda_*.h), and the loops of src/gelu_c/cuda/kernel.h."""

import re
from pathlib import Path

from .._core.rows import Row

HERE = Path(__file__).resolve().parent
# In a wheel the files lie beside this one (setup.py), in a source tree where they belong.
CORE = HERE / "gelu_c" if (HERE / "gelu_c").is_dir() else HERE.parents[1] / "src" / "gelu_c"

SHORT = {"float16": "F16", "bfloat16": "BF16", "float32": "F32", "float64": "F64"}


def kernel_name(row: Row, kind: str) -> str:
    """`kind` is "vectors" or "elements"."""
    return f"{row.function}_{SHORT[row.dtype]}_{kind}"


def source(row: Row) -> str:
    """The source of the function and dtype of a row of the table (`_ufuncs.table()`)."""
    dtype = SHORT[row.dtype]
    real, tables = kind(dtype, row.half)
    words = {
        "DTYPE": dtype,
        "REAL": real,
        "TABLES": tables,
        "FUNCTION": row.function,
        "NIN": row.nin,
        "NOUT": row.nout,
    }
    files = Files(real, tables)
    parts = [
        "cuda/prelude.h",
        f"simd/cuda_{real}.h",
        "words.h",
        "math/parts/compiler.h",
        "math/parts/two_results.h",
        f"math/{row.function}.h",
        "apply.h",
        "cuda/kernel.h",
    ]
    lines = [f"#define GF_{name} {word}\n" for name, word in words.items()]
    text = "".join(lines + [files.text(CORE / part) for part in parts])
    return re.sub(r"\((\w+)\)\{", r"\1{", text)  # what C calls a compound literal, C++ spells so


def kind(dtype: str, half: str) -> tuple[str, str]:
    """What a dtype is computed in, and by which tables."""
    if dtype in ("F32", "F64"):
        return dtype.lower(), dtype.lower()
    return {"TABLES": ("f32", dtype.lower()), "FLOAT": ("f32", "f32"), "DOUBLE": ("f64", "f64")}[
        half
    ]


class Files:
    """Files with what they include in its place."""

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
        if rows := re.fullmatch(r"ROWS_OF\((\w+)\)", what):
            table = CORE / "coeffs" / f"{rows[1]}_{self.tables}.h"
            return self.text(table) if table.exists() else ""  # one for other dtypes than this
        name = what.strip('"')
        beside = (path.parent / name).resolve()
        return self.text(beside if beside.exists() else CORE / name)
