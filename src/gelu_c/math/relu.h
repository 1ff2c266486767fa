/* relu(x) = max(x, 0). The result is exact.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f16 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f32 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f64 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 */
#ifndef GF_MATH_RELU_H
#define GF_MATH_RELU_H

/* max gives x if x is a zero or NaN */
static inline v v_relu(v x) { return v_max(v_set(0), x); }

#define relu_HAS_TAIL 0

#endif
