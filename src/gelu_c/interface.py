"""Writes the headers that users of the shared library include: gelu_c.h with a prototype for each
function of the table instead of macros, and gelu_c_flat.h, which has no line for a preprocessor, so
that cffi and other programs can read it."""

import re
import subprocess
import sys
from pathlib import Path

CORE = Path(__file__).resolve().parent
sys.path.insert(0, str(CORE))

from table import functions  # noqa: E402

HEADER = CORE / "include" / "gelu_c.h"
NOTE = "/* Written by interface.py from gelu_c.h and the table. */\n"
GENERIC = ("first", "second", "third")  # how the macros of gelu_c.h call the inputs


def version(part):
    """A number of gelu_c.h: version("VERSION_MAJOR"), version("ABI_VERSION")."""
    return int(re.search(rf"^#define GELU_C_{part} (\d+)$", HEADER.read_text(), re.M)[1])


def version_text():
    return ".".join(str(version(f"VERSION_{part}")) for part in ("MAJOR", "MINOR", "PATCH"))


def with_names(prototype):
    """The prototype with the names that the table gives to its inputs and outputs."""
    name = re.search(r"\bgf_(\w+?)_(?:f16|bf16|f32|f64)(?:_\w+)?\(", prototype)[1]
    function = functions()[name]
    names = dict(zip(GENERIC, function.inputs, strict=False))
    outputs = ("out",) if len(function.outputs) == 1 else [f"out_{name}" for name in GENERIC]
    names |= dict(zip(outputs, function.outputs, strict=False))
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), prototype)


def expand(cc, section):
    """The prototypes that the macros of a section of gelu_c.h make of the table."""
    head = re.match(r"/\*.*?\*/\n", section, re.S)[0]
    command = [*cc, "-E", "-P", "-x", "c", f"-I{HEADER.parent}", "-"]
    made = subprocess.run(command, input=section, capture_output=True, text=True, check=True).stdout
    lines = [with_names(" ".join(line.split())) + ";\n" for line in made.split(";")[:-1]]
    return f"{head}\n{''.join(lines)}\n"


def header(cc):
    """The text of gelu_c.h for users."""
    sections = re.split(r"(?=^/\* ----)", HEADER.read_text(), flags=re.M)
    with_table = '#include "../table/each.h"'
    return NOTE + "".join(expand(cc, text) if with_table in text else text for text in sections)


def flat(text):
    """The text of a header without a preprocessor's lines."""
    text = re.sub(r'^#ifdef __cplusplus\n(?:extern "C" \{|\})\n#endif\n', "", text, flags=re.M)
    text = re.sub(r"^#(?:.*\\\n)*.*\n", "", text, flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"^GF_API ", "", text, flags=re.M))


def write_headers(cc, folder):
    folder.mkdir(parents=True, exist_ok=True)
    text = header(cc)
    (folder / "gelu_c.h").write_text(text)
    (folder / "gelu_c_flat.h").write_text(flat(text))
