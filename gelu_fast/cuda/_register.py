"""Whether the ufuncs of gelu_fast take arrays of CuPy."""

from .._core import gpu


def register() -> None:
    """Let the ufuncs of `gelu_fast` compute CuPy arrays with `gelu_fast.cuda`.

    They do so from the import of gelu_fast on, unless the environment variable GELU_FAST_CUPY is 0.
    A second call changes nothing.

    See Also
    --------
    unregister : leaves CuPy arrays to CuPy.

    Notes
    -----
    Nothing in CuPy is changed, and CuPy is not imported: a ufunc of gelu_fast looks at its operands
    before NumPy asks their classes.

    Examples
    --------
    >>> import gelu_fast
    >>> gelu_fast.cuda.register()
    """
    gpu.register(True)


def unregister() -> None:
    """Leave CuPy arrays that are operands of ufuncs of `gelu_fast` to CuPy.

    `gelu_fast.gelu(x)` then raises a TypeError for a CuPy array, as all ufuncs do that CuPy does
    not have; `gelu_fast.tanh(x)` is CuPy's own tanh. The functions of `gelu_fast.cuda` do not
    change. A second call changes nothing.

    See Also
    --------
    register : the opposite.

    Examples
    --------
    >>> import gelu_fast
    >>> gelu_fast.cuda.unregister()
    >>> gelu_fast.cuda.register()
    """
    gpu.register(False)
