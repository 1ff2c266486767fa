#!/usr/bin/env bash
# Builds the core, the C tests, all_pairs and error_report into a folder, and runs them on every
# instruction set of this machine:
#
#   run.sh FOLDER [options of error_report]
#
# Environment: CC, AR, CFLAGS (for everything), RUN (a command that runs the programs, such as an
# emulator), PAIRS_STEP (the step of all_pairs), PAIRS_OF (its function).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
shift
read -ra cc <<<"${CC:-cc}"
read -ra cflags <<<"-g -O2 -Wall -Wextra -Werror -Isrc/gelu_c/include -Isrc/gelu_c ${CFLAGS:-}"
read -ra run <<<"${RUN:-}"
if [ ${#run[@]} -gt 0 ]; then cflags+=(-DIS_EMULATED); fi

python3 src/gelu_c/build_core.py --cc "${cc[*]}" --ar "${AR:-ar}" --flags="-Werror ${CFLAGS:-}" \
  "$build/libgelu_c.a"

# `beside` starts a program in the background; `join` prints the output of each, and fails if one failed.
beside() {
  "$@" >"$build/log-${#jobs[@]}" 2>&1 &
  jobs+=($!)
}
join() {
  local i status=0
  for i in "${!jobs[@]}"; do
    wait "${jobs[i]}" || status=$?
    cat "$build/log-$i"
  done
  return $status
}

jobs=()
for source in tests/c/test_*.c; do
  program=$build/$(basename "$source" .c)
  "${cc[@]}" -std=c11 "${cflags[@]}" -o "$program" "$source" "$build/libgelu_c.a" -lm -pthread
  beside "${run[@]}" "$program"
done

# The reference needs libquadmath unless long double has quadruple precision.
quadmath=(-lquadmath)
"${cc[@]}" -dM -E -x c /dev/null | grep '__LDBL_MANT_DIG__ 113' >/dev/null &&
  quadmath=()
tools=src/gelu_c/tools/check
"${cc[@]}" "${cflags[@]}" -o "$build/error_report" $tools/{error_report,inputs,reference}.c \
  "$build/libgelu_c.a" "${quadmath[@]}" -lm -pthread
"${cc[@]}" "${cflags[@]}" -o "$build/all_pairs" $tools/{all_pairs,inputs,reference}.c \
  "$build/libgelu_c.a" "${quadmath[@]}" -lm -pthread
for dtype in f16 bf16; do
  beside "${run[@]}" "$build/all_pairs" --step "${PAIRS_STEP:-4099}" --function "${PAIRS_OF:-all}" --dtype $dtype
done
# In the foreground, because it shows its progress.
report=0
"${run[@]}" "$build/error_report" "$@" || report=$?
join
exit $report
