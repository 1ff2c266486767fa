/* Calls of a function on arrays that are broadcast: dense arrays in C order, with one number of
 * dimensions. An input may have the length 1 where the results have another. */
#ifndef GELU_FAST_JAX_AXES_H
#define GELU_FAST_JAX_AXES_H

#include <string.h>

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

/* Calls the function for each line along the innermost axis. */
static void call(const gf_row *row, char *const *args, const axis *axes, int count, int n) {
  if (count == 1) {
    gf_call(row, args, axes->steps, axes->length);
    return;
  }
  const axis *outer = &axes[count - 1];
  char *at[OPERANDS];
  memcpy(at, args, sizeof at);
  for (size_t i = 0; i < outer->length; i++) {
    call(row, at, axes, count - 1, n);
    for (int k = 0; k < n; k++)
      at[k] += outer->steps[k];
  }
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

#endif
