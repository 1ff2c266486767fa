/* Operands of different shapes, which are broadcast as NumPy does it. */
#ifndef GELU_FAST_BROADCAST_H
#define GELU_FAST_BROADCAST_H

#include <stddef.h>
#include <stdint.h>

#include "gelu_c.h"

enum { OPERANDS_MAX = 5, AXES_MAX = 32 };

typedef struct {
  size_t ndim;
  int64_t lengths[AXES_MAX];
} shape;

/* A call of a function on all elements of its results. Neighbouring axes that every operand steps
 * through alike are one axis. */
typedef struct {
  const gf_row *row;
  char *args[OPERANDS_MAX];
  size_t n, ndim;
  int64_t lengths[AXES_MAX];               /* the last axis comes first */
  ptrdiff_t steps[AXES_MAX][OPERANDS_MAX]; /* in bytes */
} call;

/* Sets the shape of the results; returns 0 if the shapes do not fit. */
static int broadcast(const shape *operands, int count, shape *result) {
  result->ndim = 0;
  for (int k = 0; k < count; k++)
    if (operands[k].ndim > result->ndim)
      result->ndim = operands[k].ndim;
  for (size_t i = 0; i < result->ndim; i++) { /* from the last axis */
    int64_t length = 1;
    for (int k = 0; k < count; k++) {
      const shape *s = &operands[k];
      const int64_t own = i < s->ndim ? s->lengths[s->ndim - 1 - i] : 1;
      if (own != 1 && length != 1 && own != length)
        return 0;
      if (own != 1)
        length = own;
    }
    result->lengths[result->ndim - 1 - i] = length;
  }
  return 1;
}

/* Lays out the axes of a call; its args and row are set later. */
static void lay_out(call *c, const shape *operands, const shape *result, const gf_row *row) {
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  const int nin = row->function->nin, count = nin + row->function->nout;
  ptrdiff_t strides[OPERANDS_MAX];
  c->row = row;
  c->n = 1;
  c->ndim = 0;
  for (int k = 0; k < count; k++)
    strides[k] = size;
  for (size_t i = 0; i < result->ndim; i++) {
    const int64_t length = result->lengths[result->ndim - 1 - i];
    ptrdiff_t steps[OPERANDS_MAX];
    int joins = c->ndim > 0;
    c->n *= (size_t)length;
    if (length == 1)
      continue;
    for (int k = 0; k < count; k++) {
      const shape *s = k < nin ? &operands[k] : result;
      const int64_t own = i < s->ndim ? s->lengths[s->ndim - 1 - i] : 1;
      steps[k] = own == 1 ? 0 : strides[k];
      strides[k] *= own;
      joins = joins && steps[k] == c->steps[c->ndim - 1][k] * c->lengths[c->ndim - 1];
    }
    if (joins) {
      c->lengths[c->ndim - 1] *= length;
      continue;
    }
    for (int k = 0; k < count; k++)
      c->steps[c->ndim][k] = steps[k];
    c->lengths[c->ndim++] = length;
  }
  if (c->ndim == 0) { /* one element */
    c->ndim = 1;
    c->lengths[0] = 1;
    for (int k = 0; k < count; k++)
      c->steps[0][k] = 0;
  }
}

/* Computes the results first, first + 1, ... first + count - 1. */
static void compute_part(const call *c, size_t first, size_t count) {
  const int operands = c->row->function->nin + c->row->function->nout;
  const size_t length = (size_t)c->lengths[0];
  while (count > 0) {
    char *args[OPERANDS_MAX];
    const size_t at = first % length, n = length - at < count ? length - at : count;
    size_t rest = first / length;
    for (int k = 0; k < operands; k++)
      args[k] = c->args[k];
    for (size_t i = 1; i < c->ndim; i++) {
      const size_t index = rest % (size_t)c->lengths[i];
      rest /= (size_t)c->lengths[i];
      for (int k = 0; k < operands; k++)
        args[k] += (ptrdiff_t)index * c->steps[i][k];
    }
    gf_call_part(c->row, args, c->steps[0], length, at, n);
    first += n;
    count -= n;
  }
}

#endif
