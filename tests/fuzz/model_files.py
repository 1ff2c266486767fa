"""The blocks of `gelu_fast.nn` from any safetensors file, and from any index. They must be made of
the numbers in the file, or refuse it with the errors that from_safetensors documents."""

import json
import os
import tempfile

import numpy as np
import safetensors.numpy

from gelu_fast.nn import FeedForward, GatedFeedForward, Linear
from gelu_fast.nn._layouts import LAYOUTS

from .choices import Choices

FOLDER = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
MODEL = os.path.join(FOLDER.name, "model.safetensors")
INDEX = MODEL + ".index.json"
BLOCKS = {"Linear": Linear, "FeedForward": FeedForward, "GatedFeedForward": GatedFeedForward}
LAYERS = sorted({name for rows in LAYOUTS.values() for row in rows for name in row.stored()})
SIZES = {"F32": 4, "F64": 8, "F16": 2, "BF16": 2, "I8": 1, "F8_E4M3": 1, "BOOL": 1, "I64": 8}
NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
NUMPY |= {"I8": "i1", "BOOL": "?", "I64": "<i8"}
TYPES = [*SIZES, *["F32"] * 8]
REFUSALS = (TypeError, ValueError, KeyError, FileNotFoundError)
MOST = 1 << 16  # bytes of a tensor that this target makes


def seeds():
    rng = np.random.default_rng(0)
    files = [safetensors.numpy.save({"weight": np.ones((2, 3), "f4"), "bias": np.ones(2, "f4")})]
    files += [
        safetensors.numpy.save({"fc1.weight": np.ones((2, 3)), "fc2.weight": np.ones((3, 2))})
    ]
    names = ["gate_up_proj", "down_proj"]
    files += [safetensors.numpy.save({f"{n}.weight": np.ones((2, 2), "f2") for n in names})]
    indexes = [{"weight_map": {"weight": "model.safetensors"}}, {"weight_map": {"weight": ".."}}]
    found = [bytes([0, k]) + file for file in files for k in range(3)]
    found += [bytes([1, k]) + json.dumps(index).encode() for index in indexes for k in range(3)]
    return found + [bytes([2]) + rng.bytes(60) for _ in range(100)]


def check(data):
    choices = Choices(data)
    kind, (name, block) = choices.pick(3), choices.of(list(BLOCKS.items()))
    path = INDEX if kind == 1 else MODEL
    if kind == 1:
        write(MODEL, safetensors.numpy.save({"weight": np.ones((2, 3), "f4")}))
        write(INDEX, choices.rest())
    elif kind == 0:
        write(MODEL, choices.rest())
    else:
        write(MODEL, model(choices, name))
    transposed, dtype = (
        (choices.of([None, None, True, False]), choices.of([None, "f4", "f8"]))
        if kind == 2
        else (None, None)
    )
    try:
        with np.errstate(all="ignore"):  # as in a conversion by NumPy
            found = block.from_safetensors(path, "", dtype=dtype, transposed=transposed)
    except REFUSALS as error:
        message = str(error)
    else:
        compare(found)
        return
    assert message


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def model(choices, name):
    """A file with the layers of a layout, most of them with fitting shapes."""
    layout = choices.of(LAYOUTS[name])
    inner, hidden, other = (choices.between(0, 5) for _ in range(3))
    header, content, rng = {}, b"", choices.rng()
    usual, is_usual = choices.of(TYPES), choices.pick(4)
    layers = dict.fromkeys(layer.partition(":")[0] for layer in layout.layers)
    for layer in [*layers, *([choices.of(LAYERS)] if choices.pick(4) == 3 else [])]:
        is_last = layer == layout.stored()[-1] and name != "Linear"
        outs, ins = (other, hidden) if is_last else (hidden, inner)
        if f"{layer}:1" in layout.layers:
            outs *= 2
        for part in ("weight", "bias")[: choices.between(1, 2)]:
            shape = [outs, ins] if part == "weight" else [outs]
            if choices.pick(16) == 15:
                shape = [choices.pick(6) for _ in range(choices.pick(4))]
            if choices.pick(30) == 29:
                shape = [0, 1 << choices.pick(64)]
            dtype = usual if is_usual else choices.of(TYPES)
            size = min(int(np.prod(shape, dtype=object)) * SIZES[dtype], MOST)
            label = f"{layer}.{part}".lstrip(".")
            header[label] = {
                "dtype": dtype,
                "shape": shape,
                "data_offsets": [len(content), len(content) + size],
            }
            content += rng.bytes(size)
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content


def numbers():
    """The tensors of the file that NumPy knows."""
    with open(MODEL, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        content = file.read()
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] in NUMPY:
            start, end = entry["data_offsets"]
            array = np.frombuffer(content[start:end], NUMPY[entry["dtype"]])
            if entry["dtype"] == "BF16":
                array = (array.astype("<u4") << 16).view("<f4")
            # NumPy has no array without elements and with an axis of 2^62.
            yield array.reshape(entry["shape"] if array.size else -1)


def compare(block):
    """Every parameter is a tensor of the file or its transpose, or a half of one."""
    with np.errstate(all="ignore"):
        stored = [array.astype(block.dtype) for array in numbers()]
    made = [x for tensor in stored for x in (tensor, tensor.T)]
    made += [half for x in made if x.ndim for half in (x[: len(x) // 2], x[len(x) // 2 :])]
    for name, array in block.parameters.items():
        fitting = [x for x in made if x.shape == array.shape]
        same = (np.array_equal(x, array, equal_nan=True) for x in fitting)
        assert array.size == 0 or any(same), name
    features = block.parameters[next(iter(block.parameters))].shape[1]
    if max(max(array.shape) for array in block.parameters.values()) < 1000:
        with np.errstate(all="ignore"):
            block.forward(np.ones((2, features), block.dtype))
