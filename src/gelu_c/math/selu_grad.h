/* selu_grad(x) = scale for x > 0, scale * alpha * exp(x) for the others: the derivative of selu (selu.h),
 * at 0 that from the left.
 *
 * Saturation: 0 below -104.54 (float32), -745.70 (float64).
 * Method: as elu_grad.h, the constants in two words.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "elu_grad.h"

static inline v_scaled v_selu_grad_left(v x) {
  const v_exponential e = v_exp_left(x);
  return (v_scaled){v2_collapse(v2_mul(e.m, v2_constant(selu_left))), e.n};
}

static inline v v_selu_grad_tail(v x) { return v_value(v_selu_grad_left(x)); }

static inline v v_selu_grad(v x) {
  return v_select(v_lt(v_set(0), x), v_set(selu_right[0]), v_normal_value(v_selu_grad_left(x)));
}

static inline v_mask v_selu_grad_in_tail(v x) { return v_elu_grad_in_tail(x); }
