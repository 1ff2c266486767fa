/* relu(x) = max(x, 0). Exact.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_RELU_H
#define GF_MATH_RELU_H

/* max gives x where it is a zero, or NaN */
static inline v v_relu(v x) { return v_max(v_set(0), x); }

#endif
