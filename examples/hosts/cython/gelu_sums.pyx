# cython: language_level=3, boundscheck=False, wraparound=False
"""Calls the C functions of gelu_fast without the GIL."""

from gelu_fast cimport gelu_c


def gelu(const float[::1] x, float[::1] out):
    """Writes gelu(x) to out."""
    if x.shape[0] != out.shape[0]:
        raise ValueError(f"out must have the length of x, {x.shape[0]}; got {out.shape[0]}")
    if x.shape[0]:
        with nogil:
            gelu_c.gelu_f32(&x[0], &out[0], x.shape[0])


def weighted_sum(const double[::1] x, const double[::1] weights):
    """The sum of weights * gelu(x), without an array for gelu(x)."""
    cdef double total = 0
    cdef Py_ssize_t i
    if x.shape[0] != weights.shape[0]:
        raise ValueError(f"weights must have the length of x, {x.shape[0]}; got {weights.shape[0]}")
    with nogil:
        for i in range(x.shape[0]):
            total += weights[i] * gelu_c.gelu_f64_1(x[i])
    return total


def instruction_set():
    return gelu_c.isa().decode()
