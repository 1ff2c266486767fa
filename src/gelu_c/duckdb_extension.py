"""Makes an extension for DuckDB of a shared library. DuckDB reads what the extension was built for
from the last 512 bytes of its file."""

import subprocess

NAME = "gelu_fast.duckdb_extension"  # DuckDB calls gelu_fast_init_c_api in a file of this name
INTERFACE = "v1.2.0"  # the version of DuckDB's C interface in gelu_fast/duckdb/duckdb_api.h

# Words in the targets of compilers, and DuckDB's.
SYSTEMS = {
    "linux": "linux",
    "darwin": "osx",
    "mingw": "windows",
    "windows": "windows",
    "freebsd": "freebsd",
}
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def platform(target):
    """DuckDB's name of a compiler's target: linux_amd64 for x86_64-linux-gnu."""
    machine = target.partition("-")[0]
    system = next((name for word, name in SYSTEMS.items() if word in target), "unknown")
    name = f"{system}_{MACHINES.get(machine, machine)}"
    return f"{name}_musl" if "musl" in target else name


def footer(platform, version):
    """Eight fields of 32 bytes, the last one first, and no signature."""
    fields = ["4", platform, INTERFACE, version, "C_STRUCT", "", "", ""]
    return b"".join(field.encode().ljust(32, b"\0") for field in reversed(fields)) + bytes(256)


def make_extension(library, cc, version):
    """Replaces a shared library by an extension, and returns its path."""
    command = [*cc, "-dumpmachine"]
    target = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    extension = library.with_name(NAME)
    extension.write_bytes(library.read_bytes() + footer(platform(target), version))
    library.unlink()
    return extension
