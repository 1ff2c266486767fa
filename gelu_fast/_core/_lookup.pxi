# Tables of 256 bytes applied to arrays of bytes: `quantized.lookup` without its checks.

cdef extern from "numpy/arrayobject.h":
    ctypedef unsigned int npy_uint32  # on Windows it is a long
    ctypedef struct PyArrayObject
    ctypedef struct PyArray_Descr
    ctypedef struct NpyIter
    ctypedef enum NPY_ORDER:
        NPY_KEEPORDER
    ctypedef enum NPY_CASTING:
        NPY_NO_CASTING
    enum:
        NPY_ITER_EXTERNAL_LOOP
        NPY_ITER_ZEROSIZE_OK
        NPY_ITER_COPY_IF_OVERLAP
        NPY_ITER_READONLY
        NPY_ITER_WRITEONLY
        NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE
    ctypedef int NpyIter_IterNextFunc(NpyIter *) noexcept nogil
    NpyIter *NpyIter_MultiNew(
        int nop, PyArrayObject **op, npy_uint32 flags, NPY_ORDER order, NPY_CASTING casting,
        npy_uint32 *op_flags, PyArray_Descr **op_dtypes) except NULL
    NpyIter_IterNextFunc *NpyIter_GetIterNext(NpyIter *, char **) except NULL
    char **NpyIter_GetDataPtrArray(NpyIter *)
    npy_intp *NpyIter_GetInnerStrideArray(NpyIter *)
    npy_intp *NpyIter_GetInnerLoopSizePtr(NpyIter *)
    npy_intp NpyIter_GetIterSize(NpyIter *)
    int NpyIter_Deallocate(NpyIter *) except 0


cdef extern from "gelu_c.h" nogil:
    void gf_lookup_u8(const unsigned char *table, const unsigned char *x, unsigned char *out,
                      size_t n)


cdef void look_up(char **args, const npy_intp *steps, npy_intp n) noexcept nogil:
    """Looks up n elements of x and writes them to out. The third operand of each element is the first
    byte of its table."""
    cdef unsigned char *x = <unsigned char *>args[0]
    cdef unsigned char *out = <unsigned char *>args[1]
    cdef unsigned char *table = <unsigned char *>args[2]
    cdef npy_intp i
    if steps[0] == 1 and steps[1] == 1 and steps[2] == 0:
        gf_lookup_u8(table, x, out, <size_t>n)
        return
    cdef npy_intp x_step = steps[0], out_step = steps[1], table_step = steps[2]
    for i in range(n):
        out[i * out_step] = table[i * table_step + x[i * x_step]]


def lookup_bytes(starts, x, out):
    """Computes out[...] = table[x[...]] for arrays of bytes x and out of the same shape.

    `starts` holds the first byte of each element's table and is broadcast against x and out; the
    tables must not overlap out. As in a ufunc, x and out may overlap in any way."""
    cdef PyArrayObject *operands[3]
    cdef npy_uint32 flags[3]
    operands[0], operands[1], operands[2] = (
        <PyArrayObject *>x, <PyArrayObject *>out, <PyArrayObject *>starts)
    flags[0] = NPY_ITER_READONLY | NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE
    flags[1] = NPY_ITER_WRITEONLY | NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE
    flags[2] = NPY_ITER_READONLY
    cdef NpyIter *iterator = NpyIter_MultiNew(
        3, operands, NPY_ITER_EXTERNAL_LOOP | NPY_ITER_ZEROSIZE_OK | NPY_ITER_COPY_IF_OVERLAP,
        NPY_KEEPORDER, NPY_NO_CASTING, flags, NULL)
    cdef NpyIter_IterNextFunc *advance
    cdef char **args
    cdef npy_intp *steps
    cdef npy_intp *n
    try:
        if NpyIter_GetIterSize(iterator) > 0:
            advance = NpyIter_GetIterNext(iterator, NULL)
            args = NpyIter_GetDataPtrArray(iterator)
            steps = NpyIter_GetInnerStrideArray(iterator)
            n = NpyIter_GetInnerLoopSizePtr(iterator)
            with nogil:
                look_up(args, steps, n[0])
                while advance(iterator):
                    look_up(args, steps, n[0])
    finally:
        NpyIter_Deallocate(iterator)
