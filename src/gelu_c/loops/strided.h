/* Runs a kernel on arrays with any strides. Elements that do not lie side by side are gathered into
 * buffers on the stack, and scattered from them. */
#ifndef GF_STRIDED_H
#define GF_STRIDED_H

#include "loops/contiguous.h"
#include "loops/gather.h"

enum { BUFFERS_BYTES = 5888, BUFFERS = BUFFERS_BYTES / sizeof(ELEMENT) };

_Static_assert(BUFFERS_BYTES + CONTIGUOUS_BUFFERS_MAX <= BUFFERS_MAX, "the stack stays small");

/* Whether an operand needs a buffer: its elements do not lie side by side, or it is an output close
 * to an input, which would need a buffer in run_contiguous otherwise. */
static int needs_buffer(const gf_kernel *kernel, char *const *args, const ptrdiff_t *steps, int k) {
  int needs = steps[k] != sizeof(ELEMENT);
  for (int l = 0; k >= kernel->nin && l < kernel->nin; l++)
    needs |= are_near(args[k], args[l], BUFFERS_BYTES);
  return needs;
}

GF_BUFFERS_BEGIN

static GF_NOINLINE void run_strided(const gf_kernel *kernel, char *const *args,
                                    const ptrdiff_t *steps, size_t n) {
  const int operands = kernel->nin + kernel->nout;
  int is_buffered[OPERANDS_MAX];
  size_t buffered = 0;
  for (int k = 0; k < operands; k++)
    buffered += (size_t)(is_buffered[k] = needs_buffer(kernel, args, steps, k));
  const size_t part = BUFFERS / buffered, most = part - part % V_LANES;
  _Alignas(64) ELEMENT buffers[BUFFERS];
  ELEMENT *next = buffers;
  char *at[OPERANDS_MAX], *side_by_side[OPERANDS_MAX];
  for (int k = 0; k < operands; k++) {
    at[k] = args[k];
    side_by_side[k] = (char *)next;
    next += is_buffered[k] ? most : 0;
    if (k < kernel->nin && steps[k] == 0) /* the same for every block */
      gather((ELEMENT *)side_by_side[k], at[k], 0, n < most ? n : most);
  }
  for (size_t m; n > 0; n -= m) {
    m = n < most ? n : most;
    for (int k = 0; k < operands; k++)
      if (!is_buffered[k])
        side_by_side[k] = at[k];
      else if (k < kernel->nin && steps[k] != 0)
        gather((ELEMENT *)side_by_side[k], at[k], steps[k], m);
    run_contiguous(kernel, (const char *const *)side_by_side, side_by_side + kernel->nin, m,
                   GF_NEAR);
    for (int k = 0; k < operands; k++) {
      if (is_buffered[k] && k >= kernel->nin)
        scatter(at[k], steps[k], (ELEMENT *)side_by_side[k], m);
      at[k] += steps[k] * (ptrdiff_t)m;
    }
  }
}

GF_BUFFERS_END

static void run_any(const gf_kernel *kernel, char *const *args, const ptrdiff_t *steps, size_t n,
                    gf_reach reach) {
  if (n == 1) {
    one_element(kernel, args);
    return;
  }
  for (int k = 0; k < kernel->nin + kernel->nout; k++)
    if (steps[k] != sizeof(ELEMENT)) {
      run_strided(kernel, args, steps, n);
      return;
    }
  run_contiguous(kernel, (const char *const *)args, args + kernel->nin, n, reach);
}

#endif
