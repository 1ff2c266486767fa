"""all-MiniLM-L6-v2 in JAX: a small encoder, with jax.nn.gelu and with gelu_fast.jax.gelu."""

from functools import partial

import jax
import jax.numpy as jnp
import sentences
from safetensors.flax import load_file
from sentences import minilm

import gelu_fast.jax


def encoders(folder, threads=1):
    """{name: function of tokens}. XLA takes as many threads as the process has CPUs."""
    weights = load_file(folder / "model.safetensors")
    exact = partial(jax.nn.gelu, approximate=False)
    return {
        "JAX": caller(weights, exact),
        "JAX, gelu_fast.jax.gelu": caller(weights, gelu_fast.jax.gelu),
    }


def caller(weights, activation):
    function = jax.jit(partial(encode, activation=activation))
    return lambda tokens: function(weights, **tokens)


def encode(w, input_ids, attention_mask, token_type_ids, activation):
    """A unit vector for each row of tokens: the mean over those that are no padding."""

    def embedded(kind, index):
        return w[f"embeddings.{kind}_embeddings.weight"][index]

    x = embedded("word", input_ids) + embedded("token_type", token_type_ids)
    x = x + embedded("position", jnp.arange(input_ids.shape[1]))
    x = layer_norm(w, "embeddings.LayerNorm", x)
    for i in range(minilm.LAYERS):
        layer = f"encoder.layer.{i}"
        mixed = attention(w, f"{layer}.attention", x, attention_mask)
        x = layer_norm(w, f"{layer}.attention.output.LayerNorm", x + mixed)
        hidden = activation(linear(w, f"{layer}.intermediate.dense", x))
        x = x + linear(w, f"{layer}.output.dense", hidden)
        x = layer_norm(w, f"{layer}.output.LayerNorm", x)
    kept = attention_mask[..., None].astype(x.dtype)
    mean = (x * kept).sum(1) / kept.sum(1)
    return mean / jnp.linalg.norm(mean, axis=1, keepdims=True)


def linear(w, name, x):
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def layer_norm(w, name, x):
    x = x - x.mean(-1, keepdims=True)
    x = x / jnp.sqrt(jnp.square(x).mean(-1, keepdims=True) + minilm.EPSILON)
    return x * w[f"{name}.weight"] + w[f"{name}.bias"]


def attention(w, name, x, mask):
    def heads(part):
        product = linear(w, f"{name}.self.{part}", x)
        return product.reshape(*x.shape[:2], minilm.HEADS, -1)

    q, k, v = map(heads, ("query", "key", "value"))
    scores = jnp.einsum("bqhf,bkhf->bhqk", q, k) / jnp.sqrt(jnp.asarray(q.shape[-1], x.dtype))
    scores = jnp.where(mask[:, None, None, :] != 0, scores, -jnp.inf)
    mixed = jnp.einsum("bhqk,bkhf->bqhf", jax.nn.softmax(scores), v).reshape(x.shape)
    return linear(w, f"{name}.output.dense", mixed)


def main():
    folder = sentences.folder()
    sentences.compare(encoders(folder), folder)


if __name__ == "__main__":
    main()
