#!/usr/bin/env bash
# macOS: builds the library with zig for Arm and for x86-64, and checks what it says to the loader. It
# cannot run here.
#
#   macos.sh PYTHON     a Python with ziglang
source "$(dirname "$0")/common.sh" macos
python=$1
export ZIG_GLOBAL_CACHE_DIR=$here/build/platforms/zig ZIG_LOCAL_CACHE_DIR=$here/build/platforms/zig

for machine in aarch64 x86_64; do
  section "macOS on $machine"
  # What is checked does not depend on optimisation.
  python3 src/gelu_c/install_library.py "$build/$machine" --objects "$build/core-$machine" \
    --cc "$python -m ziglang cc -target $machine-macos" \
    --flags="-Werror -O0 -fno-sanitize=undefined -Wno-frame-larger-than"
  "$python" tests/platforms/macho.py "$build/$machine"
done
