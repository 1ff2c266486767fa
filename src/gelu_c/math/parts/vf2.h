/* Float32 numbers in two words: the float32 twin of vd2.h, as far as it is needed. */
#ifndef GF_VF2_H
#define GF_VF2_H

typedef struct {
  vf hi, lo;
} vf2;

/* a + b, exact where abs(a) >= abs(b) or a + b is close to a */
static inline vf2 vf2_sum(vf a, vf b) {
  const vf sum = vf_add(a, b);
  return (vf2){sum, vf_sub(b, vf_sub(sum, a))};
}
static inline vf2 vf2_product(vf a, vf b) {
  const vf product = vf_mul(a, b);
  return (vf2){product, vf_fma(a, b, vf_sub(vf_set(0), product))};
}
static inline vf2 vf2_mul(vf2 a, vf2 b) {
  const vf2 p = vf2_product(a.hi, b.hi);
  return (vf2){p.hi, vf_fma(a.hi, b.lo, vf_fma(a.lo, b.hi, p.lo))};
}
static inline vf2 vf2_add(vf2 a, vf2 b) { /* abs(a.hi) >= abs(b.hi) */
  const vf2 s = vf2_sum(a.hi, b.hi);
  return (vf2){s.hi, vf_add(s.lo, vf_add(a.lo, b.lo))};
}
static inline vf2 vf2_inverse(vf a) {
  const vf inverse = vf_div(vf_set(1), a);
  return (vf2){inverse, vf_mul(inverse, vf_fnma(inverse, a, vf_set(1)))};
}

#endif
