"""What a correctly rounded function says of an operand that it refuses."""

import numpy as np

KNOWN = "bfloat16, float16 or float32"


def refusal(name: str, x: object, error: TypeError) -> TypeError:
    """The error of a call of `name` with x: a clear one if x has more digits than float32."""
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        try:
            dtype = np.asarray(x).dtype
        except Exception:  # the operand itself is what is wrong
            return error
    if (
        not isinstance(dtype, np.dtype)
        or dtype.kind not in "biuf"
        or np.can_cast(dtype, np.float32)
    ):
        return error
    return TypeError(
        f"gelu_fast.exact.{name.removeprefix('exact_')}: x is {dtype}, in which results are not "
        f"correctly rounded; expected {KNOWN}"
    )
