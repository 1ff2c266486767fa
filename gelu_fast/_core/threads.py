"""How many threads a call has. The C core makes the threads."""

from contextlib import AbstractContextManager
from typing import SupportsIndex

from . import _ufuncs
from .settings import setting


def get_num_threads() -> int:
    """The number of threads that compute a large array, with the calling thread.

    Returns
    -------
    int
        1 unless `set_num_threads` or the environment variable GELU_FAST_NUM_THREADS has set
        another number.

    Examples
    --------
    >>> import gelu_fast
    >>> with gelu_fast.num_threads(2):
    ...     gelu_fast.get_num_threads()
    2
    """
    return _ufuncs.num_threads()


def set_num_threads(n: SupportsIndex) -> None:
    """Sets the number of threads that compute a large array, for all calls of this process.

    Parameters
    ----------
    n : int
        The number of threads, with the calling thread: 1 to 1024. 0 means as many as this process
        may use: the CPUs of its affinity, and on Linux not more than the quota of its control
        groups, rounded down.

    Raises
    ------
    TypeError
        If n is not an integer.
    ValueError
        If n is negative or larger than 1024.

    See Also
    --------
    num_threads : sets the number for a `with` block.

    Notes
    -----
    The results are the same with any number of threads. A call uses only as many as make it faster;
    small arrays are computed in the calling thread. The environment variable GELU_FAST_NUM_THREADS
    sets the number before gelu_fast is imported, and `threadpoolctl.threadpool_limits` limits it.

    Examples
    --------
    >>> import gelu_fast
    >>> before = gelu_fast.get_num_threads()
    >>> gelu_fast.set_num_threads(4)
    >>> gelu_fast.get_num_threads()
    4
    >>> gelu_fast.set_num_threads(before)
    """
    _ufuncs.set_num_threads(n)


def num_threads(n: SupportsIndex) -> AbstractContextManager[None]:
    """Sets the number of threads for a `with` block, and restores the former number after it.

    Parameters
    ----------
    n : int
        The number of threads, as in `set_num_threads`.

    Notes
    -----
    The number is that of the process: calls of other Python threads have it too.

    Examples
    --------
    >>> import gelu_fast
    >>> with gelu_fast.num_threads(2):
    ...     gelu_fast.gelu([-1.0, 0.0, 2.0])
    array([-0.15865525,  0.        ,  1.95449974])
    """
    return setting(get_num_threads, set_num_threads, n)


def share_from(ns: int) -> AbstractContextManager[None]:
    """During a `with` block, a call has so many threads that each has work for `ns` nanoseconds; 0:
    all threads for every call that may be split. It is for tests."""
    return setting(_ufuncs.share_ns, _ufuncs.set_share_ns, ns)


def check_environment() -> None:
    """Raises ImportError if GELU_FAST_NUM_THREADS is not a number of threads. Otherwise the number
    is kept: later changes of the variable have no effect."""
    refused = _ufuncs.threads_error()
    if refused is not None:
        raise ImportError(
            f"GELU_FAST_NUM_THREADS={refused!r} cannot be used: the number of threads is 1 to "
            f"{_ufuncs.MOST_THREADS}, or 0 for as many as this process may use"
        )
    get_num_threads()


check_environment()
