"""What a build for Windows needs of Python, on a machine without it:

python windows_python.py FOLDER CC...

FOLDER/include          the headers of this Python, with a pyconfig.h for Windows
FOLDER/python3.dll      exports the names of the stable ABI of Python 3.11, and does nothing
FOLDER/python3.lib      stands for it where extensions are linked

A name that is not in the stable ABI is then an error of the linker, and Wine can load the
extensions."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from abi3info import DATAS, FUNCTIONS

# What the headers ask, of all that the pyconfig.h of Windows says.
PYCONFIG = """\
#define MS_WIN32
#define MS_WINDOWS
#define HAVE_DECLSPEC_DLL
#define Py_ENABLE_SHARED
#define HAVE_STDARG_PROTOTYPES
#define HAVE_WCHAR_H 1
#define SIZEOF_SHORT 2
#define SIZEOF_INT 4
#define SIZEOF_LONG 4
#define SIZEOF_LONG_LONG 8
#define SIZEOF_FLOAT 4
#define SIZEOF_DOUBLE 8
#define SIZEOF_SIZE_T 8
#define SIZEOF_TIME_T 8
#define SIZEOF_VOID_P 8
#define SIZEOF_WCHAR_T 2
"""


def in_311(kinds):
    names = (symbol.name for symbol, entry in kinds.items() if entry.added.minor <= 11)
    # Some are there on Unix only; a name too many does no harm.
    return sorted(names)


def main(folder, *cc):
    folder = Path(folder)
    include = folder / "include"
    shutil.rmtree(include, ignore_errors=True)
    shutil.copytree(sysconfig.get_path("include"), include)
    (include / "pyconfig.h").write_text(PYCONFIG)
    export = "__attribute__((dllexport))"
    lines = [f"{export} void {name}(void) {{}}\n" for name in in_311(FUNCTIONS)]
    lines += [f"{export} char {name}[1024];\n" for name in in_311(DATAS)]
    source, library = folder / "python3.c", folder / "python3.lib"
    source.write_text("".join(lines))
    command = [*cc, "-shared", "-O1", "-w", "-fno-builtin", source, "-o", folder / "python3.dll"]
    subprocess.run([*command, f"-Wl,--out-implib,{library}"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
