"""Compiles the glue of the hosts: gelu_fast/HOST/glue.c or glue.cpp becomes a shared library that
ONNX Runtime, PyTorch, JAX or DuckDB loads, and that uses the C library of the package.

Glue uses only the stable C interface of its host, so one binary serves many versions. If it needs
headers, they are those of the installed host; without them the glue is left out. The environment
variable GELU_FAST_GLUE names hosts whose glue must not be left out: GELU_FAST_GLUE="torch jax".
"""

import importlib.util
import os
import shlex
import subprocess
import sysconfig
from pathlib import Path

from compiler_flags import harden_flags, link_flags
from duckdb_extension import make_extension
from interface import version_text
from platforms import Platform

CORE = Path(__file__).resolve().parent
PACKAGE = CORE.parents[1] / "gelu_fast"
HEADERS = {"jax": ("jaxlib", "include"), "torch": ("torch", "include")}  # host: (package, folder)
# host: libraries beside the headers, which the host has loaded before it loads the glue
LIBRARIES = {"torch": ["-L{folder}/../lib", "-ltorch_cpu"]}


class GlueError(Exception):
    """A host in GELU_FAST_GLUE has no glue, or its headers are not installed."""


def headers(host):
    """The folders of the host's headers, or None if it is not installed."""
    if host not in HEADERS:
        return []
    package, folder = HEADERS[host]
    spec = importlib.util.find_spec(package)
    return spec and [str(Path(spec.submodule_search_locations[0], folder))]


def command_for(source, cc):
    """The compiler command for a file in C or C++, with the standard of its language."""
    if source.suffix == ".c":
        return [*cc, "-std=c11"]
    cxx = os.environ.get("CXX") or sysconfig.get_config_var("CXX") or "c++"
    return [*shlex.split(cxx), "-std=c++20"]


def build_glue(cc, library, package, flags=()):
    """Compiles all glue into the folder `package`, which has `library` in its folder lib.
    Returns the paths of the files."""
    made = []
    sources = {path.parent.name: path for path in sorted(PACKAGE.glob("*/glue.c*"))}
    required = os.environ.get("GELU_FAST_GLUE", "").split()
    if unknown := set(required) - set(sources):
        raise GlueError(f"GELU_FAST_GLUE has {sorted(unknown)}; hosts with glue: {list(sources)}")
    platform = Platform.of(cc)
    for host, source in sources.items():
        folders = headers(host)
        if folders is None:
            if host in required:
                raise GlueError(f"GELU_FAST_GLUE has {host!r}, but {HEADERS[host][0]} is missing")
            continue
        out = Path(package, host, f"glue{platform.shared}")
        out.parent.mkdir(parents=True, exist_ok=True)
        includes = [f"-I{CORE}", f"-I{CORE / 'include'}"]
        includes += [word for folder in folders for word in ("-isystem", folder)]
        # Messages of a host's headers, and of the glue, name their files.
        maps = [f"{CORE.parents[1]}/=", *(f"{folder}={host}" for folder in folders)]
        includes += [f"-ffile-prefix-map={each}" for each in maps]
        libraries = [word.format(folder=folders[0]) for word in LIBRARIES.get(host, [])]
        subprocess.run(
            [
                *command_for(source, cc),
                *["-O2", "-Wall", "-Wextra", "-shared", *platform.compile, "-fvisibility=hidden"],
                *[*harden_flags(cc, flags), *flags, *includes, str(source), "-o", str(out)],
                *[str(platform.linked_with(library)), *libraries, *link_flags(cc)],
                *[*platform.strip, *platform.run_path("../lib")],
            ],
            check=True,
        )
        made.append(make_extension(out, cc, version_text()) if host == "duckdb" else out)
    return made
