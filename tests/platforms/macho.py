"""Checks a library for macOS: its name, what it needs, and that it exports the functions of its
header and nothing else.

python macho.py PREFIX"""

import re
import struct
import sys
from pathlib import Path

MAGIC, DYLIB = 0xFEEDFACF, 6
SYMTAB, LOAD_DYLIB, ID_DYLIB = 0x2, 0xC, 0xD
OF_THE_LINKER = {"___dso_handle", "__mh_dylib_header"}  # zig's makes them
TWO_LEVEL, EXTERNAL, DEFINED = 0x80, 0x01, 0x0E


def text_at(data, at):
    return data[at : data.index(b"\0", at)].decode()


def read(data):
    """(name, needed libraries, exported symbols) of a library."""
    magic, _, _, kind, commands, _, flags, _ = struct.unpack_from("<8I", data)
    assert (magic, kind) == (MAGIC, DYLIB)
    assert flags & TWO_LEVEL
    name, needed, exported, at = None, [], set(), 32
    for _ in range(commands):
        command, size = struct.unpack_from("<2I", data, at)
        if command in (ID_DYLIB, LOAD_DYLIB):
            text = text_at(data, at + struct.unpack_from("<I", data, at + 8)[0])
            if command == ID_DYLIB:
                name = text
            else:
                needed.append(text)
        elif command == SYMTAB:
            symbols, count, strings, _ = struct.unpack_from("<4I", data, at + 8)
            for i in range(count):
                offset, kind, _, _, _ = struct.unpack_from("<IBBHQ", data, symbols + 16 * i)
                private = kind & 0x10
                if kind & EXTERNAL and kind & DEFINED and not private:
                    exported.add(text_at(data, strings + offset))
        at += size
    return name, needed, exported


def main(prefix):
    [path] = Path(prefix, "lib").glob("*.dylib")
    name, needed, exported = read(path.read_bytes())
    header = Path(prefix, "include", "gelu_c_flat.h").read_text()
    declared = {f"_{word}" for word in re.findall(r"\b(gf_\w+)\(", header)}
    assert name == f"@rpath/{path.name}", name
    assert needed == ["/usr/lib/libSystem.B.dylib"], needed
    assert declared
    exported -= OF_THE_LINKER
    assert exported == declared, exported ^ declared
    print(f"ok: {name} needs {needed[0]} and exports {len(exported)} functions")


if __name__ == "__main__":
    main(*sys.argv[1:])
