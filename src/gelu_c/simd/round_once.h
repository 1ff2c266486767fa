/* Rounds a double to a number of float16 or bfloat16, still as a double. The conversions to float
 * and on to 16 bits are then exact, so the result is rounded once. */
#ifndef GF_ROUND_ONCE_H
#define GF_ROUND_ONCE_H

/* Rounds to `bits` bits, or to fewer below `least`, the smallest normal number: a sum with a large
 * enough power of two has no room for more. */
static inline reg reg_to_bits(reg x, int bits, double least) {
  const reg power = reg_min(reg_set(0x1p900), reg_max(reg_set(least), reg_power(x)));
  const reg large = reg_mul(power, reg_set(1.5 * (double)(1ull << (53 - bits))));
  return reg_copysign(reg_sub(reg_add(x, large), large), x);
}
static inline reg reg_to_F16(reg x) { return reg_to_bits(x, 11, 0x1p-14); }
static inline reg reg_to_BF16(reg x) { return reg_to_bits(x, 8, 0x1p-126); }

#endif
