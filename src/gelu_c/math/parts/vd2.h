/* Float64 numbers in two words, hi + lo, lo at most a few ULP of hi: products and quotients keep
 * what each rounding drops, so a chain of them rounds once, when it is collapsed to one word.
 * The error-free transformations are those of Dekker (1971) and Knuth (TAOCP 2, 4.2.2). */
#ifndef GF_VD2_H
#define GF_VD2_H

typedef struct {
  vd hi, lo;
} vd2;

/* a + b, exact where abs(a) >= abs(b) or a + b is close to a */
static inline vd2 vd2_sum(vd a, vd b) {
  const vd sum = vd_add(a, b);
  return (vd2){sum, vd_sub(b, vd_sub(sum, a))};
}
/* a + b, exact */
static inline vd2 vd2_full_sum(vd a, vd b) {
  const vd sum = vd_add(a, b), b_part = vd_sub(sum, a);
  return (vd2){sum, vd_add(vd_sub(a, vd_sub(sum, b_part)), vd_sub(b, b_part))};
}
static inline vd2 vd2_product(vd a, vd b) {
  const vd product = vd_mul(a, b);
  return (vd2){product, vd_fma(a, b, vd_sub(vd_set(0), product))};
}
static inline vd2 vd2_mul(vd2 a, vd2 b) {
  const vd2 p = vd2_product(a.hi, b.hi);
  return (vd2){p.hi, vd_fma(a.hi, b.lo, vd_fma(a.lo, b.hi, p.lo))};
}
static inline vd2 vd2_div(vd2 a, vd2 b) {
  const vd inverse = vd_div(vd_set(1), b.hi);
  const vd quotient = vd_mul(a.hi, inverse);
  const vd rest = vd_fnma(quotient, b.lo, vd_add(vd_fnma(quotient, b.hi, a.hi), a.lo));
  return (vd2){quotient, vd_mul(rest, inverse)};
}
/* factor * a, collapsed to one word */
static inline vd vd2_times(vd2 a, vd factor) { return vd_fma(factor, a.hi, vd_mul(factor, a.lo)); }

/* zero - a for a zero given in two words, with its relative accuracy where they are close */
static inline vd vd_distance_to(const double zero[2], vd a) {
  return vd_add(vd_sub(vd_set(zero[0]), a), vd_set(zero[1]));
}

#endif
