"""Writes the stubs of the modules whose functions come from the table:

python -m gelu_fast._tools.stubs FOLDER

FOLDER is the folder of the package in the source tree, gelu_fast. The types that the stubs use are
in ufuncs.pyi."""

import ast
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..._core.rows import Row
from ..._core.table import TABLE
from ..._gates.packed import PACKED

HEAD = "# Written by `python -m gelu_fast._tools.stubs gelu_fast` from the table: do not edit.\n"
OVERRIDES = "  # type: ignore[override]"
BASES = {(1, 1): "Unary", (2, 1): "Binary", (3, 1): "Ternary", (3, 2): "TernaryPair"}
TYPES = ["AllKeywords", "Arrays", "F", "HasArrayUfunc", "Keywords", "Operand", "Out", "Out2"]
TYPES += ["PackedGate", "Plain", "SmallF", *BASES.values()]


def main(folder: str) -> None:
    for path, text in stubs(Path(folder)).items():
        path.write_text(text)


def stubs(folder: Path) -> dict[Path, str]:
    """{path: text} of all stubs; `folder` is the folder of the package."""
    rows = list(TABLE.values())
    makers = {"": package_stub, "cuda": cuda_stub, "jax": jax_stub, "numba": numba_stub}
    makers["torch"] = torch_stub
    paths = {folder / name / "__init__.py": make for name, make in makers.items()}
    return {path.with_suffix(".pyi"): make(path.read_text(), rows) for path, make in paths.items()}


# ---- gelu_fast


def package_stub(source: str, rows: Sequence[Row]) -> str:
    names = public_names(source)
    return "".join(
        [
            HEAD,
            "\nfrom typing import Any, Unpack, overload\n",
            "\nimport numpy as np\nfrom numpy.typing import NDArray\n\n",
            *imports(source, names, [("._core.arrays", "Array, Scalar")]),
            f"from ._tools.stubs.ufuncs import (\n{listed(sorted(TYPES))})\n",
            all_names([*names, *(row.function for row in rows), *PACKED]),
            "\n__version__: str\n",
            *(ufunc_class(row) for row in one_of_each_class(rows)),
            "\n",
            *(variable(row.function, class_name(row), row.formula) for row in rows),
            *(variable(name, "PackedGate", halves(name)) for name in PACKED),
        ]
    )


def halves(name: str) -> str:
    return f"{name.removesuffix('_packed')} of the two halves of x"


def ufunc_class(row: Row) -> str:
    calls = calls_of_pair(row) if row.nout == 2 else calls_of_one(row)
    head = f"\nclass {class_name(row)}({BASES[row.nin, row.nout]}):  # type: ignore[misc]\n"
    return head + "".join(f"    @overload\n{call}" for call in calls)


def cases(nin: int) -> Iterator[tuple[list[str], str, str]]:
    """Yields the ways to call a ufunc without `out`, as (operands, keywords, a result). Type
    checkers use the first one that fits."""
    yield ["float"] * nin, "Keywords", "np.float64"
    yield ["SmallF"] * nin, "Keywords", "SmallF"
    yield ["Scalar"] * nin, "AllKeywords", "Any"
    yield ["NDArray[F]"] * nin, "Keywords", "NDArray[F]"
    for i in range(nin):
        yield ["Arrays" if i == k else "Plain" for k in range(nin)], "AllKeywords", "Array"


def calls_of_one(row: Row) -> Iterator[str]:
    """Yields the ways to call a ufunc with one result."""
    for operands, keywords, result in cases(row.nin):
        yield call(row, operands, ["/", "out: None = None"], keywords, result)
    any_operands = ["Operand"] * row.nin
    yield call(row, any_operands, ["/", "out: Out | tuple[Out]"], "AllKeywords", "Out")
    out = "out: HasArrayUfunc | tuple[HasArrayUfunc] | None = None"
    yield call(row, any_operands, ["/", out], "AllKeywords", "Any")


def calls_of_pair(row: Row) -> Iterator[str]:
    """Yields the ways to call a ufunc with two results."""
    for operands, keywords, result in cases(row.nin):
        out = "out: tuple[None, None] | None = None"
        yield call(row, operands, ["/", out], keywords, f"tuple[{result}, {result}]")
    any_operands = ["Operand"] * row.nin
    first, second = row.outputs
    for outs in ["/", "out: tuple[Out, Out2]"], [f"{first}: Out", f"{second}: Out2", "/"]:
        yield call(row, any_operands, outs, "AllKeywords", "tuple[Out, Out2]")
    out = "out: tuple[HasArrayUfunc, HasArrayUfunc] | None = None"
    yield call(row, any_operands, ["/", out], "AllKeywords", "tuple[Any, Any]")


def call(row: Row, operands: Sequence[str], outs: Sequence[str], keywords: str, result: str) -> str:
    typed = (f"{name}: {kind}" for name, kind in zip(row.inputs, operands, strict=True))
    return method([*typed, *outs, f"**keywords: Unpack[{keywords}]"], result)


# ---- gelu_fast.cuda


def cuda_stub(source: str, rows: Sequence[Row]) -> str:
    names = public_names(source)
    return "".join(
        [
            HEAD,
            "\nfrom typing import Any\n",
            "\nfrom numpy.typing import DTypeLike\n\n",
            *imports(source, names, [("._function", "Function")]),
            all_names([*names, *(row.function for row in rows)]),
            *(cuda_class(row) for row in one_of_each_class(rows)),
            "\n",
            *(variable(row.function, class_name(row), row.formula) for row in rows),
        ]
    )


def cuda_class(row: Row) -> str:
    """A class of functions for CUDA. Operands and results are Any because CuPy has no types."""
    if row.nout == 1:
        result, outs = "Any", ["/", "out: Any = None", "*"]
    else:
        result = "tuple[Any, Any]"
        outs = [*(f"{name}: Any = None" for name in row.outputs), "/", "*", "out: Any = None"]
    operands = (f"{name}: Any" for name in row.inputs)
    call = method([*operands, *outs, "dtype: DTypeLike | None = None"], result, OVERRIDES)
    return f"\nclass {class_name(row)}(Function):\n{call}"


# ---- gelu_fast.numba


def numba_stub(source: str, rows: Sequence[Row]) -> str:
    return "".join(
        [
            HEAD,
            "\nfrom typing import Any, Protocol, overload\n",
            "\nimport numpy as np\nfrom numpy.typing import NDArray\n\n",
            *imports(source, [], [(".._core.arrays", "Array, Scalar")]),
            "from .._tools.stubs.ufuncs import Arrays, F, Plain, SmallF\n",
            all_names(row.function for row in rows),
            *(plain_class(row) for row in one_of_each_class(rows)),
            "\n",
            *(variable(row.function, class_name(row), row.formula) for row in rows),
        ]
    )


def plain_class(row: Row) -> str:
    """A class of plain functions, which take what a ufunc takes without keywords."""
    calls = []
    for operands, _, result in cases(row.nin):
        typed = (f"{name}: {kind}" for name, kind in zip(row.inputs, operands, strict=True))
        results = result if row.nout == 1 else f"tuple[{', '.join([result] * row.nout)}]"
        calls.append(f"    @overload\n{method([*typed, '/'], results)}")
    return f"\nclass {class_name(row)}(Protocol):\n{''.join(calls)}"


# ---- gelu_fast.jax


def jax_stub(source: str, rows: Sequence[Row]) -> str:
    return "".join(
        [
            HEAD,
            "\nfrom typing import Protocol\n",
            "\nfrom jax import Array\nfrom jax.typing import ArrayLike\n",
            all_names(row.function for row in rows),
            *(jax_class(row) for row in one_of_each_class(rows)),
            "\n",
            *(variable(row.function, class_name(row), row.formula) for row in rows),
        ]
    )


def jax_class(row: Row) -> str:
    operands = [*(f"{name}: ArrayLike" for name in row.inputs), "/"]
    result = "Array" if row.nout == 1 else f"tuple[{', '.join(['Array'] * row.nout)}]"
    return f"\nclass {class_name(row)}(Protocol):\n{method(operands, result)}"


# ---- gelu_fast.torch

REPLACE = ("._replace", "Report, Swap, replace")


def torch_stub(source: str, rows: Sequence[Row]) -> str:
    names = public_names(source)
    return "".join(
        [
            HEAD,
            "\nfrom typing import Protocol\n",
            "\nfrom torch import Tensor, nn\n\n",
            *imports(source, names, [("._modules", "Activation"), REPLACE]),
            all_names([*names, *(row.function for row in rows)]),
            "\n# The modules: their names depend on those of the installed torch.nn.\n",
            "def __getattr__(name: str) -> type[nn.Module]: ...\n",
            *(torch_class(row) for row in one_of_each_class(rows)),
            "\n",
            *(variable(row.function, class_name(row), row.formula) for row in rows),
        ]
    )


def torch_class(row: Row) -> str:
    kind = "Tensor" if row.nin == 1 else "Tensor | float"
    result = "Tensor" if row.nout == 1 else f"tuple[{', '.join(['Tensor'] * row.nout)}]"
    operands = (f"{name}: {kind}" for name in row.inputs)
    call = method([*operands, "/", "*", f"out: {result} | None = None"], result)
    return f"\nclass {class_name(row)}(Protocol):\n{call}"


# ---- Parts of all stubs


def class_name(row: Row) -> str:
    """The name of the class of the functions that have the operands of a row."""
    return "_" + "_".join(row.inputs).title().replace("_", "")


def one_of_each_class(rows: Iterable[Row]) -> Iterable[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        first = found.setdefault(class_name(row), row)
        if (first.inputs, first.outputs) != (row.inputs, row.outputs):
            raise ValueError(f"{first.function} and {row.function} need classes of different names")
    return found.values()


def method(parameters: Iterable[str], result: str, comment: str = "") -> str:
    lines = "".join(f"        {parameter},\n" for parameter in ["self", *parameters])
    return f"    def __call__({comment}\n{lines}    ) -> {result}: ...\n"


def variable(name: str, kind: str, about: str) -> str:
    lines = textwrap.wrap(f'"""{about}"""', 100)
    return "\n".join([f"{name}: {kind}", *lines, ""])


def public_names(source: str) -> list[str]:
    """The string constants in `__all__`: the public names except the functions of the table."""
    [listed] = [
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return [str(item.value) for item in ast.walk(listed) if isinstance(item, ast.Constant)]


def imports(source: str, names: Sequence[str], more: Iterable[tuple[str, str]]) -> list[str]:
    """The imports that make these names public, and further imports, given as (module, names)."""
    found = list(more)
    for node in statements(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imported = [alias.name for alias in node.names if alias.name in names]
            found += [(module, f"{name} as {name}") for name in imported]
    return [f"from {module} import {what}\n" for module, what in sorted(found)]


def statements(module: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a module and those below `if TYPE_CHECKING`."""
    for node in module.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body
        else:
            yield node


def all_names(names: Iterable[str]) -> str:
    quoted = (f'"{name}"' for name in sorted(names))
    return f"\n__all__ = [\n{listed(quoted)}]\n"


def listed(items: Iterable[str]) -> str:
    return "".join(f"    {item},\n" for item in items)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m gelu_fast._tools.stubs FOLDER")
    main(sys.argv[1])
