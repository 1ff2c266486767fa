/* softplus_grad(x) = 1 / (1 + exp(-x)), the derivative of softplus: sigmoid. float16 and bfloat16 are
 * computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "sigmoid.h"

static inline v v_softplus_grad(v x) { return v_sigmoid(x); }

static inline v v_softplus_grad_tail(v x) { return v_sigmoid_tail(x); }

static inline v_mask v_softplus_grad_in_tail(v x) { return v_sigmoid_in_tail(x); }
