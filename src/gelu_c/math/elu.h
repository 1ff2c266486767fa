/* elu(x) = x for x > 0, exp(x) - 1 for the others.
 *
 * Reduction: on the left -f(a), a = |x|, f(a) = 1 - exp(-a).
 * Saturation: -1 below -17.33 (float32), -37.43 (float64).
 * Method: rows (parts/rows.h); the first leaves a to the last, fused step.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include ROWS_OF(elu)
#include "parts/rows.h"

static inline v v_elu(v x) {
  const v left = v_copysign(v_collapse(v_rows(&elu_rows, v_abs(x))), x);
  return v_select(v_lt(v_set(0), x), x, left);
}
