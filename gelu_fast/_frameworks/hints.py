"""Suggestions for unknown names. A suggestion is the same name in another spelling or in other
words, or a name that differs by a slip of the keyboard, but never a similar name that means another
function."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .names import NAMES, Meaning

# Other names of frameworks
FRAMEWORKS = {
    "flax": "jax",
    "flaxlinen": "jax",
    "hf": "huggingface",
    "jaxnn": "jax",
    "kerasactivations": "keras",
    "llamacpp": "ggml",
    "microsoft": "onnxruntime",
    "commicrosoft": "onnxruntime",
    "ort": "onnxruntime",
    "pytorch": "torch",
    "tensorflow": "keras",
    "tf": "keras",
    "tfkeras": "keras",
    "tfnn": "keras",
    "torchnn": "torch",
    "torchnnfunctional": "torch",
    "transformers": "huggingface",
}
# Names, without case and separators, that no list of names has: of MLX, timm, PyTorch's arguments
WORDS = {
    "geluapprox": "gelu_tanh",
    "geluapproximate": "gelu_tanh",
    "gelutanhapprox": "gelu_tanh",
    "geluexact": "gelu",
    "gelufastapprox": "gelu_quick",
    "gelunone": "gelu",
    "gelusigmoid": "gelu_quick",
    "hardswishsilu": "hardswish",
    "hswish": "hardswish",
    "hsigmoid": "hardsigmoid",
    "relusquare": "relu_squared",
    "squarerelu": "relu_squared",
    "sqrrelu": "relu_squared",
    "relusq": "relu_squared",
}
# Functions that no list of names has, and whose names are similar to those of others
OTHERS = {"crelu", "drelu", "erelu", "glu", "hardelish", "prelu", "rrelu", "srelu"}
SLIPS = 2  # the most slips of the keyboard in a name of more than 5 letters


EVERYTHING: dict[str, Meaning] = {}  # the names of this library come first
for names in NAMES.values():
    EVERYTHING |= {name: meaning for name, meaning in names.items() if name not in EVERYTHING}


def plainly(name: str) -> str:
    """The name without case and separators."""
    return re.sub(r"[\W_]", "", name).lower()


def framework_hint(framework: str) -> str:
    known = FRAMEWORKS.get(plainly(framework))
    names = [known] if known else nearest(framework, NAMES)
    return did_you_mean(names) or f"the frameworks are {', '.join(NAMES)}"


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
    if not found and plainly(name) not in OTHERS:
        for spelling in nearest(name, known):
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


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names with the fewest slips of the keyboard, if these are few and leave all digits."""
    plain = plainly(name)
    most = SLIPS if len(plain) > 5 else 1
    slips = {
        spelling: distance(plain, plainly(spelling))
        for spelling in known
        if re.sub(r"\D", "", spelling) == re.sub(r"\D", "", name)
    }
    fewest = min(slips.values(), default=most + 1)
    return [spelling for spelling, found in slips.items() if found == fewest <= most]


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
