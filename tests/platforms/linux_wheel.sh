#!/usr/bin/env bash
# Gives a wheel for Linux the tag of the oldest C library that it runs with:
#
#   linux_wheel.sh WHEEL FOLDER
#
# auditwheel and patchelf are commands. The C library is in the wheel, and what uses it finds it
# by a path relative to its own place: so auditwheel must add, move and rename nothing.
set -euo pipefail
wheel=$1
folder=$2
mkdir -p "$folder"

# Hosts load PyTorch before its operators.
auditwheel repair --exclude 'libtorch*' --exclude 'libc10*' --wheel-dir "$folder" "$wheel"
# The name has all tags that the wheel may have, such as manylinux2014_x86_64.manylinux_2_17_x86_64.
pattern=$(basename "$wheel" | sed 's/-[^-]*\.whl$//')
repaired=$(ls -t "$folder/$pattern"-m*linux*.whl | head -n 1)
auditwheel show "$repaired"
python3 - "$wheel" "$repaired" <<'EOF'
import sys, zipfile

def files(path):
    infos = [info for info in zipfile.ZipFile(path).infolist() if not info.is_dir()]
    return {(info.filename, info.CRC) for info in infos if ".dist-info/" not in info.filename}

before, after = map(files, sys.argv[1:])
if before != after:
    sys.exit(f"FAILED: auditwheel has changed {sorted(before ^ after)}")
print("ok:", sys.argv[2].rpartition("/")[2], "has the same files")
EOF
