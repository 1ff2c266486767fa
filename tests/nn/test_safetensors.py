"""Blocks read their weights from safetensors files, under the names that models use."""

import sys

import numpy as np
import pytest
from safetensors.numpy import save_file
from support.blocks import MAKERS, numbers

from gelu_fast.nn import FeedForward, GatedFeedForward, Linear

PREFIX = "encoder.layer.3"
FEED_FORWARD = [
    ("intermediate.dense", "output.dense"),
    ("fc1", "fc2"),
    ("linear1", "linear2"),
    ("lin1", "lin2"),
    ("wi", "wo"),
    ("dense_h_to_4h", "dense_4h_to_h"),
]
GATED = [("gate_proj", "up_proj", "down_proj"), ("w1", "w3", "w2"), ("wi_0", "wi_1", "wo")]


def write(folder, tensors):
    path = folder / "model.safetensors"
    save_file(tensors, path)
    return path


def tensors_of(block, layers, prefix=PREFIX):
    """Returns the parameters under the names of layers."""
    arrays = block.parameters
    kinds = [".bias" if array.ndim == 1 else ".weight" for array in arrays.values()]
    owners = [layer for layer in layers for _ in range(2)] if ".bias" in kinds else layers
    names = [f"{prefix}.{owner}{kind}" for owner, kind in zip(owners, kinds, strict=True)]
    return dict(zip(names, arrays.values(), strict=True))


def check(found, block):
    assert type(found) is type(block)
    assert found.parameters.keys() == block.parameters.keys()
    for name, array in block.parameters.items():
        assert np.array_equal(found.parameters[name], array)
    x = numbers(30, 5, 4)
    assert np.array_equal(found.forward(x), block.forward(x))


@pytest.mark.parametrize("layers", FEED_FORWARD, ids="-".join)
@pytest.mark.parametrize("biases", [True, False])
def test_feed_forward(tmp_path, layers, biases):
    block = MAKERS["FeedForward"](biases=biases)
    others = {f"{PREFIX}.attention.output.dense.weight": np.ones((2, 2))}
    path = write(tmp_path, tensors_of(block, layers) | others)
    check(FeedForward.from_safetensors(path, PREFIX), block)
    check(FeedForward.from_safetensors(str(path), f"{PREFIX}.", "gelu"), block)


@pytest.mark.parametrize("layers", GATED, ids="-".join)
def test_gated(tmp_path, layers):
    block = MAKERS["GatedFeedForward"]()
    tensors = tensors_of(block, layers)
    path = write(tmp_path, tensors)
    check(GatedFeedForward.from_safetensors(path, PREFIX, activation="gelu"), block)
    path = write(tmp_path, tensors | {f"{PREFIX}.{layers[1]}.bias": np.ones(7)})
    with pytest.raises(ValueError, match=r"biases under 'encoder\.layer\.3'"):
        GatedFeedForward.from_safetensors(path, PREFIX, activation="gelu")


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("prefix", ["a.query", ""])
def test_linear(tmp_path, bias, prefix):
    block = Linear(numbers(1, 3, 4), numbers(2, 3) if bias else None)
    names = {name: f"{prefix}.{name}".lstrip(".") for name in block.parameters}
    path = write(tmp_path, {names[name]: array for name, array in block.parameters.items()})
    check(Linear.from_safetensors(path, prefix), block)


def test_dtypes(tmp_path):
    tensors = tensors_of(MAKERS["FeedForward"](), ("fc1", "fc2"))
    path = write(tmp_path, {name: array.astype(np.float16) for name, array in tensors.items()})
    with pytest.raises(TypeError, match=r"encoder.layer.3.fc1.weight must be .*; got float16"):
        FeedForward.from_safetensors(path, PREFIX)
    found = FeedForward.from_safetensors(path, PREFIX, dtype=np.float32)
    assert found.dtype == np.float32
    assert np.array_equal(found.parameters["b2"], tensors[f"{PREFIX}.fc2.bias"].astype(np.float16))


def test_missing_names(tmp_path):
    tensors = tensors_of(MAKERS["FeedForward"](), ("fc1", "fc2"))
    del tensors[f"{PREFIX}.fc2.weight"]
    path = write(tmp_path, tensors)
    with pytest.raises(KeyError) as caught:
        FeedForward.from_safetensors(path, PREFIX)
    [text] = caught.value.args
    assert f"{PREFIX}.fc1.weight, {PREFIX}.fc2.weight or" in text
    assert f"intermediate.dense.weight, {PREFIX}.output.dense.weight or" in text
    assert text.endswith(f"under {PREFIX} it has " + ", ".join(sorted(tensors)))


def test_missing_prefix(tmp_path):
    """The message lists the existing names, but not thousands of them."""
    path = write(tmp_path, {f"layer.{i:02}.weight": np.ones(1) for i in range(25)})
    with pytest.raises(KeyError) as caught:
        Linear.from_safetensors(path, "layers.0")
    [text] = caught.value.args
    assert "does not have layers.0.weight; it has layer.00.weight, layer.01.weight, " in text
    assert text.endswith("layer.19.weight, and 5 more")
    with pytest.raises(KeyError, match="it is empty"):
        Linear.from_safetensors(write(tmp_path, {}), "layers.0")


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        Linear.from_safetensors(tmp_path / "none.safetensors", "")


def test_missing_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(ImportError, match=r"needs the package safetensors: pip install 'gelu_fast"):
        Linear.from_safetensors(tmp_path / "none.safetensors", "")
