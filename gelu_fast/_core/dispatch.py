"""The instruction set that runs the functions. The C core selects it when it is first needed."""

from contextlib import AbstractContextManager

from . import _ufuncs
from .settings import setting


def isa() -> str:
    """The name of the instruction set in use, one of `available_isas()`.

    >>> import gelu_fast
    >>> gelu_fast.isa() in gelu_fast.available_isas()
    True
    """
    return _ufuncs.isa()


def available_isas() -> tuple[str, ...]:
    """The instruction sets that this build contains and this computer can run, best first.

    The environment variable GELU_FAST_ISA selects one of them before gelu_fast is imported.

    >>> import gelu_fast
    >>> gelu_fast.available_isas()[-1]
    'scalar'
    """
    return tuple(name for name, available in _ufuncs.isas() if available)


def force_isa(name: str) -> AbstractContextManager[None]:
    """Selects the instruction set `name` for all threads during a `with` block, for tests and
    benchmarks."""
    return setting(_ufuncs.isa, _ufuncs.select_isa, name)


def stream_from(size: int) -> AbstractContextManager[None]:
    """During a `with` block, all threads write outputs of `size` bytes or more past the caches."""
    return setting(_ufuncs.stream_bytes, _ufuncs.set_stream_bytes, size)


def check_environment() -> None:
    """Raises ImportError if GELU_FAST_ISA names an instruction set that cannot run here."""
    refused = _ufuncs.isa_error()
    if refused is None:
        return
    built = [name for name, _ in _ufuncs.isas()]
    why = "this computer cannot run it" if refused in built else "this build does not contain it"
    raise ImportError(
        f"GELU_FAST_ISA={refused!r} cannot be used: {why}; built: {', '.join(built)}; "
        f"available on this computer: {', '.join(available_isas())}"
    )


check_environment()
