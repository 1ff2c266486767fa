"""Measures the errors of the functions on this computer, against an independent reference."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import SupportsIndex

from .._core import table
from .._core.dispatch import available_isas
from .result import SelfcheckResult


def selfcheck(
    functions: str | Iterable[str] | None = None,
    isas: str | Iterable[str] | None = None,
    *,
    exhaustive: bool = False,
    seed: SupportsIndex = 0,
    jobs: SupportsIndex = 1,
) -> list[SelfcheckResult]:
    """Measure the largest errors of the functions of x and of (dy, x) on this computer.

    Each of these functions is tested in every dtype and on every instruction set. Gates, fused
    biases and functions with a parameter are not tested.

    For functions of x, the inputs are all float16 and bfloat16 numbers (bfloat16 if ml_dtypes is
    installed), millions of float32 numbers and thousands of float64 numbers. For functions of
    (dy, x), they are random pairs: hundreds of thousands in float16 and bfloat16, millions in
    float32 and thousands in float64. Random inputs cover all exponents and the interesting range.
    Special values, the ends of the domain, zero crossings and the worst known input are always
    tested. The reference comes from decimal arithmetic of the standard library, and from float64
    arithmetic where error bounds show that this is good enough.

    Parameters
    ----------
    functions, isas : str or sequence of str, optional
        Names of the functions and instruction sets to test. The default is all of them.
    exhaustive : bool, optional
        Also test all float32 numbers for the functions of x, and more float64 numbers and more
        pairs. For all functions this takes hours.
    seed : int, optional
        Seed of the random numbers. The same seed tests the same inputs.
    jobs : int, optional
        Number of processes. With more than one, a script needs the usual
        ``if __name__ == "__main__":``.

    Returns
    -------
    list of SelfcheckResult
        One result for each function, dtype and instruction set. Its fields are `function`, `dtype`,
        `isa`, `inputs` (the number of tested inputs), `max_ulp` (the largest error found),
        `bound_ulp`, `worst` (a tuple of the inputs with the largest error), `got` (the computed
        value there), `want` (the exact value there, rounded to float64) and `passed`.

    Raises
    ------
    TypeError, ValueError
        If an argument has a wrong type or a value that is not allowed.

    Notes
    -----
    During the check, all threads of this process use the instruction set under test. At the end,
    the earlier instruction set is selected again.

    Examples
    --------
    >>> import gelu_fast
    >>> all(result.passed for result in gelu_fast.selfcheck("gelu", "scalar"))
    True
    """
    from .run import run  # imported here because most programs never call selfcheck

    return run(
        names("functions", functions, table.functions()),
        names("isas", isas, available_isas()),
        exhaustive=bool(exhaustive),
        seed=integer("seed", seed, 0),
        jobs=integer("jobs", jobs, 1),
    )


def names(argument: str, given: str | Iterable[object] | None, known: Sequence[str]) -> list[str]:
    """Returns the given names, or all known names if `given` is None."""
    if given is None:
        return list(known)
    listed: list[object]
    try:
        listed = [given] if isinstance(given, str) else list(given)
    except TypeError:
        listed = [given]
    found = {}
    for name in listed:
        if not isinstance(name, str):
            kind = type(name).__name__
            raise TypeError(f"{argument} must be a name or a sequence of names, not {kind}")
        if name not in known:
            raise ValueError(f"{argument}: unknown name {name!r}; allowed are {', '.join(known)}")
        found[name] = True
    if not found:
        raise ValueError(f"{argument} must not be empty; allowed are {', '.join(known)}")
    return list(found)


def integer(argument: str, given: SupportsIndex, least: int) -> int:
    try:
        number = operator.index(given)
    except TypeError:
        kind = type(given).__name__
        raise TypeError(f"{argument} must be an integer, not {kind}") from None
    if number < least:
        raise ValueError(f"{argument} must be at least {least}, not {number}")
    return number
