"""Certifies the functions on this computer: errors measured against an independent reference."""

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
    """Measure the largest error of every function, dtype and instruction set on this computer.

    All float16 and bfloat16 numbers are tested (bfloat16 where ml_dtypes is installed), and of the
    other types millions and thousands that are spread over all exponents and over the interesting
    range; special values, the ends of the domains, zero crossings and the worst inputs known are
    among them. The reference is computed by the standard library in decimal, and in float64 where
    that is certain to be good enough.

    Parameters
    ----------
    functions, isas : str or sequence of str, optional
        Names of the functions and instruction sets to test; all, if not given.
    exhaustive : bool, optional
        All float32 numbers too, and more of the float64 numbers and of the pairs of numbers for
        functions of two inputs. This takes hours.
    seed : int, optional
        Of the random numbers: the same seed tests the same inputs.
    jobs : int, optional
        How many processes work. With more than one, a script needs the usual
        ``if __name__ == "__main__":``.

    Returns
    -------
    list of SelfcheckResult
        With fields `function`, `dtype`, `isa`, `inputs` (how many were tested), `max_ulp`,
        `bound_ulp`, `worst` (the input or inputs with the largest error), `got`, `want` and
        `passed`.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or has a value that is not allowed here.

    Notes
    -----
    Meanwhile all threads of this process use the instruction set under test; at the end the one in
    use is as before.

    Examples
    --------
    >>> import gelu_fast
    >>> all(result.passed for result in gelu_fast.selfcheck("gelu", "scalar"))
    True
    """
    from .run import run  # not needed by those who never ask for it

    return run(
        names("functions", functions, table.functions()),
        names("isas", isas, available_isas()),
        exhaustive=bool(exhaustive),
        seed=integer("seed", seed, 0),
        jobs=integer("jobs", jobs, 1),
    )


def names(argument: str, given: str | Iterable[object] | None, known: Sequence[str]) -> list[str]:
    """The names given, or all that are known if there is none."""
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
            raise TypeError(f"{argument}: a name or a sequence of names is needed, not {kind}")
        if name not in known:
            raise ValueError(f"{argument}: there is no {name!r} here; there is: {', '.join(known)}")
        found[name] = True
    if not found:
        raise ValueError(f"{argument}: no name given; there is: {', '.join(known)}")
    return list(found)


def integer(argument: str, given: SupportsIndex, least: int) -> int:
    try:
        number = operator.index(given)
    except TypeError:
        kind = type(given).__name__
        raise TypeError(f"{argument}: an integer is needed, not {kind}") from None
    if number < least:
        raise ValueError(f"{argument}: {number} is less than {least}, the least allowed")
    return number
