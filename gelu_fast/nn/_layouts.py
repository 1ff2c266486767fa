"""How the files of models name and store the layers of a block: a row of LAYOUTS for each way, and
the choice of the row that fits a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np

from .._core.arrays import Array

Layer = tuple[Array, Array | None]  # weight, bias


class Layout(NamedTuple):
    """The layers, in the order of the block's parameters, as they are named after the prefix.

    NAME:1 and NAME:2 are the first and the second half of the outputs of one stored layer. Weights
    are stored as (out_features, in_features), or transposed; None: some models store them so, some
    transposed."""

    layers: tuple[str, ...]
    models: str
    transposed: bool | None = False

    def stored(self) -> list[str]:
        return list(dict.fromkeys(layer.partition(":")[0] for layer in self.layers))

    def weights(self, prefix: str) -> list[str]:
        return [joined(prefix, layer, "weight") for layer in self.stored()]


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "Linear": (Layout(("",), "any"),),
    # First and second layer
    "FeedForward": (
        Layout(("intermediate.dense", "output.dense"), "BERT, ViT"),
        Layout(("fc1", "fc2"), "CLIP, OPT, Phi, Whisper"),
        Layout(("linear1", "linear2"), "PyTorch's TransformerEncoderLayer"),
        Layout(("lin1", "lin2"), "DistilBERT"),
        Layout(("wi", "wo"), "T5"),
        Layout(("dense_h_to_4h", "dense_4h_to_h"), "GPT-NeoX, Falcon, BLOOM"),
        # GPT-2's layer Conv1D stores (in_features, out_features).
        Layout(("c_fc", "c_proj"), "GPT-2, GPT-Neo, StarCoder2", transposed=None),
        Layout(("fc_in", "fc_out"), "GPT-J, CodeGen"),
        Layout(("up_proj", "down_proj"), "MPT, Nemotron"),
        Layout(("intermediate_dense", "output_dense"), "wav2vec 2.0"),
        Layout(("ffn", "ffn_output"), "ALBERT"),
        Layout(("net.0.proj", "net.2"), "diffusers"),
    ),
    # Gate, up and down, where the activation is that of the gate
    "GatedFeedForward": (
        Layout(("gate_proj", "up_proj", "down_proj"), "LLaMA, Mistral, Gemma, Qwen"),
        Layout(("w1", "w3", "w2"), "LLaMA in Meta's files, Mixtral"),
        Layout(("wi_0", "wi_1", "wo"), "T5 v1.1"),
        Layout(("gate_up_proj:1", "gate_up_proj:2", "down_proj"), "Phi-3, GLM-4"),
        Layout(("Wi:1", "Wi:2", "Wo"), "ModernBERT"),
        Layout(("dense_h_to_4h:1", "dense_h_to_4h:2", "dense_4h_to_h"), "ChatGLM"),
        Layout(("weights_in:1", "weights_in:2", "weights_out"), "DINOv2"),
        Layout(("fc12", "fc11", "fc2"), "Nomic BERT"),
        Layout(("w2", "w1", "c_proj"), "Qwen of 2023"),
        Layout(("net.0.proj:2", "net.0.proj:1", "net.2"), "diffusers"),
    ),
}


def joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def chosen(block: str, path: str, names: Collection[str], prefix: str) -> Layout:
    """The first layout of the block of which the file has all weights under the prefix."""
    complete = [x for x in LAYOUTS[block] if all(name in names for name in x.weights(prefix))]
    if not complete:
        refuse_experts(path, names, prefix)
        raise KeyError(f"{lacking(block, path, names, prefix)}; {listing(names, prefix)}")
    layout = complete[0]
    for other, larger in complete_layouts(names, prefix):
        if set(larger.stored()) > set(layout.stored()):
            raise ValueError(
                f"{path} has {', '.join(larger.weights(prefix))}, which {other} reads; "
                f"{block} would leave out some of them"
            )
    return layout


def complete_layouts(names: Collection[str], prefix: str) -> Iterator[tuple[str, Layout]]:
    for block, layouts in LAYOUTS.items():
        for layout in layouts:
            if all(name in names for name in layout.weights(prefix)):
                yield block, layout


def refuse_experts(path: str, names: Collection[str], prefix: str) -> None:
    """Mixtures of experts store parameters without `.weight`, in various orders: GPT-OSS
    interleaves gate and up."""
    stacks = {joined(prefix, x) for rows in LAYOUTS.values() for row in rows for x in row.stored()}
    for stack in sorted(stacks - {prefix}):
        for name in (stack, f"{stack}_blocks"):
            if name in names:
                raise ValueError(
                    f"{name} in {path} holds the weights of several experts, which "
                    "from_safetensors does not read: pass those of one expert to the constructor"
                )


def lacking(block: str, path: str, names: Collection[str], prefix: str) -> str:
    """What was looked for, and what of it the file has."""

    def found(layout: Layout) -> list[str]:
        return [name for name in layout.weights(prefix) if name in names]

    nearest = max(LAYOUTS[block], key=lambda layout: len(found(layout)))
    others = ", ".join(other for other, _ in complete_layouts(names, prefix))
    hint = f", but those of {others}" if others else ""
    if found(nearest):
        missing = [name for name in nearest.weights(prefix) if name not in names]
        return f"{path} has {', '.join(found(nearest))}, but not {', '.join(missing)}{hint}"
    if len(LAYOUTS[block]) == 1:
        return f"{path} does not have {', '.join(nearest.weights(prefix))}{hint}"
    rows = " or ".join(", ".join(layout.stored()) for layout in LAYOUTS[block])
    under = f" under {prefix}" if prefix else ""
    return f"{path} does not have{under} the weights of {rows}{hint}"


MOST_NAMES = 20  # the most names that an error lists


def listing(names: Collection[str], prefix: str) -> str:
    """The names in the file under the prefix, or all names if there are none under it."""
    below = [name for name in names if name.startswith(prefix + ".")]
    where, found = ("it has", names) if not below else (f"under {prefix} it has", below)
    shown = ", ".join(sorted(found)[:MOST_NAMES])
    more = f", and {len(found) - MOST_NAMES} more" if len(found) > MOST_NAMES else ""
    return f"{where} {shown}{more}" if found else "it is empty"


# ---- The form of the weights


def arranged(
    layout: Layout, stored: dict[str, Layer], path: str, prefix: str, transposed: bool | None
) -> list[Layer]:
    """The layers in the order of the block's parameters, as (out_features, in_features). `stored`
    has what the file has, {name of the layer: (weight, bias)}."""
    if transposed is None:
        transposed = layout.transposed
    if transposed is None:
        transposed = told_by_shapes([*stored.values()], path, layout.weights(prefix)[0])
    if transposed:  # with C-contiguous weights some products are faster
        stored = {
            name: (np.ascontiguousarray(weight.T), bias) for name, (weight, bias) in stored.items()
        }
    found = []
    for layer in layout.layers:
        name, _, part = layer.partition(":")
        label = f"{joined(prefix, name, 'weight')} in {path}"
        found.append(half(label, *stored[name], int(part)) if part else stored[name])
    return found


def half(label: str, weight: Array, bias: Array | None, part: int) -> Layer:
    if weight.ndim != 2 or len(weight) % 2:
        raise ValueError(
            f"{label} must have shape (2 * hidden_features, in_features); got {weight.shape}"
        )
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"the bias of {label} must have shape ({len(weight)},); got {bias.shape}")
    middle = len(weight) // 2
    here = slice(middle) if part == 1 else slice(middle, None)
    return weight[here], None if bias is None else bias[here]


def told_by_shapes(layers: list[Layer], path: str, first: str) -> bool:
    """Whether the weights of two layers are stored as (in_features, out_features). Biases tell it.
    Without biases, the hidden layer is taken to be the wider one."""
    if any(weight.ndim != 2 for weight, _ in layers):
        return False  # the block refuses them
    fitting = [transposed for transposed in (False, True) if fits(layers, transposed)]
    if len(fitting) == 1:
        return fitting[0]
    rows, columns = layers[0][0].shape
    if fitting and rows == columns:
        raise ValueError(
            f"{first} in {path} has shape {layers[0][0].shape}, which does not tell whether it is "
            "(out_features, in_features) or, as in GPT-2, (in_features, out_features): pass "
            "transposed=False or transposed=True"
        )
    return bool(fitting) and rows < columns


def fits(layers: list[Layer], transposed: bool) -> bool:
    (outs, ins) = zip(*(w.shape[::-1] if transposed else w.shape for w, _ in layers), strict=True)
    biased = zip(outs, (bias for _, bias in layers), strict=True)
    return outs[0] == ins[1] and all(b is None or b.shape == (out,) for out, b in biased)
