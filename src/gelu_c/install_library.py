"""Links the shared library, and writes a folder with all that other projects need to use it:

PREFIX/include/             the headers (interface.py)
PREFIX/lib/                 the library; on Windows also the one that programs are linked with
PREFIX/lib/pkgconfig/       gelu_c.pc
PREFIX/lib/cmake/gelu_c/    for find_package(gelu_c)

All files find each other by relative paths, so the folder can be moved. CMakeLists.txt calls this
program; setup.py writes the same into the package.

    python src/gelu_c/install_library.py PREFIX
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

CORE = Path(__file__).resolve().parent
sys.path.insert(0, str(CORE))

from build_core import compile_core  # noqa: E402
from compiler_flags import link_flags  # noqa: E402
from interface import version, version_text, write_headers  # noqa: E402
from platforms import Platform, as_gcc  # noqa: E402


def install(cc, objects, prefix, flags=()):
    """Writes the folder; returns the path of the library."""
    prefix, cc = Path(prefix), as_gcc(cc)
    platform = Platform.of(cc)
    library, soname, link = platform.library_in(prefix / "lib", version("ABI_VERSION"))
    library.parent.mkdir(parents=True, exist_ok=True)
    command = [*cc, "-shared", *flags, "-o", str(library), *objects, *link]
    command += [*link_flags(cc), *platform.libraries]
    subprocess.run(command, check=True)
    write_headers(cc, prefix / "include")
    linked_with = platform.linked_with(library).name
    words = {
        "VERSION": version_text(),
        "LIBRARY": library.name,
        "SONAME": soname,
        "LINKED_WITH": linked_with,
        "RUN_PATH": " -Wl,-rpath,${libdir}" if platform.here else "",
    }
    for name, folder in {"gelu_c.pc": "pkgconfig", "*.cmake": "cmake/gelu_c"}.items():
        (prefix / "lib" / folder).mkdir(parents=True, exist_ok=True)
        for source in (CORE / "install").glob(name):
            text = re.sub("@([A-Z_]+)@", lambda word: words[word[1]], source.read_text())
            (prefix / "lib" / folder / source.name).write_text(text)
    return library


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("prefix", type=Path, help="folder to write")
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"), help="compiler command")
    parser.add_argument("--flags", default="", help="further compiler flags")
    parser.add_argument("--objects", type=Path, help="folder for object files")
    args = parser.parse_args()
    cc, flags = shlex.split(args.cc), shlex.split(args.flags)
    with tempfile.TemporaryDirectory() as temporary:
        try:
            install(cc, compile_core(cc, args.objects or temporary, flags), args.prefix, flags)
        except subprocess.CalledProcessError as error:
            sys.exit(f"{args.cc} failed with status {error.returncode}")


if __name__ == "__main__":
    main()
