# How a ufunc of the table is called: by NumPy, unless gpu.py computes the call. The ufunc itself
# decides this, because CuPy's arrays refuse the ufuncs that CuPy does not have.

cdef extern from "Python.h":
    PyTypeObject *Py_TYPE(PyObject *x)
    unsigned long PyType_GetFlags(PyTypeObject *kind)
    const unsigned long Py_TPFLAGS_HEAPTYPE


cdef extern from "numpy/ufuncobject.h":
    ctypedef struct UfuncCall "PyUFuncObject":
        void *vectorcall


# Python's vectorcallfunc: nargsf has the number of positional arguments and a flag in the highest
# bit; the arguments by name follow, and kwnames is NULL or the tuple of their names.
ctypedef object (*Call)(object ufunc, PyObject **args, size_t nargsf, PyObject *kwnames)

cdef Call call_by_numpy  # the same for all ufuncs


cdef void answer_calls(object ufunc):
    """Makes `call` answer the calls of a ufunc."""
    global call_by_numpy
    call_by_numpy = <Call>(<UfuncCall *>ufunc).vectorcall
    (<UfuncCall *>ufunc).vectorcall = <void *>call


cdef object call(object ufunc, PyObject **args, size_t nargsf, PyObject *kwnames):
    cdef size_t n = nargsf & (<size_t>-1 >> 1), i
    cdef size_t count = n if kwnames == NULL else n + <size_t>len(<tuple>kwnames)
    for i in range(count):
        if has_method(args[i]) or (i >= n and is_tuple_of_one_with_method(args[i])):
            break
    else:
        return call_by_numpy(ufunc, args, nargsf, kwnames)
    operands = [<object>args[i] for i in range(n)]
    keywords = {}
    if kwnames != NULL:
        for name in <tuple>kwnames:
            keywords[name] = <object>args[n + <size_t>len(keywords)]
    result = call_on_gpu(ufunc, operands, keywords)
    if result is NotImplemented:
        return call_by_numpy(ufunc, args, nargsf, kwnames)
    return result


cdef inline bint has_method(PyObject *x) except -1:
    """Whether the class of x has a method `__array_ufunc__` that is not NumPy's. No class that is
    written in C, such as float, has one."""
    cdef PyTypeObject *kind = Py_TYPE(x)
    if kind == &PyArray_Type or PyType_GetFlags(kind) & Py_TPFLAGS_HEAPTYPE == 0:
        return False
    return has_array_ufunc(type(<object>x))


cdef inline bint is_tuple_of_one_with_method(PyObject *x) except -1:
    """Whether x is a tuple, as `out` may be, that contains such an operand."""
    if type(<object>x) is tuple:
        for each in <tuple>x:
            if has_method(<PyObject *>each):
                return True
    return False
