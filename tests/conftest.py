"""Fixtures that run a test for every function, dtype and instruction set. They come from the table,
so the tests cover a new function or instruction set without a change here. Test ids name all three.

Tests of computed values run for each function. The loops around the functions (memory, strides,
calls) share their code, so modules marked `kinds` run for one function of each kind."""

import os
import re
import tempfile
from collections import Counter, defaultdict
from math import ceil
from zlib import crc32

import pytest
from support import stored
from support.table import COMPOUNDS, FUNCTIONS, KINDS, NAMES, ROWS

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._core import _ufuncs, dtypes
from gelu_fast._core.dispatch import force_isa

if not dtypes.is_here("bfloat16"):  # otherwise tests would be left out without a message
    raise ImportError(f"the tests need bfloat16 arrays: {dtypes.WHY_NO_BFLOAT16}")


def pytest_addoption(parser):
    text = "let the long tests write the digests of tests/stored/"
    parser.addoption("--store", action="store_true", help=text)
    text = "of the tests that run for many functions, and those marked `many`, run one in N, "
    text += "the same ones every time"
    parser.addoption("--sample", metavar="N", type=int, default=1, help=text)


def pytest_report_header(config):
    built = ", ".join(name for name, _ in _ufuncs.isas())
    available = ", ".join(gelu_fast.available_isas())
    return f"gelu_fast: built for {built}; tested here: {available} ({_ufuncs.cpu_features()})"


def pytest_configure(config):
    """Makes a folder for the session (support/c_programs.py); the workers inherit its name."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="gelu_fast-tests-")
        os.environ["GELU_FAST_TESTS_FOLDER"] = folder.name
        config.add_cleanup(folder.cleanup)


def function_of(nodeid):
    """The function that the parameters of a test name, or None."""
    parameters = nodeid.partition("[")[2]
    return min(NAMES.intersection(re.findall(r"\w+", parameters)), default=None)


def scope_of(nodeid):
    """What one worker of pytest-xdist runs: all tests of a function, so that references in Arb are
    computed once; all of a file that builds a package with pip; or one test."""
    if "test_packaging" in nodeid or "test_cython" in nodeid:
        return nodeid.partition("::")[0]
    return function_of(nodeid) or nodeid


def left_out_of(items, sample):
    """What --sample=N leaves out. Of each test that runs for many functions or is marked `many`,
    one in N remains, and at least one; checksums choose, so they are the same ones every time."""
    of_tests = defaultdict(list)
    for item in items:
        if function_of(item.nodeid) or item.get_closest_marker("many"):
            of_tests[item.nodeid.partition("[")[0]].append(item)
    left_out = set()
    for each in of_tests.values():
        each.sort(key=lambda item: crc32(item.name.encode()))
        left_out.update(each[ceil(len(each) / sample) :])
    return left_out


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return scope_of(nodeid)

    config.option.loadscopereorder = False  # the order is that of pytest_collection_modifyitems
    return Scheduling(config, log)


def pytest_collection_modifyitems(config, items):
    """Leaves out what --sample leaves out. With pytest-xdist long scopes come first, so that no
    worker is left alone with one."""
    if left_out := left_out_of(items, config.getoption("sample")):
        config.hook.pytest_deselected(items=[*left_out])
        items[:] = [item for item in items if item not in left_out]
    if not hasattr(config, "workerinput"):
        return
    counts = Counter(scope_of(item.nodeid) for item in items)

    def order(item):
        single = function_of(item.nodeid) is None
        slow = item.get_closest_marker("slow") is not None
        return not (single and slow), single, -counts[scope_of(item.nodeid)]

    items.sort(key=order)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(folder, capfd):
    """Runs gelu-fast apply, checks that it refuses and leaves the folder as it was, and returns its
    one line."""

    def refused(*arguments):
        before = sorted(os.listdir())
        assert main(["apply", *arguments, "--function", "gelu"]) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert err.startswith("gelu-fast: ")
        assert err.count("\n") == 1
        assert sorted(os.listdir()) == before
        return err

    return refused


@pytest.fixture
def check_stored(request):
    """check_stored(name, key, value) compares a digest with the stored one, or stores it if the
    option --store is given."""
    store = request.config.getoption("store")

    def check(name, key, value):
        if store:
            stored.write(name, key, value)
        assert stored.read(name).get(key) == value, stored.__doc__

    return check


@pytest.fixture(params=gelu_fast.available_isas())
def isa(request):
    """Runs the test with each instruction set of this computer in force."""
    with force_isa(request.param):
        yield request.param


def pytest_generate_tests(metafunc):
    wanted = KINDS if metafunc.definition.get_closest_marker("kinds") else NAMES
    functions = [name for name in FUNCTIONS if name in wanted]
    if "name_of_ufunc" in metafunc.fixturenames:
        metafunc.parametrize("name_of_ufunc", functions)
    chosen = [marker.args[0] for marker in metafunc.definition.iter_markers("parametrize")]
    if "row" in metafunc.fixturenames and "row" not in chosen:
        rows = [row for row in ROWS if row.function in functions]
        metafunc.parametrize("row", rows, ids=lambda row: f"{row.function}-{row.dtype}")
    if "compound" in metafunc.fixturenames:
        rows = [row for row in COMPOUNDS if row.function in wanted]
        metafunc.parametrize("compound", rows, ids=lambda row: f"{row.function}-{row.dtype}")


@pytest.fixture
def ufunc(name_of_ufunc):
    """Runs the test for each ufunc."""
    return getattr(gelu_fast, name_of_ufunc)
