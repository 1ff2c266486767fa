/* hardsigmoid(x) = min(max(x / 6 + 1/2, 0), 1).
 *
 * Saturation: 0 from -3 down, 1 from 3 up.
 * Method: a sixth of x + 3 in two words, whose sum is correctly rounded (parts/sixth.h).
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_HARDSIGMOID_H
#define GF_MATH_HARDSIGMOID_H

#include "parts/sixth.h"

static inline v v_hardsigmoid(v x) { return v_rounded_sixth_of_3_and(v_clip(x, -3, 3)); }

#endif
