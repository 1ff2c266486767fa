#!/usr/bin/env bash
# Windows on x86-64: builds the wheel with MinGW-w64 and runs on Wine the C tests, the hashes of all
# results, and a program that loads every compiled file of the wheel:
#
#   windows.sh PYTHON     a Python of this machine with pip, abi3info and what setup.py imports
#
# The tests of error bounds need fork. So the bounds hold here because the bits are those of this machine.
source "$(dirname "$0")/common.sh" windows
python=$1
cc=(x86_64-w64-mingw32-gcc)
ar=(x86_64-w64-mingw32-ar)
run=(/usr/lib/wine/wine64)
suffix=.exe
options=(-static)
core=$build/core
export WINEPREFIX=$build/wine WINEDEBUG=-all

# NumPy's headers say how large the types of C are.
section "headers of Python and NumPy"
"$python" tests/platforms/windows_python.py "$build" "${cc[@]}"
[ -d "$build/numpy" ] || {
  "$python" -m pip download --quiet --no-deps --only-binary=:all: --platform win_amd64 --python-version 3.11 \
    --dest "$build" numpy
  "$python" -m zipfile -e "$build"/numpy-*.whl "$build/numpy"
}

section "the wheel"
rm -f "$build/libgelu_c.a"
build_wheel "$python" _PYTHON_HOST_PLATFORM=win-amd64 CC="${cc[*]}" LDFLAGS="$build/python3.lib" \
  CFLAGS="-Werror -I$build/include -I$build/numpy/numpy/_core/include"
ls "$build"/wheel/gelu_fast-*-cp311-abi3-win_amd64.whl

section "C tests on Wine"
c_tests

section "hashes"
program result_hashes.exe src/gelu_c/tools/check/result_hashes.c -- "${options[@]}"
for isa in avx2 scalar $(grep -qw avx512vl /proc/cpuinfo && echo avx512); do
  same_hashes "$isa" "$isa"
done

section "the files of the wheel"
package=$build/package/gelu_fast
"${cc[@]}" -O2 -Wall -Wextra -Werror tests/platforms/load.c -o "$build/load.exe"
(cd "$package" && "${run[@]}" "$build/load.exe" 'lib\libgelu_c-1.dll' '_core\_ufuncs.pyd:PyInit__ufuncs' \
  'gelu_c.pyd:PyInit_gelu_c' 'onnx\glue.dll:RegisterCustomOps' \
  'duckdb\gelu_fast.duckdb_extension:gelu_fast_init_c_api')
/usr/lib/wine/wineserver -k
