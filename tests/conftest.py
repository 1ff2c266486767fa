"""Fixtures that run a test for every function, dtype and instruction set: from the table, so that a
new function or instruction set is tested without a change here. Test ids name all three."""

from types import SimpleNamespace

import pytest

import gelu_fast
from gelu_fast import _dtypes, _ufuncs
from gelu_fast._dispatch import force_isa

if not _dtypes.is_here("bfloat16"):  # no test is left out in silence
    raise ImportError(f"the tests need bfloat16 arrays: {_dtypes.WHY_NO_BFLOAT16}")

ROWS = [SimpleNamespace(**row) for row in _ufuncs.table()]
FUNCTIONS = list(dict.fromkeys(row.function for row in ROWS))
DTYPES = list(dict.fromkeys(row.dtype for row in ROWS))


def short_name(dtype):
    """The name of a dtype of the table in C: f16, bf16 ..."""
    return dtype.replace("float", "f")


def pytest_report_header(config):
    built = ", ".join(name for name, _ in _ufuncs.isas())
    available = ", ".join(gelu_fast.available_isas())
    return f"gelu_fast: built for {built}; tested here: {available} ({_ufuncs.cpu_features()})"


@pytest.fixture(params=gelu_fast.available_isas())
def isa(request):
    """Each instruction set this computer has, in force during the test."""
    with force_isa(request.param):
        yield request.param


@pytest.fixture(params=FUNCTIONS)
def ufunc(request):
    """Each ufunc."""
    return getattr(gelu_fast, request.param)


@pytest.fixture(params=ROWS, ids=lambda row: f"{row.function}-{row.dtype}")
def row(request):
    """Each row of the table (fields: see functions.def)."""
    return request.param
