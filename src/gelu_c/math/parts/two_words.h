/* Numbers as two words, hi + lo, where lo is at most a few ULP of hi. Products and quotients keep
 * the rounding errors in lo, so a chain of operations is rounded once, when it is collapsed to one
 * word. The error-free transformations are due to Dekker (1971). */
#ifndef GF_TWO_WORDS_H
#define GF_TWO_WORDS_H

typedef struct {
  v hi, lo;
} v2;

static inline v2 v2_constant(const real words[2]) { return (v2){v_set(words[0]), v_set(words[1])}; }
static inline v2 v2_of(v a) { return (v2){a, v_set(0)}; }

#if IS_SHORT
/* Here one word has digits enough. A low word is 0 unless the mathematics puts a small term there. */
static inline v v2_collapse(v2 a) { return v_add(a.hi, a.lo); }
static inline v2 v2_sum(v a, v b) { return v2_of(v_add(a, b)); }
#define v2_sum_of_any v2_sum
static inline v2 v2_product(v a, v b) { return v2_of(v_mul(a, b)); }
static inline v2 v2_mul(v2 a, v2 b) { return v2_product(v2_collapse(a), v2_collapse(b)); }
static inline v2 v2_add(v2 a, v2 b) { return v2_sum(v_add(a.hi, b.hi), v_add(a.lo, b.lo)); }
#define v2_add_any v2_add
static inline v2 v2_div(v2 a, v2 b) { return v2_of(v_div(a.hi, b.hi)); }
static inline v2 v2_inverse(v a) { return v2_of(v_div(v_set(1), a)); }
static inline v2 v2_inverse_of(v2 a) { return v2_inverse(a.hi); }
#else
static inline v v2_collapse(v2 a) { return v_add(a.hi, a.lo); }

/* a + b, exact if abs(a) >= abs(b) or a + b is close to a */
static inline v2 v2_sum(v a, v b) {
  const v sum = v_add(a, b);
  return (v2){sum, v_sub(b, v_sub(sum, a))};
}
/* a + b, exact for any a and b (Knuth 1969) */
static inline v2 v2_sum_of_any(v a, v b) {
  const v sum = v_add(a, b), b_part = v_sub(sum, a), a_part = v_sub(sum, b_part);
  return (v2){sum, v_add(v_sub(a, a_part), v_sub(b, b_part))};
}
static inline v2 v2_product(v a, v b) {
  const v product = v_mul(a, b);
  return (v2){product, v_fma(a, b, v_sub(v_set(0), product))};
}
static inline v2 v2_mul(v2 a, v2 b) {
  const v2 p = v2_product(a.hi, b.hi);
  return (v2){p.hi, v_fma(a.hi, b.lo, v_fma(a.lo, b.hi, p.lo))};
}
static inline v2 v2_add(v2 a, v2 b) { /* abs(a.hi) >= abs(b.hi) */
  const v2 s = v2_sum(a.hi, b.hi);
  return (v2){s.hi, v_add(s.lo, v_add(a.lo, b.lo))};
}
static inline v2 v2_add_any(v2 a, v2 b) {
  const v2 s = v2_sum_of_any(a.hi, b.hi);
  return (v2){s.hi, v_add(s.lo, v_add(a.lo, b.lo))};
}
static inline v2 v2_div(v2 a, v2 b) {
  const v inverse = v_div(v_set(1), b.hi), q = v_mul(a.hi, inverse);
  const v rest = v_add(v_fnma(q, b.hi, a.hi), v_fnma(q, b.lo, a.lo)); /* a - q * b */
  return (v2){q, v_mul(rest, inverse)};
}
static inline v2 v2_inverse(v a) {
  const v inverse = v_div(v_set(1), a);
  return (v2){inverse, v_mul(inverse, v_fnma(inverse, a, v_set(1)))};
}
/* 1 / a for two words */
static inline v2 v2_inverse_of(v2 a) {
  const v inverse = v_div(v_set(1), a.hi);
  const v rest = v_fnma(inverse, a.lo, v_fnma(inverse, a.hi, v_set(1)));
  return (v2){inverse, v_mul(inverse, rest)};
}
#endif

static inline v2 v2_square(v a) { return v2_product(a, a); }
static inline v2 v2_half_square(v a) { return v2_product(v_mul(a, v_set(0.5f)), a); }

#endif
