#!/usr/bin/env bash
# Builds the core and search_worst into build/search, and searches for the largest errors:
#
#   search.sh [options of search_worst except --seeds]
#
# The environment gives CC, and CFLAGS for the kernels.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../../.." && pwd)
build=$root/build/search
tools=$root/src/gelu_c/tools/check
read -ra cc <<<"${CC:-cc}"
python3 "$root/src/gelu_c/build_core.py" --cc "${cc[*]}" --flags="${CFLAGS:-}" "$build/libgelu_c.a" >&2
# The reference needs libquadmath unless long double has quadruple precision.
quadmath=(-lquadmath)
"${cc[@]}" -dM -E -x c /dev/null | grep '__LDBL_MANT_DIG__ 113' >/dev/null && quadmath=()
"${cc[@]}" -O2 -Wall -Wextra "-I$root/src/gelu_c/include" "-I$root/src/gelu_c" \
  -o "$build/search_worst" "$tools"/{search_worst,search,cases,window,seeds,target,outputs,reference,inputs}.c \
  "$build/libgelu_c.a" "${quadmath[@]}" -lm -pthread
python3 "$tools/table_seeds.py" >"$build/seeds.txt"
"$build/search_worst" --seeds "$build/seeds.txt" "$@"
