#!/usr/bin/env bash
# Builds the kernels of one function and prints its largest errors on every instruction set:
#
#   function.sh NAME
#
# The generated C is in build/function/libgelu_c, the program in build/function/error_report. The
# environment gives CC, and CFLAGS for the kernels.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: make function NAME=..." >&2; exit 2; }
cd "$(dirname "$0")/../../../.."
build=build/function
read -ra cc <<<"${CC:-cc}"
python3 src/gelu_c/build_core.py --cc "${cc[*]}" --flags="-Werror -Wfatal-errors ${CFLAGS:-}" \
  "$build/libgelu_c.a" --functions "$1"
if grep -q "^COMPOUND($1," src/gelu_c/table/functions.def; then
  echo "$1 compiles. error_report has no reference for compounds: install, then run pytest -k $1."
  exit
fi
# The reference needs libquadmath unless long double has quadruple precision.
quadmath=(-lquadmath)
"${cc[@]}" -dM -E -x c /dev/null | grep '__LDBL_MANT_DIG__ 113' >/dev/null && quadmath=()
"${cc[@]}" -O2 -Wall -Wextra -Isrc/gelu_c/include "-I$build/libgelu_c" -Isrc/gelu_c \
  -o "$build/error_report" src/gelu_c/tools/check/{error_report,inputs,reference}.c \
  "$build/libgelu_c.a" "${quadmath[@]}" -lm -pthread
"$build/error_report" --function "$1" --isa all --step 4001 --count 5000
