"""Blocks read their weights from safetensors files, under the names that models use."""

import json
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file
from support.blocks import MAKERS, numbers

from gelu_fast.nn import FeedForward, GatedFeedForward, Linear, _safetensors

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
    path = write(tmp_path, tensors_of(block, layers))
    check(GatedFeedForward.from_safetensors(path, PREFIX, activation="gelu"), block)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("prefix", ["a.query", ""])
def test_linear(tmp_path, bias, prefix):
    block = Linear(numbers(1, 3, 4), numbers(2, 3) if bias else None)
    names = {name: f"{prefix}.{name}".lstrip(".") for name in block.parameters}
    path = write(tmp_path, {names[name]: array for name, array in block.parameters.items()})
    check(Linear.from_safetensors(path, prefix), block)


def test_float16_becomes_float32(tmp_path):
    tensors = tensors_of(MAKERS["FeedForward"](), ("fc1", "fc2"))
    halves = {name: array.astype(np.float16) for name, array in tensors.items()}
    path = write(tmp_path, halves)
    for dtype, wanted in ((None, np.float32), (np.float32, np.float32), (np.float64, np.float64)):
        found = FeedForward.from_safetensors(path, PREFIX, dtype=dtype)
        assert found.dtype == wanted
        for got, stored in zip(found.parameters.values(), halves.values(), strict=True):
            assert np.array_equal(got, stored)
    with pytest.raises(
        TypeError, match=r"encoder.layer.3.fc1.weight in .* must be .*; got float16"
    ):
        FeedForward.from_safetensors(path, PREFIX, dtype=np.float16)


def test_integers_are_refused(tmp_path):
    path = stored_as(tmp_path, "I16", 2)
    with pytest.raises(TypeError, match=r"m.gate_proj.weight in .* float32 or float64; got int16"):
        GatedFeedForward.from_safetensors(path, "m")


def test_missing_layer(tmp_path):
    """The message names what is missing of the layout that the file has most of."""
    tensors = tensors_of(MAKERS["FeedForward"](), ("fc1", "fc2"))
    del tensors[f"{PREFIX}.fc2.weight"]
    path = write(tmp_path, tensors)
    with pytest.raises(KeyError) as caught:
        FeedForward.from_safetensors(path, PREFIX)
    [text] = caught.value.args
    assert f"has {PREFIX}.fc1.weight, but not {PREFIX}.fc2.weight; " in text
    assert text.endswith(f"under {PREFIX} it has " + ", ".join(sorted(tensors)))


def test_no_layer(tmp_path):
    path = write(tmp_path, {"m.gate.weight": np.ones((2, 2))})
    with pytest.raises(KeyError) as caught:
        GatedFeedForward.from_safetensors(path, "m")
    [text] = caught.value.args
    assert "does not have under m the weights of gate_proj, up_proj, down_proj or w1, w3" in text
    assert text.endswith("; under m it has m.gate.weight")


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


def stored_as(tmp_path, dtype, width, scales=None):
    """Writes a file of a dtype that NumPy may not have."""
    names = [f"m.{layer}.weight" for layer in GATED[0]]
    header = {
        name: {
            "dtype": dtype,
            "shape": [2, 2],
            "data_offsets": [4 * width * i, 4 * width * (i + 1)],
        }
        for i, name in enumerate(names)
    }
    if scales:
        header[scales] = {"dtype": dtype, "shape": [0], "data_offsets": [12 * width, 12 * width]}
    text = json.dumps(header).encode()
    path = tmp_path / "model.safetensors"
    stored = bytes(12) if width == 1 else bytes(63 + i % 60 for i in range(12 * width))
    path.write_bytes(len(text).to_bytes(8, "little") + text + stored)
    return path


def test_bfloat16_becomes_float32(tmp_path):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    path = stored_as(tmp_path, "BF16", 2)
    stored = np.frombuffer(path.read_bytes()[-24:], ml_dtypes.bfloat16).astype(np.float64)
    for dtype, wanted in ((None, np.float32), (np.float32, np.float32), (np.float64, np.float64)):
        block = GatedFeedForward.from_safetensors(path, "m", dtype=dtype)
        assert block.dtype == wanted
        got = np.concatenate([array.ravel() for array in block.parameters.values()])
        assert np.array_equal(got, stored)
    assert len(set(stored)) == 12


def test_bfloat16_without_ml_dtypes(tmp_path, monkeypatch):
    monkeypatch.setattr(_safetensors, "BFLOAT16", None)
    path = stored_as(tmp_path, "BF16", 2)
    message = r"m.gate_proj.weight in .*model.safetensors is bfloat16, .*ml_dtypes: pip install"
    with pytest.raises(ImportError, match=message):
        GatedFeedForward.from_safetensors(path, "m", dtype=np.float32)


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2"])
def test_float8(tmp_path, dtype):
    path = stored_as(tmp_path, dtype, 1)
    message = rf"m.gate_proj.weight in .* must have a dtype .*; got {dtype}, which is float8"
    for wanted in (None, np.float32):
        with pytest.raises(TypeError, match=message):
            GatedFeedForward.from_safetensors(path, "m", dtype=wanted)


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2", "I8", "U8"])
@pytest.mark.parametrize(
    "scales", ["up_proj.weight_scale_inv", "up_proj.scale_weight", "up_proj.SCB"]
)
def test_quantized(tmp_path, dtype, scales):
    """The weights without their scales would be wrong."""
    path = stored_as(tmp_path, dtype, 1, f"m.{scales}")
    kind = f"{dtype}, which is float8" if dtype.startswith("F8") else dtype
    message = (
        rf"m.up_proj.weight in .* must not be quantized; got {kind}, with the scales m.{scales}"
    )
    with pytest.raises(TypeError, match=message):
        Linear.from_safetensors(path, "m.up_proj", dtype=np.float32)
    with pytest.raises(TypeError, match=f"_proj.weight in .*; got {kind}"):
        GatedFeedForward.from_safetensors(path, "m", dtype=np.float32)


WIDTHS = {
    **{f"{kind}{8 * width}": width for kind in "IU" for width in (1, 2, 4, 8)},
    **{"F16": 2, "F32": 4, "F64": 8, "BOOL": 1},
}


@pytest.mark.parametrize("dtype", sorted(WIDTHS))
def test_dtypes_are_converted(tmp_path, dtype):
    path = stored_as(tmp_path, dtype, WIDTHS[dtype])
    assert GatedFeedForward.from_safetensors(path, "m", dtype=np.float64).dtype == np.float64


DAMAGED = {
    "empty": lambda data: b"",
    "cut header": lambda data: data[:20],
    "cut numbers": lambda data: data[:-1],
    "not a header": lambda data: data[:8] + b"x" * (len(data) - 8),
    "text": lambda data: b"version https://git-lfs.github.com/spec/v1\n",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged(tmp_path, damage):
    path = stored_as(tmp_path, "F32", 4)
    path.write_bytes(DAMAGED[damage](path.read_bytes()))
    with pytest.raises(ValueError, match=r"model.safetensors is not a whole safetensors file: "):
        GatedFeedForward.from_safetensors(path, "m")


@pytest.mark.parametrize("prefix", [None, b"m", 3])
def test_prefix(tmp_path, prefix):
    path = stored_as(tmp_path, "F32", 4)
    with pytest.raises(TypeError, match="prefix must be a string; got"):
        GatedFeedForward.from_safetensors(path, prefix)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        GatedFeedForward.from_safetensors(tmp_path / "nothing", "m")
