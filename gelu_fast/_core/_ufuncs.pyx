# cython: language_level=3, binding=True, freethreading_compatible=True
"""The C core's table as NumPy ufuncs. One generic loop runs every function."""

from operator import index

from libc.stddef cimport ptrdiff_t
from libc.stdlib cimport malloc
from libc.string cimport memcpy

from .docstrings import docstring, signature, signature_line
from .dtypes import BFLOAT16
from .gpu import call as call_on_gpu
from .gpu import has_array_ufunc
from .rows import Row


cdef extern from "numpy/arrayobject.h":
    ctypedef ptrdiff_t npy_intp
    enum:
        NPY_HALF
        NPY_FLOAT
        NPY_DOUBLE
    int _import_array() except -1


cdef extern from "numpy/ufuncobject.h":
    ctypedef void (*PyUFuncGenericFunction)(
        char **args, const npy_intp *dimensions, const npy_intp *steps, void *data) noexcept nogil
    enum:
        PyUFunc_None
    ctypedef struct PyUFuncObject
    int _import_umath() except -1
    object PyUFunc_FromFuncAndData(
        PyUFuncGenericFunction *loops, void **data, char *types, int ntypes, int nin, int nout,
        int identity, const char *name, const char *doc, int unused)
    int PyUFunc_RegisterLoopForType(
        PyUFuncObject *ufunc, int type_number, PyUFuncGenericFunction loop, const int *types,
        void *data) except -1


cdef extern from "gelu_c.h" nogil:
    enum:
        GELU_C_VERSION_MAJOR
        GELU_C_VERSION_MINOR
        GELU_C_VERSION_PATCH

    ctypedef enum gf_dtype:
        GF_F16
        GF_BF16
        GF_F32
        GF_F64

    ctypedef struct gf_function:
        const char *name
        int nin
        int nout
        const char *half
        const char *inputs
        const char *outputs
        bint is_compound
        const char *definition
        const char *left
        const char *right
        const char *formula
        const char *limits
        const char *source
        const char *arguments
        const char *result

    ctypedef struct gf_row:
        const gf_function *function
        gf_dtype dtype
        double bound_ulp
        double lo
        double hi
        double worst

    size_t gf_row_count()
    const gf_row *gf_row_at(size_t i)
    void gf_call(const gf_row *row, char **args, const ptrdiff_t *steps, size_t n)
    size_t gf_isa_count()
    const char *gf_isa_name(size_t i)
    bint gf_isa_available(size_t i)
    const char *gf_isa()
    int gf_isa_select(const char *name)
    const char *gf_isa_error()
    const char *gf_cpu_features()
    int gf_set_num_threads(int n)
    int gf_num_threads()
    const char *gf_threads_error()
    unsigned int gf_share_ns()
    void gf_set_share_ns(unsigned int ns)
    enum:
        GF_THREADS_MAX
    size_t gf_stream_bytes()
    void gf_set_stream_bytes(size_t bytes)


_import_array()
_import_umath()


cdef void loop(char **args, const npy_intp *dimensions, const npy_intp *steps,
               void *data) noexcept nogil:
    gf_call(<const gf_row *>data, args, steps, <size_t>dimensions[0])


def version():
    """The version of the package, which is that of the header."""
    return f"{GELU_C_VERSION_MAJOR}.{GELU_C_VERSION_MINOR}.{GELU_C_VERSION_PATCH}"


# ---- The table

cdef str text(const char *s):
    return s.decode()


cdef str dtype_name(gf_dtype dtype):
    return {
        GF_F16: "float16", GF_BF16: "bfloat16", GF_F32: "float32", GF_F64: "float64"
    }[dtype]


cdef int type_number(gf_dtype dtype) except -1:
    """NumPy's number of a dtype; bfloat16 is not one of NumPy's own dtypes."""
    return {GF_F16: NPY_HALF, GF_F32: NPY_FLOAT, GF_F64: NPY_DOUBLE}[dtype]


cdef tuple describe(const gf_function *function):
    """The fields that all rows of a function share, in the order of Row."""
    return (
        text(function.name),
        function.nin,
        function.nout,
        text(function.half),
        tuple(text(function.inputs).split(", ")),
        tuple(text(function.outputs).split(", ")),
        text(function.definition),
        None if function.left == NULL else text(function.left),
        None if function.right == NULL else text(function.right),
        text(function.formula),
        text(function.limits),
        text(function.source),
        text(function.arguments),
        text(function.result),
    )


cdef list describe_rows():
    cdef const gf_function *last = NULL
    cdef const gf_row *row
    cdef list found = []
    for i in range(gf_row_count()):
        row = gf_row_at(i)
        if row.function != last:
            shared, last = describe(row.function), row.function
        found.append(
            Row(*shared, dtype_name(row.dtype), row.bound_ulp, row.lo, row.hi, row.worst))
    return found


cdef list described = describe_rows()


cdef list rows(bint compound):
    return [row for i, row in enumerate(described) if gf_row_at(i).function.is_compound == compound]


def table():
    """The rows of the functions of x, or of dy and x, in functions.def: one for each dtype."""
    return rows(False)


def compounds():
    """The rows of the functions of other inputs in functions.def."""
    return rows(True)


# ---- The ufuncs

cdef void *keep(size_t size) except NULL:
    """Allocates memory that is never freed, because NumPy uses it as long as the ufunc exists."""
    cdef void *memory = malloc(size)
    if memory == NULL:
        raise MemoryError
    return memory


cdef object make_ufunc(size_t first, size_t count):
    """Makes the ufunc of one function from its rows, `first` to `first + count - 1`."""
    cdef const gf_function *function = gf_row_at(first).function
    cdef int nargs = function.nin + function.nout, numpy_count = 0
    loops = <PyUFuncGenericFunction *>keep(count * sizeof(PyUFuncGenericFunction))
    data = <void **>keep(count * sizeof(void *))
    types = <char *>keep(count * nargs)
    for i in range(count):
        row = gf_row_at(first + i)
        if row.dtype == GF_BF16:
            continue
        loops[numpy_count] = loop
        data[numpy_count] = <void *>row
        for j in range(nargs):
            types[numpy_count * nargs + j] = type_number(row.dtype)
        numpy_count += 1

    cdef str text_of_doc = docstring(described[first:first + count])
    cdef bytes doc = text_of_doc.encode()
    kept_doc = <char *>keep(len(doc) + 1)
    memcpy(kept_doc, <const char *>doc, len(doc) + 1)
    ufunc = PyUFunc_FromFuncAndData(
        loops, data, types, numpy_count, function.nin, function.nout, PyUFunc_None, function.name,
        kept_doc, 0)
    try:
        ufunc.__module__, ufunc.__qualname__ = "gelu_fast", ufunc.__name__
        # NumPy puts a signature before the docstring, and names the operands x1, x2 ... in it.
        ufunc.__signature__ = signature(described[first])
        ufunc.__doc__ = f"{signature_line(described[first])}\n\n{text_of_doc}"
    except AttributeError:
        pass  # An older NumPy has no such attributes; its pickle searches all modules.
    # This comes before the first call, because NumPy caches the loop that a dtype's call finds.
    for i in range(count):
        row = gf_row_at(first + i)
        if row.dtype == GF_BF16 and BFLOAT16 is not None:
            PyUFunc_RegisterLoopForType(
                <PyUFuncObject *>ufunc, BFLOAT16.num, loop, NULL, <void *>row)
    answer_calls(ufunc)
    return ufunc


cdef dict make_ufuncs():
    made = {}
    cdef size_t first = 0, end
    while first < gf_row_count():
        end = first + 1
        while end < gf_row_count() and gf_row_at(end).function == gf_row_at(first).function:
            end += 1
        made[text(gf_row_at(first).function.name)] = make_ufunc(first, end - first)
        first = end
    return made


cdef dict made_ufuncs = make_ufuncs()


def ufuncs():
    """The ufuncs by name, in the order of functions.def."""
    return dict(made_ufuncs)


# ---- Instruction sets

def isa():
    """The name of the instruction set in use."""
    return text(gf_isa())


def isas():
    """[(name, whether this computer has it)] of the instruction sets compiled in, best first."""
    return [(text(gf_isa_name(i)), bool(gf_isa_available(i))) for i in range(gf_isa_count())]


def isa_error():
    """The value of GELU_FAST_ISA if it names no usable instruction set, otherwise None."""
    cdef const char *refused = gf_isa_error()
    return None if refused == NULL else refused.decode(errors="backslashreplace")


def select_isa(str name not None):
    """Selects the instruction set `name` for all threads."""
    if gf_isa_select(name.encode()):
        allowed = ", ".join(isa for isa, available in isas() if available)
        raise ValueError(
            f"name: this computer has no instruction set {name!r}; available: {allowed}")


def cpu_features():
    """The features found on this CPU, such as "avx2 fma f16c"."""
    return text(gf_cpu_features())


# ---- Stores past the caches

def stream_bytes():
    """The size in bytes from which an output is written past the caches."""
    return gf_stream_bytes()


def set_stream_bytes(size_t size):
    gf_set_stream_bytes(size)


# ---- Threads

MOST_THREADS = GF_THREADS_MAX


def num_threads():
    """The number of threads of a call."""
    return gf_num_threads()


def set_num_threads(n):
    """Sets the number of threads of a call; 0 means as many as this process may use."""
    try:
        number = index(n)
    except TypeError:
        raise TypeError(f"n: expected an integer, got {type(n).__name__}") from None
    if not 0 <= number <= MOST_THREADS:
        raise ValueError(
            f"n: expected 1 to {MOST_THREADS}, or 0 for as many as this process may use, "
            f"got {number}")
    gf_set_num_threads(number)


def threads_error():
    """The value of GELU_FAST_NUM_THREADS if it is no number of threads, otherwise None."""
    cdef const char *refused = gf_threads_error()
    return None if refused == NULL else refused.decode(errors="backslashreplace")


def share_ns():
    """The time in ns that each thread of a call must have work for."""
    return gf_share_ns()


def set_share_ns(unsigned int ns):
    gf_set_share_ns(ns)


include "_lookup.pxi"
include "_expressions.pxi"
include "_calls.pxi"
