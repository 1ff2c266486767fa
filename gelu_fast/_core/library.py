"""Where the C library and its headers are, for programs that are compiled with them."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def get_include() -> str:
    """The folder of the headers of the C library.

    Returns
    -------
    str
        A folder that holds `gelu_c.h`, for C and C++ compilers, and `gelu_c_flat.h`, the same
        declarations without preprocessor lines, for `cffi.FFI().cdef`.

    See Also
    --------
    get_library : The shared library that these headers declare.

    Examples
    --------
    >>> import gelu_fast
    >>> from pathlib import Path
    >>> Path(gelu_fast.get_include(), "gelu_c.h").exists()
    True
    """
    return str(PACKAGE / "include")


def get_library() -> str:
    """The path of the shared C library, which the ufuncs use too.

    A program links with it, or loads it with `ctypes`, `cffi` or `dlopen`. In a process that has
    imported gelu_fast it is loaded already, so both share the choice of the instruction set and the
    threads.

    Returns
    -------
    str
        The path of a file in the installed package, such as `.../gelu_fast/lib/libgelu_c.so.1`. The
        number is `GELU_C_ABI_VERSION` of `gelu_c.h`.

    Examples
    --------
    >>> import ctypes, gelu_fast
    >>> library = ctypes.CDLL(gelu_fast.get_library())
    >>> library.gf_gelu_f32_1.restype = ctypes.c_float
    >>> library.gf_gelu_f32_1.argtypes = [ctypes.c_float]
    >>> round(library.gf_gelu_f32_1(2.0), 5)
    1.9545
    """
    [library] = (PACKAGE / "lib").glob("libgelu_c*")
    return str(library)
