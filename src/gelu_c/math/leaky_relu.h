/* leaky_relu(x, negative_slope) = x for x > 0, negative_slope * x otherwise. The product is rounded
 * once.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.4p+8, 0x1.84p+2 (avx2):
 *       got -0x1.e4p+10, want -0x1.e5p+10
 *   f16 0.5000 ULP at -0x1.98p+8, 0x1.58p-19 (avx2):
 *       got -0x1.12p-10, want -0x1.122p-10
 *   f32 0.5000 ULP at -0x1.ep+6, 0x1.bb3bfp+20 (avx2):
 *       got -0x1.9f883p+27, want -0x1.9f8831p+27
 *   f64 0.5000 ULP at -0x1.4p+5, 0x1.b142bf5c3469cp+0 (avx2):
 *       got -0x1.0ec9b799a0c22p+6, want -0x1.0ec9b799a0c22p+6
 */
#ifndef GF_MATH_LEAKY_RELU_H
#define GF_MATH_LEAKY_RELU_H

static inline v v_leaky_relu(v x, v negative_slope) {
  return v_select(v_lt(v_set(0), x), x, v_mul(x, negative_slope));
}

#define leaky_relu_HAS_TAIL 0

#endif
