/* The smallest numbers that still show in a function beside its value at 0. Beside the rounding of the
 * function they are nothing; but where its product with another number lies halfway between two numbers
 * of a 16-bit type, they say which of them is nearer. */
#ifndef GF_SHOWING_H
#define GF_SHOWING_H

/* x, or the number with its sign and the size `least` where x is smaller and not 0 */
static inline v v_no_smaller(v x, real least) {
#if ENDS_AS_HALF
  const v size = v_abs(x), larger = v_max(v_set(least), size);
  return v_copysign(v_min(v_mul(size, v_set(0x1p120f)), larger), x); /* 0 stays 0, NaN stays NaN */
#else
  (void)least;
  return x;
#endif
}

/* For a function that is about 1/2 + x / 6 or more at 0 */
static inline v v_showing(v x) {
#ifdef REAL_IS_FLOAT
  return v_no_smaller(x, 0x1.8p-14f);
#else
  return v_no_smaller(x, 0x1p-50);
#endif
}

/* For one in double that is about 1/4 less a share of x^2 */
static inline v v_showing_squared(v x) { return v_no_smaller(x, (real)0x1p-25); }

#endif
