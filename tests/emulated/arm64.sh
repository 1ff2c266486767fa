#!/usr/bin/env bash
# Cross-compiles for 64-bit Arm and runs on an emulator: the C tests, the error report and the Python
# tests, with NEON and with scalar:
#
#   arm64.sh PYTHON     a Python of this machine that has pip
#
# The arm64 Python comes from Debian packages, unpacked into a folder. apt-get uses folders of its
# own, so it neither reads nor changes the packages of this machine. Downloads stay in build/arm64.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
build=$here/build/arm64
root=$build/root
site=$build/site
python=$build/python
mkdir -p "$build"

section() { printf '\n-- arm64: %s (%d s)\n' "$1" "$SECONDS"; }

unpack_python() {
  local apt=(-qq -o APT::Architecture=arm64 -o APT::Architectures=arm64
    -o Dir::State::Lists="$build/apt/lists" -o Dir::State::status="$build/apt/status"
    -o Dir::Cache="$build/apt/cache")
  mkdir -p "$build/apt/lists/partial" "$build/apt/cache/archives/partial" "$root.part"
  touch "$build/apt/status"
  apt-get "${apt[@]}" update
  apt-get "${apt[@]}" install --yes --download-only --no-install-recommends \
    python3.11-minimal libpython3.11-stdlib libstdc++6 </dev/null
  # The headers alone, without dependencies: they hold the pyconfig.h of an arm64 Python.
  (cd "$build/apt/cache/archives" && apt-get "${apt[@]}" download libpython3.11-dev)
  local package
  for package in "$build"/apt/cache/archives/*.deb; do
    dpkg -x "$package" "$root.part"
  done
  mv "$root.part" "$root"
}

# `packages PYTHON LIST` prints the packages that pyproject.toml names in LIST.
packages() {
  "$1" -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))$2, sep='\n')"
}

# Installs the arm64 wheels that the package and its tests need.
install_packages() {
  { packages "$1" "['project']['dependencies']"
    packages "$1" "['project']['optional-dependencies']['test']" |
      grep -v 'cupy\|matplotlib\|nvrtc\|safetensors\|scikit-learn'; } |
    xargs -d '\n' "$1" -m pip install --quiet --target "$site.part" --only-binary=:all: \
      --platform manylinux_2_28_aarch64 --platform manylinux_2_27_aarch64 \
      --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64 \
      --python-version 3.11 --implementation cp
  mv "$site.part" "$site"
}

# Writes a command that runs the arm64 Python. `sys.executable` is this command too, so processes that
# the tests start are emulated as well.
write_python() {
  cat >"$python" <<EOF
#!/bin/sh
exec qemu-aarch64-static -0 '$python' -L '$root' -E PYTHONHOME='$root/usr' \\
  -E PYTHONPATH='$site:$build/package' '$root/usr/bin/python3.11' "\$@"
EOF
  chmod +x "$python"
}

# Runs pip wheel with the two settings that make setuptools build for another machine. Build isolation
# is off, because with these settings pip would install the build's packages for that machine too.
build_extension() {
  rm -rf "$build/wheel" "$build/package"
  packages "$1" "['build-system']['requires']" | xargs -d '\n' "$1" -m pip install --quiet
  _PYTHON_HOST_PLATFORM=linux-aarch64 CC=aarch64-linux-gnu-gcc \
    LDSHARED='aarch64-linux-gnu-gcc -shared' \
    CFLAGS="-Werror -I$root/usr/include/python3.11 -I$root/usr/include" \
    "$1" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$build/wheel" .
  "$1" -m zipfile -e "$build"/wheel/gelu_fast-*-abi3-linux_aarch64.whl "$build/package"
}

section "Python and its packages"
[ -d "$root" ] || unpack_python
[ -d "$site" ] || install_packages "$1"
write_python

section "building the extension"
build_extension "$1"
"$python" -P - <<'EOF'
import platform, gelu_fast

got = platform.machine(), gelu_fast.isa(), gelu_fast.available_isas()
assert got == ("aarch64", "neon", ("neon", "scalar")), got
print("gelu_fast", gelu_fast.__version__, "on", *got)
EOF

section "C tests and error report"
report=(--step 200003 --count 1000)
pairs=all
# The comparison with AVX2 below has results of all functions.
[ "${SAMPLE:-1}" -eq 1 ] || { report+=(--function gelu); pairs=gelu_backward; }
CC=aarch64-linux-gnu-gcc AR=aarch64-linux-gnu-ar CFLAGS= PAIRS_STEP=32749 PAIRS_OF=$pairs \
  RUN="qemu-aarch64-static -L /usr/aarch64-linux-gnu" tests/c/run.sh "$build/c" "${report[@]}"

section "NEON's results, bit by bit, beside those of AVX2 on this machine"
# Without -ffp-contract=off, the compiler for arm64 would fuse operations that make the inputs.
hashes=("-O2" "-ffp-contract=off" "-Wall" "-Wextra" "-Werror" "-static" "-Isrc/gelu_c/include" "-Isrc/gelu_c"
  src/gelu_c/tools/check/result_hashes.c)
aarch64-linux-gnu-gcc "${hashes[@]}" "$build/c/libgelu_c.a" -lm -pthread -o "$build/hashes-arm64"
python3 src/gelu_c/build_core.py --flags=-Werror "$build/libgelu_c_host.a"
cc "${hashes[@]}" "$build/libgelu_c_host.a" -lm -pthread -o "$build/hashes-host"
qemu-aarch64-static "$build/hashes-arm64" --isa neon --side-by-side | sed 's/ neon / /' >"$build/neon.txt"
"$build/hashes-host" --isa avx2 --side-by-side | sed 's/ avx2 / /' >"$build/avx2.txt"
cmp "$build/neon.txt" "$build/avx2.txt"
echo "ok: the same $(wc -l <"$build/neon.txt") hashes"

# Emulation is slow. So only tests that depend on compiled code run, in two processes, and few of those
# that use Arb: the error report has measured the errors of the same kernels.
section "Python suite"
suite() { # HALF -K-EXPRESSION
  "$python" -P -m pytest tests/{ufunc,quantized} tests/threads/test_bits.py tests/project/test_names.py \
    tests/accuracy/test_{compounds,domains,worst_inputs}.py -m "not slow and not arb and not long" -k "$2" \
    --ignore=tests/ufunc/test_stochastic.py --ignore=tests/ufunc/test_without_ml_dtypes.py \
    --sample="${SAMPLE:-1}" -o faulthandler_timeout=900 -p no:cacheprovider --junitxml="$build/$1.xml"
}
suite scalar "scalar or quantized" >"$build/scalar.log" 2>&1 &
suite rest "not (scalar or quantized)" || status=$?
wait $! || status=$?
cat "$build/scalar.log"
[ "${status:-0}" -eq 0 ] || exit "$status"
"$1" .ci/check_isas.py "$build/rest.xml" neon
"$1" .ci/check_isas.py "$build/scalar.xml" scalar
