"""Writes the Cython module gelu_c, which gives the functions of the shared library to other Cython
modules: they cimport it, and need no header, no linking and no run path.

gelu_c.pxd declares the functions of gelu_c.h whose arguments and results are numbers, arrays and
text, without the prefix gf_. gelu_c.pyx defines each as a call of the C function."""

import re

NOTE = "# Written by cython_module.py from gelu_c.h and the table.\n"
TYPES = {"gf_float16": "float16", "gf_bfloat16": "bfloat16"}
PROTOTYPE = re.compile(r"^([a-z]\w* (?:\w+ )*\**)gf_(\w+)\(([^()]*)\);", re.M)

PXD = '''\
"""The functions of the C library of gelu_fast: docs/hosts.md."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t

ctypedef uint16_t float16   # an IEEE binary16 number, as its bits
ctypedef uint16_t bfloat16  # the upper half of a float, as its bits

'''

PYX = '''\
# cython: language_level=3, freethreading_compatible=True
"""The functions of the C library of gelu_fast, for Cython modules that cimport them: docs/hosts.md.
Python uses the ufuncs of gelu_fast."""

cdef extern from "gelu_c.h" nogil:
'''


def cython(text):
    """C declarations in Cython's words."""
    text = re.sub(r"(\w+) (\w+)\[\d*\]", r"\1 *\2", text)
    return re.sub(r"\w+", lambda word: TYPES.get(word[0], word[0]), text)


def functions(flat_header):
    """(result, name, parameters) of each function, without those of the table's structures."""
    for result, name, parameters in PROTOTYPE.findall(flat_header):
        of_structures = re.search(r"\bgf_(?:row|dtype|function)\b", result + parameters)
        if not of_structures and name != "row_count":
            yield cython(result), name, "" if parameters == "void" else cython(parameters)


def write_module(flat_header, folder):
    """Writes gelu_c.pxd and gelu_c.pyx into a folder gelu_fast, from the text of gelu_c_flat.h."""
    pxd, extern, pyx = [NOTE, PXD], [], []
    for result, name, parameters in functions(flat_header):
        head = f"cdef {result}{name}({parameters}) noexcept nogil"
        names = ", ".join(re.findall(r"(\w+)(?:,|$)", parameters))
        keyword = "" if result == "void " else "return "
        pxd.append(f"{head}\n")
        extern.append(f'    {result}_{name} "gf_{name}"({parameters})\n')
        pyx.append(f"\n{head}:\n    {keyword}_{name}({names})\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").touch()  # so that Cython knows the name of the package
    (folder / "gelu_c.pxd").write_text("".join(pxd))
    (folder / "gelu_c.pyx").write_text("".join([NOTE, PYX, *extern, *pyx]))
