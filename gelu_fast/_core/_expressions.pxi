# Ufuncs whose loop is a Python function of NumPy arrays.

from cpython.exc cimport PyErr_Occurred, PyErr_SetObject
from cpython.ref cimport Py_INCREF, PyObject


cdef extern from "numpy/arrayobject.h":
    ctypedef struct PyTypeObject:
        pass
    PyTypeObject PyArray_Type
    enum:
        NPY_ARRAY_ALIGNED
        NPY_ARRAY_WRITEABLE
    object PyArray_New(
        PyTypeObject *subtype, int nd, const npy_intp *dims, int type_number, const npy_intp *strides,
        void *data, int itemsize, int flags, PyObject *base)


cdef extern from "numpy/ufuncobject.h":
    ctypedef struct UfuncMembers "PyUFuncObject":
        PyObject *obj
    void PyUFunc_clearfperr()


cdef void evaluate(char **args, const npy_intp *dimensions, const npy_intp *steps,
                   void *data) noexcept with gil:
    """The loop of all these ufuncs."""
    cdef npy_intp n = dimensions[0]
    cdef Py_ssize_t i
    if PyErr_Occurred():  # NumPy calls the loop for every part of an array, also after an error
        return
    try:
        body, numbers = <tuple>data
        operands = []
        for i in range(len(numbers)):
            array = PyArray_New(&PyArray_Type, 1, &n, numbers[i], &steps[i], args[i], 0,
                                NPY_ARRAY_ALIGNED | NPY_ARRAY_WRITEABLE, NULL)
            operands.append(array)
        body(*operands)
    except BaseException as error:
        PyErr_SetObject(type(error), error)
    PyUFunc_clearfperr()  # the flags of the last operation in the body


def expression(str name, body, int nin, signatures, str doc):
    """Makes a ufunc with one output. `body(*inputs, out)` computes it for arrays of one dimension.

    `signatures` has the dtypes of the operands of each loop. As in a loop in C, out may be the
    memory of an input, so the body has to read an element before it writes it."""
    loops = bytearray(len(signatures) * sizeof(PyUFuncGenericFunction))
    data = bytearray(len(signatures) * sizeof(void *))
    types = bytearray()
    texts = name.encode(), doc.encode()
    kept = [loops, data, types, texts]  # memory that NumPy uses as long as the ufunc exists
    own = [row for row in signatures if BFLOAT16 is None or BFLOAT16 not in row]
    for i, row in enumerate([*own, *(row for row in signatures if row not in own)]):
        row_data = body, [dtype.num for dtype in row]
        kept.append(row_data)
        (<PyUFuncGenericFunction *><char *>loops)[i] = evaluate
        (<void **><char *>data)[i] = <void *>row_data
        if i < len(own):
            types += bytes(row_data[1])
    ufunc = PyUFunc_FromFuncAndData(
        <PyUFuncGenericFunction *><char *>loops, <void **><char *>data, <char *>types, len(own), nin,
        1, PyUFunc_None, texts[0], texts[1], 0)
    Py_INCREF(kept)
    (<UfuncMembers *>ufunc).obj = <PyObject *>kept
    cdef int numbers[8]
    for row_data in kept[4 + len(own):]:
        for i in range(nin + 1):
            numbers[i] = row_data[1][i]
        PyUFunc_RegisterLoopForType(
            <PyUFuncObject *>ufunc, BFLOAT16.num, evaluate, numbers, <void *>row_data)
    return ufunc
