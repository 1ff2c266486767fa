"""Blocks read the ways in which models store their layers: transposed, packed, with biases, under
many names. tests/hosts/test_models.py compares the same with the models themselves."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file
from support.blocks import MAKERS, feed_forward, gated, numbers

from gelu_fast.nn import FeedForward, GatedFeedForward, Linear
from gelu_fast.nn._layouts import LAYOUTS

N = 7  # hidden features of the blocks


def write(folder, tensors, name="model.safetensors"):
    tensors = {f"m.{each}": np.ascontiguousarray(array) for each, array in tensors.items()}
    save_file(tensors, folder / name)
    return folder / name


def layers_of(block):
    """(weight, bias) of the layers of a block."""
    arrays = list(block.parameters.values())
    if isinstance(block, GatedFeedForward):
        return list(zip(arrays[:3], arrays[3:], strict=True))
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def stored(layout, block, transposed=False):
    """The tensors of the block in a layout."""
    parts = dict(zip(layout.layers, layers_of(block), strict=True))
    tensors = {}
    for name in layout.stored():
        both = [parts[part] for part in (f"{name}:1", f"{name}:2") if part in parts]
        weights, biases = zip(*(both or [parts[name]]), strict=True)
        weight = np.concatenate(weights)
        tensors[f"{name}.weight"] = weight.T if transposed else weight
        tensors[f"{name}.bias"] = np.concatenate(biases)
    return tensors


def same(found, block):
    assert found.parameters.keys() == block.parameters.keys()
    for name, array in block.parameters.items():
        assert np.array_equal(found.parameters[name], array), name
    x = numbers(30, 5, 4)
    assert np.array_equal(found.forward(x), block.forward(x))


ROWS = [(name, layout) for name in MAKERS if name != "Linear" for layout in LAYOUTS[name]]
each_layout = pytest.mark.parametrize(
    ("name", "layout"), ROWS, ids=["-".join(layout.layers) for _, layout in ROWS]
)


@each_layout
def test_every_layout(tmp_path, name, layout):
    block = MAKERS[name](biases=True)
    path = write(tmp_path, stored(layout, block))
    same(type(block).from_safetensors(path, "m", "gelu"), block)
    path = write(tmp_path, stored(layout, block, transposed=True))
    same(type(block).from_safetensors(path, "m", "gelu", transposed=True), block)


@each_layout
def test_without_biases(tmp_path, name, layout):
    block = MAKERS[name](biases=True)
    tensors = stored(layout, block)
    weights = {each: array for each, array in tensors.items() if each.endswith("weight")}
    found = type(block).from_safetensors(write(tmp_path, weights), "m", "gelu")
    same(found, MAKERS[name](biases=False))


def test_layouts_differ():
    """No row hides another one."""
    for layouts in LAYOUTS.values():
        for i, layout in enumerate(layouts):
            for earlier in layouts[:i]:
                assert not set(earlier.stored()) <= set(layout.stored())


def test_second_half_is_the_gate(tmp_path):
    """In the files of diffusers, the activation is that of the second half."""
    gate, up, down = (numbers(seed, *shape) for seed, shape in enumerate([(N, 4), (N, 4), (3, N)]))
    tensors = {"net.0.proj.weight": np.concatenate([up, gate]), "net.2.weight": down}
    found = GatedFeedForward.from_safetensors(write(tmp_path, tensors), "m", "relu")
    x = numbers(30, 5, 4)
    right = (np.maximum(x @ gate.T, 0) * (x @ up.T)) @ down.T
    np.testing.assert_allclose(found.forward(x), right, rtol=1e-12)
    tensors = {"Wi.weight": np.concatenate([gate, up]), "Wo.weight": down}
    found = GatedFeedForward.from_safetensors(write(tmp_path, tensors), "m", "relu")
    np.testing.assert_allclose(found.forward(x), right, rtol=1e-12)


@pytest.mark.parametrize("layout", ["gate_up_proj", "Wi", "dense_h_to_4h"])
def test_odd_packed(tmp_path, layout):
    down = {"gate_up_proj": "down_proj", "Wi": "Wo", "dense_h_to_4h": "dense_4h_to_h"}[layout]
    for shape in ((5, 4), (2, 4, 4), (4,)):
        tensors = {f"{layout}.weight": np.ones(shape), f"{down}.weight": np.ones((3, 2))}
        path = write(tmp_path, tensors)
        with pytest.raises(
            ValueError, match=rf"m.{layout}.weight in .* \(2 \* hidden_features, in_"
        ):
            GatedFeedForward.from_safetensors(path, "m")
    tensors = {f"{layout}.weight": np.ones((4, 4)), f"{down}.weight": np.ones((3, 2))}
    path = write(tmp_path, tensors | {f"{layout}.bias": np.ones(5)})
    with pytest.raises(ValueError, match=rf"bias of m.{layout}.weight in .* \(4,\); got \(5,\)"):
        GatedFeedForward.from_safetensors(path, "m")


# ---- c_fc and c_proj: GPT-2 stores them transposed, others do not


def c_fc(hidden, ins, outs, biases, transposed):
    """(tensors, block)"""
    w1, w2 = numbers(1, hidden, ins), numbers(2, outs, hidden)
    b1, b2 = (numbers(3, hidden), numbers(4, outs)) if biases else (None, None)
    tensors = {"c_fc.weight": w1, "c_proj.weight": w2}
    if transposed:
        tensors = {name: weight.T for name, weight in tensors.items()}
    if biases:
        tensors |= {"c_fc.bias": b1, "c_proj.bias": b2}
    return tensors, FeedForward(w1, b1, w2, b2)


@pytest.mark.parametrize("transposed", [True, False])
@pytest.mark.parametrize(
    ("hidden", "ins", "outs", "biases"),
    [(16, 4, 4, True), (16, 4, 4, False), (3, 4, 4, True), (16, 4, 5, False), (3, 4, 5, False)],
)
def test_shapes_tell(tmp_path, hidden, ins, outs, biases, transposed):
    tensors, block = c_fc(hidden, ins, outs, biases, transposed)
    path = write(tmp_path, tensors)
    same(FeedForward.from_safetensors(path, "m"), block)
    same(FeedForward.from_safetensors(path, "m", transposed=transposed), block)


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("transposed", [True, False])
def test_square(tmp_path, biases, transposed):
    tensors, block = c_fc(4, 4, 4, biases, transposed)
    path = write(tmp_path, tensors)
    message = r"m.c_fc.weight in .* has shape \(4, 4\), which does not tell .*pass transposed=False"
    with pytest.raises(ValueError, match=message):
        FeedForward.from_safetensors(path, "m")
    same(FeedForward.from_safetensors(path, "m", transposed=transposed), block)


def test_shapes_that_never_fit(tmp_path):
    tensors = {"c_fc.weight": np.ones((16, 4)), "c_proj.weight": np.ones((5, 15))}
    with pytest.raises(
        ValueError, match=r"w2 must have shape .* hidden_features 16.*got \(5, 15\)"
    ):
        FeedForward.from_safetensors(write(tmp_path, tensors), "m")
    tensors["c_proj.weight"] = np.ones((4, 16, 1))
    with pytest.raises(ValueError, match=r"w2 must have shape .*; got \(4, 16, 1\)"):
        FeedForward.from_safetensors(write(tmp_path, tensors), "m")


def test_transposed_linear(tmp_path):
    weight, bias = numbers(1, 3, 4), numbers(2, 3)
    path = write(tmp_path, {"weight": weight.T, "bias": bias})
    same(Linear.from_safetensors(path, "m", transposed=True), Linear(weight, bias))
    with pytest.raises(ValueError, match=r"bias must have shape .*; got \(3,\)"):
        Linear.from_safetensors(path, "m")
    with pytest.raises(TypeError, match="transposed must be True, False or None; got 'yes'"):
        Linear.from_safetensors(path, "m", transposed="yes")


# ---- Refused


def test_the_gate_is_not_left_out(tmp_path):
    path = write(tmp_path, stored(LAYOUTS["GatedFeedForward"][0], gated(biases=True)))
    with pytest.raises(ValueError, match=r"m.gate_proj.weight.* which GatedFeedForward reads"):
        FeedForward.from_safetensors(path, "m")


def test_layers_of_another_block(tmp_path):
    path = write(tmp_path, stored(LAYOUTS["FeedForward"][0], feed_forward()))
    with pytest.raises(KeyError, match=r"does not have .*, but those of FeedForward; "):
        GatedFeedForward.from_safetensors(path, "m")
    with pytest.raises(KeyError, match=r"does not have m.intermediate.dense.bias.weight; "):
        Linear.from_safetensors(path, "m.intermediate.dense.bias")


@pytest.mark.parametrize("name", ["gate_up_proj", "gate_up_proj_blocks"])
def test_experts(tmp_path, name):
    path = write(tmp_path, {name: np.ones((2, 4, 6)), "down_proj": np.ones((2, 3, 4))})
    with pytest.raises(
        ValueError, match=r"m.\w+ in .* several experts, .* one expert to the const"
    ):
        GatedFeedForward.from_safetensors(path, "m")


# ---- Names of activations


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("gelu_pytorch_tanh", "gelu_tanh"),
        ("gelu_new", "gelu_tanh"),
        ("gelu_fast", "gelu_tanh"),
        ("quick_gelu", "gelu_quick"),
        ("gelu_python", "gelu"),
        ("swish", "silu"),
        ("SILU", "silu"),
        ("relu2", "relu_squared"),
        ("hard_silu", "hardswish"),
        ("leaky_relu", ("leaky_relu", 0.01)),
        ("GELU_ERF", "gelu"),
        ("QuickGelu", "gelu_quick"),
    ],
)
@pytest.mark.parametrize("make", [feed_forward, gated])
def test_names_of_models(make, name, ours):
    x, dy = numbers(30, 5, 4), numbers(31, 5, 3)
    found, wanted = make(activation=name), make(activation=ours)
    assert np.array_equal(found.forward(x), wanted.forward(x))
    got, right = found.backward(dy)[1], wanted.backward(dy)[1]
    assert all(np.array_equal(got[each], right[each]) for each in right)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("GELU", "needs a framework: it is gelu"),
        ("gelu_nwe", "did you mean 'gelu_new'"),
        ("relu6", "got 'relu6'$"),
        ("gelu_10", "got 'gelu_10'$"),
    ],
)
def test_names_without_a_function(name, said):
    with pytest.raises(ValueError, match=f"activation must be one of gelu, .*{said}"):
        gated(activation=name)


# ---- Shards


@pytest.fixture
def sharded(tmp_path):
    """A model in two shards, one of which has the last layer."""
    block = gated(biases=True)
    tensors = stored(LAYOUTS["GatedFeedForward"][0], block)
    files = {n: f"model-0000{1 + n.startswith('down')}-of-00002.safetensors" for n in tensors}
    for file in set(files.values()):
        write(tmp_path, {n: tensors[n] for n in tensors if files[n] == file}, file)
    listed = {f"m.{n}": file for n, file in files.items()}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {"total_size": 0}, "weight_map": listed}))
    return index, block


def test_shards(sharded):
    index, block = sharded
    for path in (index, str(index), index.parent, f"{index.parent}/"):
        same(GatedFeedForward.from_safetensors(path, "m", "gelu"), block)
    with pytest.raises(
        KeyError, match=r"has m.gate_proj.weight, m.up_proj.weight, but not m.down_pro"
    ):
        GatedFeedForward.from_safetensors(index.parent / "model-00001-of-00002.safetensors", "m")


def test_shards_of_another_name(sharded):
    """diffusers names its files otherwise."""
    index, block = sharded
    index.rename(index.with_name("diffusion_pytorch_model.safetensors.index.json"))
    same(GatedFeedForward.from_safetensors(index.parent, "m", "gelu"), block)


def test_folder_with_one_file(tmp_path):
    block = feed_forward()
    path = write(tmp_path, stored(LAYOUTS["FeedForward"][1], block))
    same(FeedForward.from_safetensors(tmp_path, "m"), block)
    path.rename(tmp_path / "other.safetensors")
    same(FeedForward.from_safetensors(tmp_path, "m"), block)


def test_folder_without_a_model(sharded, tmp_path):
    index, _ = sharded
    index.unlink()
    names = "model-00001-of-00002.safetensors, model-00002-of-00002.safetensors"
    with pytest.raises(ValueError, match=f"must have one model; it has {names}: pass one of them"):
        FeedForward.from_safetensors(index.parent, "m")
    for shard in index.parent.glob("*.safetensors"):
        shard.unlink()
    with pytest.raises(FileNotFoundError, match=r"does not have model\.safetensors or model\."):
        FeedForward.from_safetensors(index.parent, "m")


def test_missing_shard(sharded):
    index, _ = sharded
    (index.parent / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match="model-00002-of-00002"):
        GatedFeedForward.from_safetensors(index, "m")


def test_shard_without_its_tensor(sharded):
    index, _ = sharded
    text = index.read_text()
    index.write_text(text.replace("00002-of", "00001-of"))
    with pytest.raises(
        KeyError, match=r"00001-of.* does not have m\.down_proj\.weight, which .*json"
    ):
        GatedFeedForward.from_safetensors(index, "m")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weight_map": 1}', '{"weight_map": {"a": 1}}'])
def test_damaged_index(tmp_path, text):
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(text)
    with pytest.raises(
        ValueError, match=r"index.json must be the index of a model, with a weight_m"
    ):
        Linear.from_safetensors(index, "m")


def test_index_stays_in_its_folder(tmp_path):
    index = tmp_path / "model.safetensors.index.json"
    index.write_text('{"weight_map": {"m.weight": "../secret.safetensors"}}')
    with pytest.raises(
        ValueError, match=r"must list files of its own folder; it lists \.\./secret"
    ):
        Linear.from_safetensors(tmp_path, "m")


@pytest.mark.parametrize("shard", ["", ".", "..", "folder"])
def test_index_lists_a_folder(tmp_path, shard):
    (tmp_path / "folder").mkdir()
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"m.weight": shard}}))
    with pytest.raises(ValueError, match=r"is a folder, not a safetensors file"):
        Linear.from_safetensors(tmp_path, "m")
