"""Writes C from the table: for each function the header functions/NAME.h, which the loops and the
CUDA kernels include, and for each group of kernels the file that is compiled (loops/group.h)."""

import ast
import json
import lzma
import re
import sys
from functools import cache
from pathlib import Path

CORE = Path(__file__).resolve().parent
sys.path.insert(0, str(CORE))

from table import bounds, functions  # noqa: E402

NOTE = " * Written by generate.py from table/functions.def."
PLACEHOLDER = '"where it comes from"'  # the source of the example in CONTRIBUTING.md


class TableError(Exception):
    """The table and the files of mathematics do not fit together; the message names the file."""


@cache
def math_file(name):
    """The file of mathematics of a function, relative to the core, or None if it has none."""
    for folder in ("math", "math/backward"):
        if (CORE / folder / f"{name}.h").exists():
            return f"{folder}/{name}.h"
    return None


@cache
def has_tail(name):
    """Whether the function has a tail. Raises TableError if its file does not say so, or lacks a
    function that it must define."""
    file = math_file(name)
    if file is None:
        return any(has_tail(called) for called in calls_of(name))
    text = (CORE / file).read_text()
    said = re.search(rf"^#define {name}_HAS_TAIL ([01])$", text, re.M)
    if not said:
        raise TableError(f"src/gelu_c/{file} does not define {name}_HAS_TAIL as 1 or 0")
    for word in (f"v_{name}_tail", f"v_{name}_in_tail"):
        defined = re.search(rf"\b{word}\(.*{{|#define {word}\b", text) is not None
        if defined != (said[1] == "1"):
            verb = "defines" if defined else "does not define"
            raise TableError(f"src/gelu_c/{file} says {name}_HAS_TAIL {said[1]}, but {verb} {word}")
    if not re.search(rf"\bv_{name}\(", text):
        raise TableError(f"src/gelu_c/{file} does not define v_{name}")
    return said[1] == "1"


NEAR_ZERO = ("CONSTANT", "X", "HALF_X")


@cache
def near_zero(name):
    """What the file of a function says that it is next to 0 (loops/near_zero.h), or UNKNOWN."""
    text = (CORE / math_file(name)).read_text() if math_file(name) else ""
    said = re.search(rf"^#define {name}_NEAR_ZERO (\w+)$", text, re.M)
    if said and said[1] not in NEAR_ZERO:
        raise TableError(f"{math_file(name)}: {name}_NEAR_ZERO is {said[1]}, not {NEAR_ZERO}")
    return said[1] if said else "UNKNOWN"


def expressions(name):
    """The definition of a function without a file, as an expression for each output."""
    tree = ast.parse(functions()[name].definition, mode="eval").body
    return tree.elts if isinstance(tree, ast.Tuple) else [tree]


def calls_of(name):
    """The functions that the definition calls, each once; min and max are words."""
    nodes = [node for tree in expressions(name) for node in ast.walk(tree)]
    called = [node.func.id for node in nodes if isinstance(node, ast.Call)]
    called = [f for f in called if f not in ("min", "max")]
    if unknown := [f for f in called if f not in functions() or not math_file(f)]:
        raise TableError(
            f"functions.def: {name} has no file src/gelu_c/math/{name}.h, and its definition "
            f"calls {unknown[0]}, which has none either"
        )
    return list(dict.fromkeys(called))


def in_c(tree, call):
    """An expression in the words of the vocabulary; call(name, arguments, factor) makes that of a
    call, times a factor if there is one."""

    def called(tree, *factor):
        return call(tree.func.id, ", ".join(in_c(each, call) for each in tree.args), *factor)

    match tree:
        case ast.Name():
            return tree.id
        case ast.Constant(int()) | ast.UnaryOp(ast.USub(), ast.Constant(int())):
            return f"v_set({ast.unparse(tree)})"
        case ast.Call(ast.Name("min" | "max" as word), [x, y]):  # x if it is NaN
            return f"v_{word}({in_c(y, call)}, {in_c(x, call)})"
        case ast.Call():
            return called(tree)
        case ast.Compare(x, [ast.LtE() | ast.GtE() as order], [y]):  # 1 or 0
            x, y = in_c(x, call), in_c(y, call)
            opposite = f"{y}, {x}" if isinstance(order, ast.LtE) else f"{x}, {y}"
            return f"v_select(v_lt({opposite}), v_set(0), v_set(1))"
        case ast.BinOp(ast.Call(ast.Name(name)), ast.Mult(), factor) if name in functions():
            return called(tree.left, in_c(factor, call))
        case ast.BinOp(x, ast.Add() | ast.Sub() | ast.Mult() as operator, y):
            word = {ast.Add: "v_add", ast.Sub: "v_sub", ast.Mult: "v_mul_in_order"}[type(operator)]
            return f"{word}({in_c(x, call)}, {in_c(y, call)})"
    raise TableError(f"functions.def: {ast.unparse(tree)} needs a file in src/gelu_c/math/")


def evaluated(name, arguments, factor=None):
    value = f"v_{name}({arguments})"
    return value if factor is None else f"v_mul_in_order({value}, {factor})"


def tail_of_all(name, arguments, factor=None):
    """A call in the tail, times a factor if there is one."""
    if not has_tail(name):
        return evaluated(name, arguments, factor)
    tail = f"v_{name}_tail({arguments})"
    if factor is None:
        return tail
    if f"v_{name}_left(" not in (CORE / math_file(name)).read_text():
        return f"v_mul({tail}, {factor})"
    return f"v_times_tail({factor}, {arguments}, {tail}, v_{name}_left({arguments}))"


def tail_of_some(name, arguments, factor=None):
    """For a lane that may be in the tail of one called function and not of another."""
    if not has_tail(name):
        return evaluated(name, arguments, factor)
    return (
        f"v_select(v_{name}_in_tail({arguments}), {tail_of_all(name, arguments, factor)}, "
        f"{evaluated(name, arguments, factor)})"
    )


def c_function(result, name, parameters, inputs, lines):
    """The C of an inlined function that names the vectors in[0], in[1] ... as the inputs."""
    used = set(re.findall(r"\w+", " ".join(lines)))
    named = [f"const v {word} = in[{k}];" for k, word in enumerate(inputs) if word in used]
    body = "".join(f"  {line}\n" for line in named + lines)
    return f"static GF_ALWAYS_INLINE {result} {name}({parameters}) {{\n{body}}}\n"


def function_header(name):
    """The text of functions/NAME.h: it defines NAME_evaluate, and NAME_tail and NAME_in_tail if the
    function has a tail."""
    function = functions()[name]
    if function.source == PLACEHOLDER:
        raise TableError(f"functions.def: {name} needs a source instead of {PLACEHOLDER}")
    if math_file(name):
        called = [name]
        trees = [ast.parse(f"{name}({', '.join(function.inputs)})", mode="eval").body]
    else:
        called = calls_of(name)
        trees = expressions(name)
    if len(trees) != len(function.outputs):
        raise TableError(f"functions.def: {name} has {len(trees)} results, not {function.outputs}")

    def made(result, part, parameters, lines):
        return c_function(result, f"{name}_{part}", parameters, function.inputs, lines)

    def evaluating(part, call):
        lines = [f"out[{k}] = {in_c(tree, call)};" for k, tree in enumerate(trees)]
        return made("void", part, "const v *in, v *out", lines)

    parts = [evaluating("evaluate", evaluated)]
    if has_tail(name):
        parts.append(evaluating("tail", tail_of_all if len(called) == 1 else tail_of_some))
        masks = []
        for tree in trees:
            in_c(tree, lambda f, a, factor=None: masks.append(f"v_{f}_in_tail({a})"))
        joined = masks[0] if len(masks) == 1 else f"v_or({', '.join(masks)})"
        parts.append(made("v_mask", "in_tail", "const v *in", [f"return {joined};"]))
    guard = f"GF_FUNCTIONS_{name.upper()}_H"
    head = f"/* {name}, as the loops call it (loops/function.h).\n{NOTE} */\n"
    includes = "".join(f'#include "{math_file(f)}"\n' for f in called)
    return (
        f"{head}#ifndef {guard}\n#define {guard}\n\n{includes}\n" + "\n".join(parts) + "\n#endif\n"
    )


def computed_in(dtype, half):
    """(the type that a dtype is computed in, the type of its coefficients)"""
    if dtype in ("F32", "F64"):
        return dtype.lower(), dtype.lower()
    own = dtype.lower()
    return {"TABLES": ("f32", own), "FLOAT": ("f32", "f32"), "DOUBLE": ("f64", "f64")}[half]


def groups(names):
    """{(dtype, computed in, coefficients): functions} of the groups (loops/group.h)."""
    made = {}
    for function in map(functions().get, names):
        for dtype in ("F16", "BF16", "F32", "F64"):
            key = (dtype, *computed_in(dtype, function.half))
            if function.half == "DOUBLE" and dtype.endswith("16"):
                key = (f"DOUBTED_{dtype}", "f32", "f32")
                if dtype == "F16":  # for both of these
                    made.setdefault((dtype, "f64", "f64"), []).append(function)
            made.setdefault(key, []).append(function)
    return made


def tail_of(name, tables):
    """The tail of a kernel: "TAIL", "TABLE_TAIL" if its results are stored, or None."""
    if not tables.endswith("16"):
        return "TAIL" if has_tail(name) else None
    coefficients = (CORE / "coeffs" / f"{name}_{tables}.h").read_text()
    return "TABLE_TAIL" if f"#define {name}_HALF_TAIL 1" in coefficients else None


def doubted_ulps(name):
    """The error of a float32 result as the loops take it (loops/doubt.h): at least the bound, and a
    power of two minus 1."""
    bound = bounds()[name, "F32"]
    return next(2**k - 1 for k in range(1, 10) if 2**k - 1 >= bound)


def group_head(kind, **words):
    """The first lines of the C file of a group, which define the words that loops/group.h needs."""
    defined = [f"#define GF_{name} {word}" for name, word in words.items()]
    return [f"/* A group of {kind}.", f"{NOTE} */", *defined, '#include "loops/group.h"']


def group_source(isa, dtype, real, tables, members):
    """The C file of a group."""
    in_double = dtype == "F16" and real == "f64"
    lines = group_head("kernels", ISA=isa, DTYPE=dtype, REAL=real, TABLES=tables)
    lines += ['#include "loops/in_double.h"' if in_double else '#include "loops/kernels.h"']
    for function in members:
        name, nin, nout = function.name, len(function.inputs), len(function.outputs)
        lines += ["", f'#include "functions/{name}.h"']
        symbol = f"gf_{name}_{dtype.removeprefix('DOUBTED_')}_{isa}"
        wide = f"gf_{name}_in_double_{isa}"
        tail = f"{name}_tail, {name}_in_tail" if has_tail(name) else "NULL, NULL"
        kind = tail_of(name, tables)
        if in_double:
            lines.append(f"IN_DOUBLE({wide}, {name}, {nin}, {tail})")
        elif dtype.startswith("DOUBTED"):
            last = f"{tail}, {doubted_ulps(name)}, {wide}"
            lines.append(f"KERNEL_WITH_DOUBT({symbol}, {name}, {nin}, {nout}, {last})")
        else:
            macro = f"KERNEL_WITH_{kind}" if kind else "KERNEL"
            what = near_zero(name) if dtype in ("F32", "F64") else "UNKNOWN"
            lines.append(f"{macro}({symbol}, {name}, {nin}, {nout}, {what})")
    return "\n".join(lines) + "\n"


def has_quiet(isa, real):
    """Whether the vocabulary has a quiet form of its instructions (simd/README.md)."""
    return "avx512_quiet.h" in (CORE / "simd" / f"{isa}_{real}.h").read_text()


def one_vector_source(isa, dtype, real, tables, members):
    """The C file of the evaluate_one of a group (loops/one_vector.h)."""
    words = {"ISA": isa, "DTYPE": dtype, "REAL": real, "TABLES": tables, "QUIET": 1}
    lines = [*group_head("functions of one vector", **words), '#include "loops/one_vector.h"']
    for function in members:
        name, nin, nout = function.name, len(function.inputs), len(function.outputs)
        kind = tail_of(name, tables)
        macro = f"ONE_VECTOR_WITH_{kind}" if kind else "ONE_VECTOR"
        lines += ["", f'#include "functions/{name}.h"']
        lines.append(f"{macro}(gf_{name}_{dtype}_{isa}_one, {name}, {nin}, {nout})")
    return "\n".join(lines) + "\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_functions(folder, names):
    """Writes functions/NAME.h of these functions into a folder."""
    for name in names:
        write(Path(folder) / "functions" / f"{name}.h", function_header(name))


def write_groups(folder, isa, names):
    """Writes the files of the groups of an instruction set into a folder; returns their names."""
    files = []
    for (dtype, real, tables), members in groups(names).items():
        files.append("_".join(("kernels", isa, dtype, real, tables)) + ".c")
        write(Path(folder) / files[-1], group_source(isa, dtype, real, tables, members))
        is_wide = real == "f64" and dtype != "F64"
        if has_quiet(isa, real) and not is_wide and not dtype.startswith("DOUBTED"):
            files.append(files[-1].replace("kernels_", "one_vector_"))
            write(Path(folder) / files[-1], one_vector_source(isa, dtype, real, tables, members))
    return files


PIECE_MAJOR = re.compile(
    r"(#elif PIECES == 128\n.*?)(static const PIECEWISE\((\d+)\) (\w+)_pieces = .*? \.piece =\n)"
    r" +(\{\n.*?\n +\}),\n",
    re.S,
)


def write_shared(folder):
    """Writes the C files with the numbers that kernels share into a folder, and the headers that
    refer to them, which take the place of those of coeffs/. Returns the names of the C files."""
    tables = sorted(path.name for path in (CORE / "coeffs").glob("*_rows.h"))
    write(Path(folder) / "rows.c", "".join(f'#include "coeffs/{name}"\n' for name in tables))
    pieces = ['#include "simd/compiler.h"\n']
    for path in sorted((CORE / "coeffs").glob("*_f64.h")):
        text = path.read_text()
        for _, _, degree, name, numbers in PIECE_MAJOR.findall(text):
            array = f"GF_HIDDEN _Alignas(64) const double gf_{name}_pieces[128][{int(degree) + 2}]"
            pieces.append(f"extern {array};\n{array} =\n{numbers};\n")
            moved = rf"\1extern {array};\n\2        gf_{name}_pieces,\n"
            text = PIECE_MAJOR.sub(moved, text, count=1)
        write(Path(folder) / "coeffs" / path.name, text)
    write(Path(folder) / "pieces.c", "".join(pieces))
    return ["rows.c", "pieces.c"]


# gelu_fast.cuda compiles its kernels from these at run time, with functions/.
CUDA_SOURCES = [
    "cuda/*.h",
    "coeffs/*_f*.h",
    "coeffs/*_bf16.h",
    "loops/elements.h",
    "loops/function.h",
    "math/**/*.h",
    "simd/compiler.h",
    "simd/cuda_*.h",
    "simd/half_table.h",
    "simd/one_lane_*.h",
    "simd/round_once.h",
    "simd/single.h",
]
# GPUs look up 16 pieces in float64 and 32 elsewhere; the sources leave out those of others.
OTHER_PIECES = re.compile(r"^#elif PIECES == (?:8|128)\n.*?(?=^#endif)", re.M | re.S)
COMMENT = re.compile(r" */\*.*?\*/| +(?=\\\n)", re.S)


def for_gpu(text):
    """A source without what is of no use in a kernel's compilation."""
    return re.sub(r"\n{2,}", "\n", COMMENT.sub("", OTHER_PIECES.sub("", text)))


def write_cuda_sources(folder):
    """Writes sources.json.xz into a folder: the sources of the CUDA kernels, and the macros of each
    kernel. As one compressed file they take a third of the space of 240 files in a wheel."""
    files = {
        source.relative_to(CORE).as_posix(): for_gpu(source.read_text())
        for pattern in CUDA_SOURCES
        for source in sorted(CORE.glob(pattern))
    }
    files |= {f"functions/{name}.h": for_gpu(function_header(name)) for name in functions()}
    kernels = {}
    for function in functions().values():
        for dtype in ("F16", "BF16", "F32", "F64"):
            real, tables = computed_in(dtype, function.half)
            kernels[f"{function.name}_{dtype}"] = {
                "FUNCTION": function.name,
                "DTYPE": dtype,
                "REAL": real,
                "TABLES": tables,
                "NIN": len(function.inputs),
                "NOUT": len(function.outputs),
                "HAS_TAIL": int(tail_of(function.name, tables) is not None),
            }
    sources = {"files": files, "kernels": kernels}
    path = Path(folder) / "sources.json.xz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress(json.dumps(sources, indent=1).encode(), preset=9))
