"""Times every function x dtype x size x instruction set x stride, with pytest-benchmark:

    pytest benchmarks --benchmark-group-by=param:size,param:step
    pytest benchmarks -k "gelu-float32 and avx512" --benchmark-save=before

The functions and dtypes come from the table. Each result includes ns_per_element, and no test
checks a time. compare.py compares gelu_fast with other libraries.
"""

import numpy as np
import pytest

import gelu_fast
from gelu_fast._core import _ufuncs
from gelu_fast._core.dispatch import force_isa

ROWS = [(row.function, row.dtype) for row in _ufuncs.table()]
SIZES = [1_000, 2**17, 2**22]
STEPS = [1, 2, -1]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"step{step}")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"n{size}")
@pytest.mark.parametrize("isa", gelu_fast.available_isas())
@pytest.mark.parametrize(("function", "dtype"), ROWS, ids=lambda name: name)
@pytest.mark.benchmark(min_time=1e-4, max_time=0.05, min_rounds=5, disable_gc=True)
def test_speed(benchmark, function, dtype, isa, size, step):
    ufunc = getattr(gelu_fast, function)
    base = np.random.default_rng(1).normal(0, 2, size * abs(step)).astype(dtype)
    args, out = [base[::step]] * ufunc.nin, np.empty(size, dtype)
    with force_isa(isa):
        benchmark(ufunc, *args, out)
    if benchmark.stats:  # there are none with --benchmark-disable
        benchmark.extra_info["ns_per_element"] = 1e9 * benchmark.stats["median"] / size
