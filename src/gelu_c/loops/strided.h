/* Runs a kernel on arrays with any strides. Elements that do not lie side by side are gathered into
 * buffers on the stack, and scattered from them. */
#ifndef GF_STRIDED_H
#define GF_STRIDED_H

#include "loops/contiguous.h"
#include "loops/gather.h"

enum { BUFFERS_BYTES = 6144, BUFFERS = BUFFERS_BYTES / sizeof(ELEMENT) };

static GF_NOINLINE void run_strided(const gf_kernel *kernel, char *const *args,
                                    const ptrdiff_t *steps, size_t n) {
  enum { OPERANDS_MAX = INPUTS_MAX + OUTPUTS_MAX };
  const ptrdiff_t size = sizeof(ELEMENT);
  const int operands = kernel->nin + kernel->nout;
  size_t buffered = 0;
  for (int k = 0; k < operands; k++)
    buffered += steps[k] != size;
  const size_t part = BUFFERS / buffered, most = part - part % V_LANES;
  ELEMENT buffers[BUFFERS], *next = buffers;
  ELEMENT *buffer[OPERANDS_MAX];
  char *at[OPERANDS_MAX];
  for (int k = 0; k < operands; k++) {
    at[k] = args[k];
    buffer[k] = next;
    if (steps[k] != size)
      next += most;
    if (k < kernel->nin && steps[k] == 0) /* the same for every block */
      gather(buffer[k], at[k], 0, n < most ? n : most);
  }
  for (size_t m; n > 0; n -= m) {
    m = n < most ? n : most;
    char *side_by_side[OPERANDS_MAX];
    for (int k = 0; k < operands; k++) {
      side_by_side[k] = steps[k] == size ? at[k] : (char *)buffer[k];
      if (k < kernel->nin && steps[k] != size && steps[k] != 0)
        gather(buffer[k], at[k], steps[k], m);
    }
    run_contiguous(kernel, (const char *const *)side_by_side, side_by_side + kernel->nin, m, 0);
    for (int k = 0; k < operands; k++) {
      if (k >= kernel->nin && steps[k] != size)
        scatter(at[k], steps[k], buffer[k], m);
      at[k] += steps[k] * (ptrdiff_t)m;
    }
  }
}

static void run_any(const gf_kernel *kernel, char *const *args, const ptrdiff_t *steps, size_t n,
                    int stream) {
  int side_by_side = 1;
  for (int k = 0; k < kernel->nin + kernel->nout; k++)
    side_by_side &= steps[k] == sizeof(ELEMENT);
  if (side_by_side)
    run_contiguous(kernel, (const char *const *)args, args + kernel->nin, n, stream);
  else
    run_strided(kernel, args, steps, n);
}

#endif
