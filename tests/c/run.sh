#!/usr/bin/env bash
# Builds the core, the C tests, the check of pairs and the error report into a folder and runs them on
# every instruction set that there is:
#
#   run.sh FOLDER [options of error_report]
#
# Environment: CC, AR, CFLAGS (for all of them), RUN (the command that runs a program, if not the machine),
# PAIRS_STEP (of the check of pairs).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
shift
read -ra cc <<<"${CC:-cc}"
read -ra cflags <<<"-g -O2 -Wall -Wextra -Werror -Isrc/gelu_c/include -Isrc/gelu_c ${CFLAGS:-}"
read -ra run <<<"${RUN:-}"

python3 src/gelu_c/build_core.py --cc "${cc[*]}" --ar "${AR:-ar}" --flags="-Werror ${CFLAGS:-}" \
  "$build/libgelu_c.a"

# Programs run beside each other; what each printed is shown whole, and a failure is one of all.
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

# The reference needs libquadmath where long double is not a quadruple precision.
quadmath=(-lquadmath)
"${cc[@]}" -dM -E -x c /dev/null | grep '__LDBL_MANT_DIG__ 113' >/dev/null &&
  quadmath=()
tools=src/gelu_c/tools/check
"${cc[@]}" "${cflags[@]}" -o "$build/error_report" $tools/{error_report,inputs,reference}.c \
  "$build/libgelu_c.a" "${quadmath[@]}" -lm
"${cc[@]}" "${cflags[@]}" -o "$build/all_pairs" $tools/{all_pairs,inputs,reference}.c \
  "$build/libgelu_c.a" "${quadmath[@]}" -lm
for dtype in f16 bf16; do
  beside "${run[@]}" "$build/all_pairs" --step "${PAIRS_STEP:-4099}" --dtype $dtype
done
join
"${run[@]}" "$build/error_report" "$@"
