/* A tiny x does not change a function that is not 0 at 0: the difference is less than its rounding
 * error. But if the product of f(0) with another number lies halfway between two numbers of a
 * 16-bit type, this difference decides which of them is nearer. So a tiny x is replaced by the
 * smallest number that still changes the function. */
#ifndef GF_SHOWING_H
#define GF_SHOWING_H

/* x; if abs(x) < least and x is not 0, `least` with the sign of x */
static inline v v_no_smaller(v x, real least) {
#if ENDS_AS_HALF
  const v size = v_abs(x), larger = v_max(v_set(least), size);
  return v_copysign(v_min(v_mul(size, v_set(0x1p120f)), larger), x); /* 0 stays 0, NaN stays NaN */
#else
  (void)least;
  return x;
#endif
}

/* For functions whose float16 and bfloat16 are computed in double: about 1/2 at 0, with a slope */
static inline v v_showing(v x) {
#ifdef REAL_IS_FLOAT
  return x;
#else
  return v_no_smaller(x, 0x1p-50);
#endif
}

/* The same for functions that are about 1/4 minus a multiple of x^2 */
static inline v v_showing_squared(v x) {
#ifdef REAL_IS_FLOAT
  return x;
#else
  return v_no_smaller(x, 0x1p-25);
#endif
}

/* For 1/2 + x / 6, in float too */
static inline v v_showing_sixth(v x) {
#ifdef REAL_IS_FLOAT
  return v_no_smaller(x, 0x1.8p-14f);
#else
  return v_no_smaller(x, 0x1p-50);
#endif
}

#endif
