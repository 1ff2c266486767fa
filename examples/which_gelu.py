"""Prints a table of the functions that `gelu_fast.which_gelu` finds. The usual formulas compute the
activations in float32 from real inputs of a GELU, data/minilm_ffn_preactivations.npy, and three
dtypes store them.

    pip install 'gelu_fast[examples]'
    python examples/which_gelu.py
"""

from pathlib import Path

import ml_dtypes  # noqa: F401  defines the name bfloat16
import numpy as np
from scipy.special import erf, expit

import gelu_fast

FILE = Path(__file__).resolve().parents[1] / "data" / "minilm_ffn_preactivations.npy"


def tanh_form(x):
    inner = np.sqrt(np.float32(2 / np.pi)) * (x + np.float32(0.044715) * x**3)
    return x * (1 + np.tanh(inner)) / 2


FORMULAS = {
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(np.float32(2)))) / 2,
    "gelu_tanh": tanh_form,
    "gelu_quick": lambda x: x * expit(np.float32(1.702) * x),
    "silu": lambda x: x * expit(x),
}
DTYPES = ["float32", "float16", "bfloat16"]


def rows():
    """For each dtype and formula: the functions of rank 1, the largest difference of the best
    candidate, the best candidate of another function, and its largest difference."""
    data = np.load(FILE)
    for dtype in DTYPES:
        x = data.astype(dtype)
        for made, formula in FORMULAS.items():
            matches = gelu_fast.which_gelu(x, formula(x.astype(np.float32)).astype(dtype))
            found = dict.fromkeys(match.function for match in matches if match.rank == 1)
            other = next(match for match in matches if match.function not in found)
            yield (
                *(dtype, f"`{made}`", " or ".join(f"`{name}`" for name in found)),
                *(f"{matches[0].max_abs:.1e}", f"`{other.function}`", f"{other.max_abs:.1e}"),
            )


def main():
    print("| stored as | made by | found | largest difference | next | largest difference |")
    print("| --- | --- | --- | ---: | --- | ---: |")
    for row in rows():
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
