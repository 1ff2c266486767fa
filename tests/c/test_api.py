"""The public header and functions of the C core, called from C11 and from C++
(tests/c/test_api.c)."""

import re
import shutil
import subprocess

import pytest
from support import ROOT
from support.c_programs import C11, CC, build

import gelu_fast

ISAS = gelu_fast.available_isas()
CXX = next(filter(shutil.which, ("c++", "g++", "clang++")), None)
SOURCE = ROOT / "tests" / "c" / "test_api.c"

pytestmark = pytest.mark.slow


def run_tests(program):
    run = subprocess.run([program], capture_output=True, text=True)
    last = run.stdout.splitlines()[-1:]
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.fullmatch(r"[1-9]\d* passed, 0 failed", *last)
    assert set(re.findall(r"^ok +\w+ on (\w+)$", run.stdout, re.M)) == set(ISAS)


@pytest.mark.parametrize("isas", ["+".join(ISAS)])
def test_from_c(isas):
    run_tests(build("test_api_c", [SOURCE], [*CC, *C11]))


@pytest.mark.parametrize("isas", ["+".join(ISAS)])
def test_streamed(isas):
    """Prefetches and streaming stores (tests/c/test_stream.c)."""
    program = build("test_stream", [ROOT / "tests" / "c" / "test_stream.c"], [*CC, *C11])
    run = subprocess.run([program], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    for how in ("prefetched", "streamed"):
        assert set(re.findall(rf"^ok +{how} on (\w+)$", run.stdout, re.M)) == set(ISAS)


@pytest.mark.parametrize("isas", ["+".join(ISAS)])
def test_lookup(isas):
    """The lookup of bytes (tests/c/test_lookup.c)."""
    program = build("test_lookup", [ROOT / "tests" / "c" / "test_lookup.c"], [*CC, *C11])
    run = subprocess.run([program], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    for where in ("", " without avx512vbmi"):
        assert set(re.findall(rf"^ok +lookup on (\w+){where}$", run.stdout, re.M)) == set(ISAS)


@pytest.mark.parametrize("isas", ["+".join(ISAS)])
def test_stack(isas):
    """No call takes more than 16 KiB of stack (tests/c/test_stack.c)."""
    program = build("test_stack", [ROOT / "tests" / "c" / "test_stack.c"], [*CC, *C11])
    run = subprocess.run([program], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    deepest = dict(re.findall(r"^ok +stack on (\w+): at most (\d+) bytes", run.stdout, re.M))
    assert set(deepest) == set(ISAS)
    assert all(1024 < int(taken) <= 16384 for taken in deepest.values())


def test_threads():
    """Every function from several threads at once (tests/c/test_threads.c)."""
    program = build("test_threads", [ROOT / "tests" / "c" / "test_threads.c"], [*CC, *C11])
    subprocess.run([program], check=True)


@pytest.mark.parametrize("isas", ["+".join(ISAS)])
def test_pool(isas):
    """Calls in several threads (tests/c/test_pool.c)."""
    program = build("test_pool", [ROOT / "tests" / "c" / "test_pool.c"], [*CC, *C11])
    run = subprocess.run([program], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr
    assert set(re.findall(r"^ok +threads on (\w+)$", run.stdout, re.M)) == set(ISAS)


def test_cpus():
    """How many CPUs the process may use (tests/c/test_cpus.c)."""
    program = build("test_cpus", [ROOT / "tests" / "c" / "test_cpus.c"], [*CC, *C11])
    run = subprocess.run([program], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.match(r"ok +cpus: \d+$", run.stdout)


@pytest.mark.skipif(CXX is None, reason="there is no C++ compiler")
@pytest.mark.parametrize("isas", ["+".join(ISAS)])
def test_from_cpp(isas):
    flags = ["-x", "c++", "-std=c++14", "-Wall", "-Wextra", "-Werror"]
    run_tests(build("test_api_cpp", [SOURCE], [CXX, *flags]))
