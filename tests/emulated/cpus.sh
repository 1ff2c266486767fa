#!/usr/bin/env bash
# Tests the dispatcher on emulated x86-64 processors, one without AVX-512 and one without AVX2: which
# instruction set it chooses, and whether the results have the same bits as those of this machine:
#
#   cpus.sh PYTHON     a Python with gelu_fast, which each processor imports too
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$1
build=build/cpus
mkdir -p "$build"

python3 src/gelu_c/build_core.py --flags=-Werror "$build/libgelu_c.a"
${CC:-cc} -O2 -Wall -Wextra -Werror -static -Isrc/gelu_c/include -Isrc/gelu_c \
  src/gelu_c/tools/check/result_hashes.c "$build/libgelu_c.a" -lm -pthread -o "$build/result_hashes"

# Runs a command on a processor, without the warnings of qemu about features that it lacks.
on() { qemu-x86_64-static -cpu "$@" 2> >(grep -v '^qemu-x86_64-static: warning' >&2); }

expect() { # WHAT GOT WANTED
  [ "$2" = "$3" ] || { echo "FAILED: $1: got '$2', wanted '$3'" >&2; exit 1; }
  echo "ok: $1: $2"
}

check() { # PROCESSOR WANTED-ISA WANTED-IN-PYTHON
  on "$1" "$build/result_hashes" --isa chosen --side-by-side >"$build/$1.txt"
  expect "$1 in C" "$(cut -d ' ' -f 3 "$build/$1.txt" | uniq)" "$2"
  "$build/result_hashes" --isa "$2" --side-by-side >"$build/$2.txt" || {
    echo "FAILED: this machine cannot run $2, so nothing to compare $1 with" >&2
    exit 1
  }
  cmp "$build/$1.txt" "$build/$2.txt"
  echo "ok: $1 gives the bits that this machine gives with $2"
  expect "$1 in Python" \
    "$(on "$1" "$python" -P -c 'import gelu_fast; print(gelu_fast.isa(), *gelu_fast.available_isas())')" "$3"
  local refusal
  refusal=$(GELU_FAST_ISA=avx512 on "$1" "$python" -P -c 'import gelu_fast' 2>&1) && {
    echo "FAILED: $1 accepted GELU_FAST_ISA=avx512" >&2
    exit 1
  }
  expect "$1 refuses GELU_FAST_ISA=avx512" "$(grep -o '^ImportError' <<<"$refusal")" ImportError
}

check Haswell avx2 "avx2 avx2 scalar"
check Nehalem scalar "scalar scalar"
