# The scripts of this folder source this file, with the name of their folder in build/platforms.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=$PWD
build=$here/build/platforms/$1
mkdir -p "$build"

section() { printf '\n-- %s (%d s)\n' "$1" "$SECONDS"; }

# `program NAME SOURCE... -- OPTION...` links a program with the object files in $core.
program() {
  local out=$build/$1 sources=() library=$build/libgelu_c.a
  [ -e "$library" ] || "${ar[@]}" rcs "$library" "$core"/*.o
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do sources+=("$1"); shift; done
  "${cc[@]}" -std=c11 -O2 -ffp-contract=off -Wall -Wextra -Werror -Isrc/gelu_c/include "-I$core" -Isrc/gelu_c \
    "${sources[@]}" "$library" -lm "${@:2}" -o "$out"
}

# `on ISA PROGRAM` prints the hashes of an instruction set, without its name. The command $run runs it.
on() { "${run[@]}" "$build/$2" --isa "$1" "${@:3}" | tr -d '\r' | sed "s/ $1 / /"; }

# The hashes of this machine, which other platforms must have too; built once for all scripts.
host_hashes() { # ISA
  local host=$here/build/platforms/host isa=$1
  mkdir -p "$host"
  exec 9>"$host/lock"
  flock 9 # another script may be at it
  if [ ! -e "$host/result_hashes" ]; then
    python3 src/gelu_c/build_core.py "$host/libgelu_c.a" >&2
    ${CC:-cc} -O2 -ffp-contract=off -Isrc/gelu_c/include "-I$host/libgelu_c" -Isrc/gelu_c \
      -o "$host/result_hashes" src/gelu_c/tools/check/result_hashes.c "$host/libgelu_c.a" -lm -pthread
  fi
  flock --unlock 9
  "$host/result_hashes" --isa "$isa" --side-by-side | sed "s/ $isa / /"
}

# `same_hashes ISA HOST-ISA [--side-by-side]` fails unless both give the same bits.
same_hashes() {
  on "$1" "result_hashes$suffix" "${@:3}" >"$build/$1.txt"
  host_hashes "$2" >"$build/host_$2.txt"
  [ -s "$build/$1.txt" ] && cmp "$build/$1.txt" "$build/host_$2.txt"
  echo "ok: $(wc -l <"$build/$1.txt") hashes of $1, the same as those of $2 on this machine"
}

# `c_test NAME OPTION...` builds and runs a program of tests/c; c_tests all of them.
c_test() {
  program "$1$suffix" "tests/c/$1.c" -- -pthread "${options[@]}" "${@:2}"
  "${run[@]}" "$build/$1$suffix"
}
c_tests() {
  local source
  for source in tests/c/test_*.c; do c_test "$(basename "$source" .c)"; done
}

# Installs PYTHON's packages for a build without isolation, and builds the wheel into $build/wheel.
build_wheel() { # PYTHON VARIABLE=value...
  local python=$1
  shift
  rm -rf "$build/wheel" "$build/package"
  env GELU_FAST_CORE_FOLDER="$core" "$@" \
    "$python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$build/wheel" .
  "$python" -m zipfile -e "$build"/wheel/gelu_fast-*.whl "$build/package"
  ls -l "$build"/wheel
}
