/* silu(x) = x * sigmoid(x) = x / (1 + exp(-x)).
 *
 * Reduction: silu(x) = max(x, 0) - h(a), a = |x|, h(a) = a * sigmoid(-a), with the sign of x.
 * Saturation: x from 16.68 (float32), 36.88 (float64) up; -0.0 below -108.67, -751.76.
 * Method: h by rows (parts/rows.h); beyond the limit h = a * e * (1 - e), e = exp(-a) (parts/tail.h), on
 * the right too.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include ROWS_OF(silu)
#include "parts/rows.h"
#include "parts/tail.h"

static inline v v_silu_tail(v x) {
  const v a = v_min(v_set(SIGMOID_MAX), v_abs(x));
  const v left = v_value(v_times_logistic(v2_of(a), v_exp_minus(v2_of(a)), 1));
  return v_copysign(v_sub(v_max(x, v_set(0)), left), x);
}

static inline v v_silu(v x) {
  /* max gives x where it is a zero, or NaN */
  return v_minus(v_max(v_set(-0.0), x), v_rows(&silu_rows, v_abs(x)));
}

#define GF_HAS_TAIL
static inline v_mask v_silu_in_tail(v x) { return v_lt(v_set(silu_rows.limit), v_abs(x)); }
