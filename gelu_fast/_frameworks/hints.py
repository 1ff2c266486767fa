"""Suggestions for unknown names. A suggestion is the same name in another spelling or in other
words, or a name that differs by a slip of the keyboard, but never a similar name that means another
function. New functions are named by another letter in the name of an old one: PELU, GoLU, TeLU,
SReLU, Smish. So few differences between short names are slips."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .names import ALIASES, NAMES, Meaning

# What people call frameworks, without case and separators
FRAMEWORKS = {
    "flaxlinen": "flax",
    "flaxnnx": "flax",
    "hf": "huggingface",
    "jaxnn": "jax",
    "kerasactivations": "keras",
    "litert": "tflite",
    "microsoft": "onnxruntime",
    "mlxnn": "mlx",
    "ort": "onnxruntime",
    "paddlennfunctional": "paddle",
    "paddlepaddle": "paddle",
    "pytorch": "torch",
    "tensorflowlite": "tflite",
    "tf": "tensorflow",
    "tfa": "tensorflow-addons",
    "tfkerasactivations": "tf.keras",
    "tfnn": "tensorflow",
    "torchnn": "torch",
    "torchnnfunctional": "torch",
}
# Names, without case and separators, that no list of names has: of timm, SciPy, Transformer Engine,
# PyTorch's arguments
WORDS = {
    "expit": "sigmoid",
    "geluapproximate": "gelu_tanh",
    "gelutanhapprox": "gelu_tanh",
    "geluexact": "gelu",
    "gelunone": "gelu",
    "gelusigmoid": "gelu_quick",
    "hardswishsilu": "hardswish",
    "hswish": "hardswish",
    "normcdf": "ndtr",
    "qgelu": "gelu_quick",
    "relusquare": "relu_squared",
    "squarerelu": "relu_squared",
    "sqrrelu": "relu_squared",
    "relusq": "relu_squared",
}
SHORT = 5  # the letters of a name that is as similar to other functions as to a slip


EVERYTHING: dict[str, Meaning] = {}  # the names of this library come first
for names in NAMES.values():
    EVERYTHING |= {name: meaning for name, meaning in names.items() if name not in EVERYTHING}


def plainly(name: str) -> str:
    """The name without case and separators."""
    return re.sub(r"[\W_]", "", name).lower()


def framework_hint(framework: str) -> str:
    plain = plainly(framework)
    same: dict[str, str] = {}  # one name of each framework
    for name in [*NAMES, *ALIASES]:
        if plainly(name) == plain:
            same.setdefault(ALIASES.get(name, name), name)
    known = [FRAMEWORKS[plain]] if plain in FRAMEWORKS else slips(framework, NAMES)
    return did_you_mean(same.values() or known) or f"the frameworks are {', '.join(NAMES)}"


def hint(name: str, framework: str | None) -> str:
    """The end of the message about an unknown name."""
    known = EVERYTHING if framework is None else NAMES[framework]
    found = meanings(name)
    right = [spelling for spelling in known if plainly(spelling) == plainly(name)] or [
        spelling for spelling, meaning in known.items() if found == [meaning]
    ]
    if right:
        return str(did_you_mean(right[:1]))
    users = [where for where, names in NAMES.items() if name in names]
    if users:
        return f"it is one of {', '.join(users)}"
    one_of_each: dict[str, str] = {}
    if not found:
        for spelling in slips(name, known):
            one_of_each.setdefault(repr(known[spelling]), spelling)
    if framework is None:
        return did_you_mean(one_of_each.values()) or f"the frameworks are {', '.join(NAMES)}"
    return did_you_mean(one_of_each.values()) or f"the activations are {', '.join(known)}"


def meanings(name: str) -> list[Meaning]:
    """What a name means in other spellings and in other words."""
    if plainly(name) in WORDS:
        return [(WORDS[plainly(name)], {})]
    for key in (plainly, words):
        found: list[Meaning] = []
        for names in NAMES.values():
            for spelling, meaning in names.items():
                if key(spelling) == key(name) and meaning not in found:
                    found.append(meaning)
        if found:
            return found
    return []


def words(name: str) -> list[str]:
    return sorted(re.split(r"[\W_]+", name.lower()))


def did_you_mean(names: Iterable[str]) -> str | None:
    listed = " or ".join(map(repr, names))
    return f"did you mean {listed}?" if listed else None


def slips(name: str, known: Iterable[str]) -> list[str]:
    """The names from which this one differs by a slip of the keyboard that leaves all digits."""
    return [
        spelling
        for spelling in known
        if is_slip(plainly(name), plainly(spelling))
        and re.sub(r"\D", "", spelling) == re.sub(r"\D", "", name)
    ]


def is_slip(typed: str, meant: str) -> bool:
    """Whether two neighbours are exchanged, or one letter after the first is wrong, or there is one
    too many or too few of these. In a short name, only a letter typed twice is one too many."""
    if distance(typed, meant) != 1:
        return False
    if sorted(typed) == sorted(meant):
        return True
    twice = [meant[:i] + meant[i - 1 :] for i in range(2, len(meant) + 1)]
    return typed[:1] == meant[:1] and (len(typed) > SHORT or typed in twice)


def distance(a: str, b: str) -> int:
    """The number of slips between two words: a letter too many, too few, or wrong, or two letters
    exchanged."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        last, row = row, [i + 1]
        for j, y in enumerate(b):
            cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (x != y))
            if i and j and (x, a[i - 1]) == (b[j - 1], y):
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before = last
    return row[-1]
