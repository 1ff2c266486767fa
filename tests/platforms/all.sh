#!/usr/bin/env bash
# Runs the scripts of this folder, two at a time: many of the programs that they run have one thread.
#
#   all.sh PYTHON     a Python with pip, ziglang, abi3info and what setup.py imports
set -euo pipefail
python=$1
cd "$(dirname "$0")/../.."
mkdir -p build/platforms

tests/platforms/windows.sh "$python" >build/platforms/windows.log 2>&1 &
windows=$!
status=0
tests/platforms/musl.sh "$python" aarch64 &&
  tests/platforms/musl.sh "$python" x86_64 &&
  tests/platforms/macos.sh "$python" || status=$?
wait "$windows" || status=$?
cat build/platforms/windows.log
exit "$status"
