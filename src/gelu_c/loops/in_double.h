/* Runs a kernel of a 16-bit type that computes in double: it widens a block of inputs to doubles,
 * runs the kernel `in_double` on them, and rounds the results once. */
#ifndef GF_IN_DOUBLE_H
#define GF_IN_DOUBLE_H

#include "loops/function.h"
#include "loops/gather.h"

enum { WIDE_BYTES = 5120, WIDE = WIDE_BYTES / sizeof(double) };

_Static_assert(WIDE_BYTES + WIDE / 2 * sizeof(uint16_t) + CONTIGUOUS_BUFFERS_MAX <= BUFFERS_MAX,
               "the stack stays small");

GF_BUFFERS_BEGIN

static void run_in_double(const gf_kernel *kernel, char *const *args, const ptrdiff_t *steps,
                          size_t n, gf_reach reach) {
  (void)reach;
  const int operands = kernel->nin + kernel->nout;
  const size_t part = WIDE / (size_t)operands, most = part - part % V_LANES;
  double wide[WIDE];
  uint16_t halves[WIDE / 2];
  char *at[OPERANDS_MAX], *wide_args[OPERANDS_MAX];
  ptrdiff_t wide_steps[OPERANDS_MAX];
  for (int k = 0; k < operands; k++) {
    at[k] = args[k];
    wide_args[k] = (char *)(wide + most * (size_t)k);
    wide_steps[k] = sizeof(double);
  }
  for (size_t m; n > 0; n -= m) {
    m = n < most ? n : most;
    memset(halves, 0, sizeof halves); /* pads the last vector */
    for (int k = 0; k < kernel->nin; k++) {
      gather(halves, at[k], steps[k], m);
      for (size_t i = 0; i < m; i += V_LANES)
        v_store((double *)wide_args[k] + i, LOAD(halves + i));
    }
    kernel->in_double->run(kernel->in_double, wide_args, wide_steps, m, GF_NEAR);
    for (int k = kernel->nin; k < operands; k++) {
      for (size_t i = 0; i < m; i += V_LANES)
        STORE(halves + i, v_load((double *)wide_args[k] + i));
      scatter(at[k], steps[k], halves, m);
    }
    for (int k = 0; k < operands; k++)
      at[k] += steps[k] * (ptrdiff_t)m;
  }
}

GF_BUFFERS_END

/* A kernel of a 16-bit type that computes in double, by the kernel double_symbol */
#define KERNEL_IN_DOUBLE(symbol, double_symbol, inputs, outputs)                                   \
  extern const gf_kernel symbol, double_symbol;                                                    \
  const gf_kernel symbol = {                                                                       \
      .run = run_in_double, .nin = inputs, .nout = outputs, .in_double = &double_symbol};

#endif
