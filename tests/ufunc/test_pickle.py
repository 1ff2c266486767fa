"""A ufunc is pickled by its name: it comes back as the same object, in other processes too."""

import copy
import multiprocessing
import pickle
import subprocess
import sys

import numpy as np
import pytest
from support.bits import assert_same_bits

import gelu_fast
from gelu_fast._core import _ufuncs

LOAD = """
import pickle, sys
ufunc = pickle.load(sys.stdin.buffer)
import gelu_fast
assert ufunc is getattr(gelu_fast, sys.argv[1]), ufunc
"""


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(ufunc, protocol):
    assert pickle.loads(pickle.dumps(ufunc, protocol)) is ufunc


def test_copy(ufunc):
    assert copy.copy(ufunc) is ufunc
    assert copy.deepcopy([ufunc]) == [ufunc]


@pytest.mark.kinds
def test_load_where_nothing_is_imported(ufunc):
    command = [sys.executable, "-c", LOAD, ufunc.__name__]
    run = subprocess.run(command, input=pickle.dumps(ufunc), capture_output=True)
    assert run.returncode == 0, run.stderr.decode()


def test_only_the_package_has_ufuncs_under_their_names():
    """NumPy before 2.2 pickles a ufunc as an attribute of the first module that has it."""
    modules = {name: module for name, module in sys.modules.items() if "gelu_fast." in name}
    for name, ufunc in _ufuncs.ufuncs().items():
        assert not [other for other, m in modules.items() if getattr(m, name, None) is ufunc]


def test_other_modules_of_the_name_do_not_interfere():
    """NumPy and other modules also have a tanh."""
    np_tanh = pickle.loads(pickle.dumps(np.tanh))
    assert np_tanh is np.tanh
    assert pickle.loads(pickle.dumps(gelu_fast.tanh)) is not np.tanh


def test_processes():
    x = [np.linspace(-5, 5, 100) + i for i in range(4)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results = pool.map(gelu_fast.tanh, x)
    for got, each in zip(results, x, strict=True):
        assert_same_bits(got, gelu_fast.tanh(each))
