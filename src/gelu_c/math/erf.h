/* erf(x) = 2/sqrt(pi) * integral of exp(-t^2) for t from 0 to x.
 *
 * Reduction: odd, a = |x|.
 * Saturation: 1 from 3.91 (float32), 5.93 (float64) up.
 * Method: rows (parts/rows.h); the first leaves a to the last, fused step.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.848p-10:
 *       got 0x1.b68p-10, want 0x1.b65fff0c4d4f5p-10
 *   f32 0.8577 ULP at 0x1.65fec2p-6:
 *       got 0x1.93e3d8p-6, want 0x1.93e3d648e1189p-6
 *   f64 0.9066 ULP at -0x1.c91beddaf7513p-1:
 *       got -0x1.9626f9b97b5a6p-1, want -0x1.9626f9b97b5a5p-1
 */
#include ROWS_OF(erf)
#include "parts/rows.h"

static inline v v_erf(v x) { return v_copysign(v_collapse(v_rows(&erf_rows, v_abs(x))), x); }
