"""Reads the table: functions.def and isa.def."""

import ast
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
MACROS = ["FUNCTION", "COMPOUND"]


@dataclass(frozen=True)
class Function:
    """A FUNCTION or COMPOUND of functions.def: the fields that the build needs."""

    name: str
    inputs: tuple[str, ...]  # names
    outputs: tuple[str, ...]
    half: str  # how 16-bit types are computed: TABLES, FLOAT or DOUBLE
    definition: str  # an expression of Python
    source: str  # C: a string or SOURCE(name)
    is_compound: bool


@dataclass(frozen=True)
class InstructionSet:
    """An ISA line of isa.def."""

    name: str
    architecture: str
    flags: tuple[str, ...]
    tuning: tuple[str, ...]


def calls(text, macros):
    """Yields (macro, arguments) for each call of one of the macros, in order."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    for start in re.finditer(rf"\b({'|'.join(macros)})\(", text):
        yield start[1], arguments(text, start.end())


def arguments(text, start):
    """The arguments of a call whose opening parenthesis is just before `start`; strings keep their
    quotes."""
    found, depth, begin = [], 0, start
    for token in re.finditer(r'"(?:\\.|[^"\\])*"|[(),]', text[start:]):
        at = start + token.start()
        if token[0] == "(":
            depth += 1
        elif token[0] == ")" and depth:
            depth -= 1
        elif token[0] in ")," and not depth:
            found.append(" ".join(text[begin:at].split()))
            begin = at + 1
            if token[0] == ")":
                return found
    raise ValueError("a call in the table has no end")


@cache
def functions():
    """{name: Function} of functions.def."""
    found = {}
    for macro, words in calls((HERE / "functions.def").read_text(), MACROS):
        if macro == "FUNCTION":
            name, nin, half, definition = words[:4]
            inputs, outputs = ("x",) if nin == "1" else ("dy", "x"), ("out",)
        else:
            name, _, _, half, inputs, outputs, definition = words[:7]
            inputs, outputs = (
                tuple(ast.literal_eval(names).split(", ")) for names in (inputs, outputs)
            )
        found[name] = Function(
            name, inputs, outputs, half, definition, words[-3], macro == "COMPOUND"
        )
    return found


@cache
def bounds():
    """{(function, dtype): bound in ULP} of functions.def."""
    rows = calls((HERE / "functions.def").read_text(), ["ROW", "BOUND"])
    return {(name, dtype): float(bound) for _, (name, dtype, bound, *_) in rows}


def without_others(names):
    """The text of functions.def without the functions that are not in `names`."""
    text = (HERE / "functions.def").read_text()
    head, *blocks = re.split(r"^(?=FUNCTION|COMPOUND)", text, flags=re.M)
    return head + "".join(b for b in blocks if next(calls(b, MACROS))[1][0] in names)


def write_part(folder, names):
    """Writes the table into a folder, with the functions in `names` only."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in HERE.glob("*.*"):
        shutil.copyfile(file, folder / file.name)
    (folder / "functions.def").write_text(without_others(names))


def instruction_sets():
    """The instruction sets of isa.def, best first."""
    rows = calls((HERE / "isa.def").read_text(), ["ISA"])
    return [
        InstructionSet(
            name,
            architecture,
            tuple(ast.literal_eval(flags).split()),
            tuple(ast.literal_eval(tuning).split()),
        )
        for _, (name, architecture, flags, tuning, _) in rows
    ]
