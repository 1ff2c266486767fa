/* x, or the smallest number with its sign that still shows beside 1/2. Beside the rounding of a
 * function that is about 1/2 at 0 it is nothing; but where half a number lies halfway between two of a
 * 16-bit type, it says which of them is nearer. */
#ifndef GF_SHOWING_H
#define GF_SHOWING_H

static inline v v_showing(v x) {
#ifdef ELEMENT_IS_HALF
#ifdef REAL_IS_FLOAT
  const v shows = v_set(0x1.8p-14f); /* in half a subnormal number, too */
#else
  const v shows = v_set(0x1p-50);
#endif
  const v size = v_abs(x);
  return v_copysign(v_min(v_mul(size, v_set(0x1p120f)), v_max(shows, size)), x); /* 0 stays 0 */
#else
  return x;
#endif
}

#endif
