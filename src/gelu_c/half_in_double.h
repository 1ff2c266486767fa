/* One function on arrays of a 16-bit type, by a kernel for doubles: widened, computed, rounded once.
 * Included once for each function of a group (group.h); GF_REAL is f64. */

gf_kernel KERNEL, WIDENED_KERNEL;
void KERNEL(char *const *args, const ptrdiff_t *steps, size_t n, int stream) {
  enum { ALL = GF_NIN + GF_NOUT, HALF_BLOCK = BLOCK / 4 };
  (void)stream;
  double wide[ALL][HALF_BLOCK];
  uint16_t halves[HALF_BLOCK];
  char *at[ALL], *wide_args[ALL];
  ptrdiff_t wide_steps[ALL];
  for (int k = 0; k < ALL; k++) {
    at[k] = args[k];
    wide_args[k] = (char *)wide[k];
    wide_steps[k] = sizeof(double);
  }
  for (size_t m; n > 0; n -= m) {
    m = n < HALF_BLOCK ? n : HALF_BLOCK;
    memset(halves, 0, sizeof halves); /* the last vector may be a part one */
    for (int k = 0; k < GF_NIN; k++) {
      gather(halves, at[k], steps[k], m);
      for (size_t i = 0; i < m; i += V_LANES)
        v_store(wide[k] + i, LOAD(halves + i));
    }
    WIDENED_KERNEL(wide_args, wide_steps, m, 0);
    for (int k = GF_NIN; k < ALL; k++) {
      for (size_t i = 0; i < m; i += V_LANES)
        STORE(halves + i, v_load(wide[k] + i));
      scatter(at[k], steps[k], halves, m);
    }
    for (int k = 0; k < ALL; k++)
      at[k] += steps[k] * (ptrdiff_t)m;
  }
}

#undef GF_FUNCTION
#undef GF_NIN
#undef GF_NOUT
