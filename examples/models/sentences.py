"""The sentences of data/minilm_embeddings.npz as tokens for models, and the comparison of
embeddings with those of PyTorch in float64."""

import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import minilm  # noqa: E402

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def folder():
    return minilm.model_folder()


def tokens(folder, count):
    """{input: int64 array} for so many sentences, padded to the longest; mask 0 marks padding."""
    sentences = np.load(minilm.REFERENCE)["sentences"].tolist()
    repeated = [sentences[i % len(sentences)] for i in range(count)]
    ids = [encoding.ids for encoding in minilm.tokenizer(folder).encode_batch(repeated)]
    shape = count, max(map(len, ids))
    found = {name: np.zeros(shape, np.int64) for name in INPUTS}
    for i, row in enumerate(ids):
        found["input_ids"][i, : len(row)] = row
        found["attention_mask"][i, : len(row)] = 1
    return found


def difference(embeddings):
    """The largest difference from the embeddings of PyTorch in float64."""
    right = np.load(minilm.REFERENCE)["embeddings"]
    repeated = right[np.arange(len(embeddings)) % len(right)]
    return float(np.abs(np.asarray(embeddings, np.float64) - repeated).max())


def compare(encoders, folder):
    """Prints the differences of {name: encoder} for all sentences in one batch."""
    given = tokens(folder, len(np.load(minilm.REFERENCE)["sentences"]))
    for name, encode in encoders.items():
        print(f"{name:30} largest difference from float64: {difference(encode(given)):.2g}")
