"""all-MiniLM-L6-v2 in PyTorch, as transformers builds it, and with gelu_fast.torch.replace."""

import copy

import sentences
import torch
from transformers import BertModel
from transformers.utils import logging

import gelu_fast.torch

logging.set_verbosity_error()
logging.disable_progress_bar()


class Sentence(torch.nn.Module):
    """A unit vector for each row of tokens: the mean over those that are no padding."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        states = self.model(input_ids, attention_mask, token_type_ids).last_hidden_state
        kept = attention_mask[..., None].to(states.dtype)
        mean = (states * kept).sum(1) / kept.sum(1)
        return mean / mean.norm(dim=1, keepdim=True)


def model(folder, dtype="float32", **options):
    loaded = BertModel.from_pretrained(folder, add_pooling_layer=False, **options)
    return Sentence(loaded.to(getattr(torch, dtype))).eval()


def encoders(folder, dtype="float32", threads=1):
    """{name: function of tokens}"""
    torch.set_num_threads(threads)
    before = model(folder, dtype)
    after = copy.deepcopy(before)
    gelu_fast.torch.replace(after)
    return {"PyTorch": caller(before), "PyTorch, replaced": caller(after)}


def caller(module):
    def encode(tokens):
        tensors = [torch.from_numpy(tokens[name]) for name in sentences.INPUTS]
        with torch.inference_mode():
            return module(*tensors).float().numpy()

    return encode


def main():
    folder = sentences.folder()
    print(gelu_fast.torch.replace(model(folder)))
    for dtype in ("float32", "bfloat16"):
        print(dtype)
        sentences.compare(encoders(folder, dtype), folder)


if __name__ == "__main__":
    main()
