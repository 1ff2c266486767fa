"""The fuzz targets that need no other packages accept a few inputs, and notice faults. `make fuzz`
runs them with many more."""

from pathlib import Path

import numpy as np
import pytest

import gelu_fast
from gelu_fast._core import _ufuncs
from gelu_fast._core.dispatch import isa

from . import layouts, model_files, npy_files

FOUND = Path(__file__).parent / "corpus"
TARGETS = {"layouts": layouts, "npy_files": npy_files, "model_files": model_files}


@pytest.fixture(autouse=True)
def same_isa():
    before = isa()
    yield
    _ufuncs.select_isa(before)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_findings(name):
    inputs = TARGETS[name].seeds()
    inputs += [path.read_bytes() for path in sorted((FOUND / name).glob("*"))]
    assert len(inputs) > 10
    for data in inputs:
        TARGETS[name].check(data)


def broken(name):
    """Whether a seed breaks the target."""
    for data in TARGETS[name].seeds():
        try:
            TARGETS[name].check(data)
        except AssertionError:
            return True
    return False


class Wrong:
    """A ufunc whose results depend on the layout of the first input."""

    def __init__(self, ufunc):
        self.ufunc = ufunc

    def __getattr__(self, name):
        return getattr(self.ufunc, name)

    def __call__(self, *args, **options):
        results = self.ufunc(*args, **options)
        if options and not args[0].flags.c_contiguous and args[0].size:
            options["out"][0][...] = 7
        return results


def test_layouts_notices_a_wrong_result(monkeypatch):
    monkeypatch.setattr(layouts, "UFUNCS", [*map(Wrong, layouts.UFUNCS)])
    assert broken("layouts")


def test_npy_files_notices_a_wrong_result(monkeypatch):
    monkeypatch.setattr(npy_files, "apply_file", lambda *args, **options: None)
    np.save(npy_files.TARGET, np.zeros(3))
    assert broken("npy_files")


def test_model_files_notices_a_wrong_number(monkeypatch):
    class Block(gelu_fast.nn.Linear):
        @classmethod
        def from_safetensors(cls, *args, **options):
            block = super().from_safetensors(*args, **options)
            block.parameters["weight"][...] = 7
            return block

    monkeypatch.setattr(model_files, "BLOCKS", {"Linear": Block})
    assert broken("model_files")
