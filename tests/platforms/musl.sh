#!/usr/bin/env bash
# musl, the C library of Alpine Linux: builds the core and runs the C tests and the hashes of all
# results, on x86-64 with GCC, and on 64-bit Arm with zig and in an emulator:
#
#   musl.sh PYTHON MACHINE     a Python with ziglang; x86_64 or aarch64
source "$(dirname "$0")/common.sh" "musl-$2"
python=$1
machine=$2
export ZIG_GLOBAL_CACHE_DIR=$here/build/platforms/zig ZIG_LOCAL_CACHE_DIR=$here/build/platforms/zig
if [ "$machine" = x86_64 ]; then
  cc=(musl-gcc)
  ar=(ar)
else
  cc=("$python" -m ziglang cc -target "$machine-linux-musl")
  ar=("$python" -m ziglang ar)
fi
run=()
suffix=
options=(-static)
core=$build/core

section "the shared library for musl on $machine"
# The core is compiled for the library; tests link the same objects.
python3 src/gelu_c/install_library.py "$build/prefix" --cc "${cc[*]}" --flags="-Werror -O2" --objects "$core"
rm -f "$build/libgelu_c.a"
needs=$(readelf --dynamic "$build"/prefix/lib/libgelu_c.so.1 | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
[ "$needs" = libc.so ] || { echo "FAILED: the library needs $needs" >&2; exit 1; }

section "hashes"
program result_hashes src/gelu_c/tools/check/result_hashes.c -- "${options[@]}"
if [ "$machine" = aarch64 ]; then
  run=(qemu-aarch64-static)
  same_hashes neon avx2 --side-by-side # they have the same coefficients
  same_hashes scalar scalar --side-by-side
  # The others take minutes on an emulator.
  for name in stack threads fma cpus lookup; do c_test "test_$name" -DIS_EMULATED; done
else
  for isa in avx2 scalar $(grep -qw avx512vl /proc/cpuinfo && echo avx512); do same_hashes "$isa" "$isa"; done
  section "C tests"
  c_tests
fi
