"""Checks the wheels of a folder:

python .ci/check_wheels.py FOLDER

Those for the stable ABI use nothing else (abi3audit); each has the extensions, one C library and
its headers; none is larger than allowed."""

import subprocess
import sys
import zipfile
from pathlib import Path

# In bytes; on Windows each DLL has a part of the compiler's library.
LARGEST, LARGEST_WINDOWS = 2_500_000, 2_700_000
LIBRARIES = ("libgelu_c.so.", "libgelu_c.1.dylib", "libgelu_c-")


def check(wheel):
    if "abi3" in wheel.name:
        subprocess.run([sys.executable, "-m", "abi3audit", "--strict", wheel], check=True)
    names = zipfile.ZipFile(wheel).namelist()
    extensions = [
        name
        for name in names
        if name.startswith(("gelu_fast/gelu_c.", "gelu_fast/_core/_ufuncs."))
        and name.endswith((".so", ".pyd"))
    ]
    libraries = [name for name in names if Path(name).name.startswith(LIBRARIES)]
    assert len(extensions) == 2, extensions
    assert len(libraries) == 1, libraries
    assert "gelu_fast/include/gelu_c.h" in names
    size = wheel.stat().st_size
    assert size <= (LARGEST_WINDOWS if "-win" in wheel.name else LARGEST), size
    print(f"ok: {wheel.name}, {size} bytes")


def main(folder):
    wheels = sorted(Path(folder).glob("*.whl"))
    assert wheels, f"no wheel in {folder}"
    for wheel in wheels:
        check(wheel)


if __name__ == "__main__":
    main(*sys.argv[1:])
