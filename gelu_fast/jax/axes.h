/* Calls of a function on arrays that are broadcast: dense arrays in C order, with one number of
 * dimensions. An input may have the length 1 where the results have another. */
#ifndef GELU_FAST_JAX_AXES_H
#define GELU_FAST_JAX_AXES_H

#include "gelu_c.h"
#include "xla/ffi/api/c_api.h"

enum { OPERANDS = 5, AXES = 64, SHORT = 16 };

/* An axis of the results: its length, and the step of every operand and result along it in bytes. */
typedef struct {
  size_t length;
  ptrdiff_t steps[OPERANDS];
} axis;

/* Writes the axes of a call, the innermost first; axes that all arrays walk through in one go become
 * one. The last of the n arrays is a result. Returns their number, or 0 if shapes do not fit. */
static int axes_of(XLA_FFI_Buffer *const *arrays, int n, size_t size, axis *axes) {
  const XLA_FFI_Buffer *out = arrays[n - 1];
  ptrdiff_t strides[OPERANDS];
  int count = 0;
  axes[count++] = (axis){.length = 1};
  for (int k = 0; k < n; k++) {
    strides[k] = (ptrdiff_t)size;
    if (arrays[k]->rank != out->rank || out->rank >= AXES)
      return 0;
  }
  for (int64_t d = out->rank - 1; d >= 0; d--) {
    axis next = {.length = (size_t)out->dims[d]}, *last = &axes[count - 1];
    int joins = 1;
    for (int k = 0; k < n; k++) {
      const int64_t length = arrays[k]->dims[d];
      if (length != out->dims[d] && length != 1)
        return 0;
      next.steps[k] = length == 1 ? 0 : strides[k];
      strides[k] *= length;
      joins &= next.steps[k] == last->steps[k] * (ptrdiff_t)last->length;
    }
    if (last->length == 1)
      *last = next;
    else if (joins)
      last->length *= next.length;
    else if (next.length != 1)
      axes[count++] = next;
  }
  return count;
}

/* A call on few elements costs as much as one on some hundreds: a short innermost axis changes its
 * place with the longest. */
static void avoid_short_lines(axis *axes, int count) {
  int longest = 0;
  for (int i = 1; i < count; i++)
    if (axes[i].length > axes[longest].length)
      longest = i;
  if (axes[0].length < SHORT) {
    const axis first = axes[0];
    axes[0] = axes[longest];
    axes[longest] = first;
  }
}

typedef struct {
  const gf_row *row;
  char *args[OPERANDS];
  int operands, count; /* of arrays and of axes */
  axis axes[AXES];
} call;

static size_t elements_of(const call *c) {
  size_t n = 1;
  for (int i = 0; i < c->count; i++)
    n *= c->axes[i].length;
  return n;
}

/* Computes the results first, first + 1, ... first + count - 1, line by line. */
static void compute(const call *c, size_t first, size_t count) {
  const size_t length = c->axes[0].length;
  if (count == 0)
    return;
  size_t line = first / length, begin = first % length;
  for (; count > 0; line++, begin = 0) {
    const size_t n = length - begin < count ? length - begin : count;
    char *at[OPERANDS];
    size_t rest = line;
    for (int k = 0; k < c->operands; k++)
      at[k] = c->args[k];
    for (int i = 1; i < c->count; i++) {
      const axis *outer = &c->axes[i];
      const size_t index = i + 1 < c->count ? rest % outer->length : rest;
      for (int k = 0; k < c->operands; k++)
        at[k] += (ptrdiff_t)index * outer->steps[k];
      rest = i + 1 < c->count ? rest / outer->length : 0;
    }
    gf_call_part(c->row, at, c->axes[0].steps, length, begin, n);
    count -= n;
  }
}

#endif
