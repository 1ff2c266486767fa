/* One function on arrays of one dtype, for one instruction set: vocabulary (simd/) + mathematics
 * (math/GF_FUNCTION.h) + coefficients. Included once for each function of a group (group.h).
 *
 * Elements that lie one after another are computed where they lie (compute.h). Others are gathered
 * into, and scattered from, buffers on the stack (memory.h). */
#include "compute.h"

gf_kernel KERNEL;
void KERNEL(char *const *args, const ptrdiff_t *steps, size_t n, int stream) {
  const ptrdiff_t size = sizeof(ELEMENT);
  int all_in_place = 1;
  for (int k = 0; k < GF_NIN + GF_NOUT; k++)
    all_in_place &= steps[k] == size;
  ELEMENT buffers[GF_NIN + GF_NOUT][BLOCK];
  const ELEMENT *in[GF_NIN];
  ELEMENT *out[GF_NOUT];
  char *at[GF_NIN + GF_NOUT];
  for (int k = 0; k < GF_NIN + GF_NOUT; k++)
    at[k] = args[k];
  for (int k = 0; k < GF_NIN; k++) {
    in[k] = buffers[k];
    if (steps[k] == 0) /* the same every time */
      gather(buffers[k], at[k], 0, n < BLOCK ? n : BLOCK);
  }
  const size_t most = all_in_place ? n : BLOCK;
  for (size_t m; n > 0; n -= m) {
    m = n < most ? n : most;
    for (int k = 0; k < GF_NIN; k++)
      if (steps[k] == size)
        in[k] = (const ELEMENT *)at[k];
      else if (steps[k] != 0)
        gather(buffers[k], at[k], steps[k], m);
    for (int k = 0; k < GF_NOUT; k++)
      out[k] = steps[GF_NIN + k] == size ? (ELEMENT *)at[GF_NIN + k] : buffers[GF_NIN + k];
    compute(in, out, m, stream && all_in_place);
    for (int k = 0; k < GF_NOUT; k++)
      if (steps[GF_NIN + k] != size)
        scatter(at[GF_NIN + k], steps[GF_NIN + k], out[k], m);
    for (int k = 0; k < GF_NIN + GF_NOUT; k++)
      at[k] += steps[k] * (ptrdiff_t)m;
  }
}

#undef GF_FUNCTION
#undef GF_NIN
#undef GF_NOUT
