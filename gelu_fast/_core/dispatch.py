"""Which instruction set runs the functions: chosen by the C core when it is first asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from . import _ufuncs


def isa() -> str:
    """Name of the instruction set in use.

    >>> import gelu_fast
    >>> gelu_fast.isa() in gelu_fast.available_isas()
    True
    """
    return _ufuncs.isa()


def available_isas() -> tuple[str, ...]:
    """Names of the instruction sets that this build has and this computer can run, best first.

    >>> import gelu_fast
    >>> gelu_fast.available_isas()[-1]
    'scalar'
    """
    return tuple(name for name, available in _ufuncs.isas() if available)


@contextmanager
def force_isa(name: str) -> Iterator[None]:
    """Runs a `with` block, in all threads, on instruction set `name`: for tests and benchmarks."""
    before = _ufuncs.isa()
    _ufuncs.select_isa(name)
    try:
        yield
    finally:
        _ufuncs.select_isa(before)


@contextmanager
def stream_from(size: int) -> Iterator[None]:
    """Writes outputs of `size` bytes or more past the caches in a `with` block, in all threads."""
    before = _ufuncs.stream_bytes()
    _ufuncs.set_stream_bytes(size)
    try:
        yield
    finally:
        _ufuncs.set_stream_bytes(before)


def check_environment() -> None:
    """Raises ImportError if GELU_FAST_ISA names an instruction set that cannot run here."""
    refused = _ufuncs.isa_error()
    if refused is None:
        return
    built = [name for name, _ in _ufuncs.isas()]
    why = "not one that this computer can run" if refused in built else "not one of this build"
    raise ImportError(
        f"GELU_FAST_ISA={refused!r} is {why}; built: {', '.join(built)}; "
        f"available on this computer: {', '.join(available_isas())}"
    )


check_environment()
