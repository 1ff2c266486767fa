/* The product of two mantissas has 106 bits. So x * y and z become numbers of 128 bits with the leading
 * bit at TOP, the one with the smaller exponent is shifted to the other, and the sum is rounded.
 *
 * A bit that a shift loses is kept as a 1 in the last place. It decides whether a remainder is half of
 * a unit or more. That is right, because where leading bits cancel the shift was by at most one
 * place and lost nothing; otherwise the result is rounded far to the left of the last place. */
#include "runtime/fma.h"

#if defined(__SIZEOF_INT128__)

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "simd/compiler.h"

__extension__ typedef unsigned __int128 wide;

enum { TOP = 125, MANTISSA = 53, LEAST = -1074 }; /* 2^LEAST is the smallest number */

typedef struct {
  wide digits; /* the leading bit is at TOP; times 2^exponent */
  int exponent, is_negative;
} number;

static double power_of_2(int exponent) { /* a normal number */
  const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static int leading_bit(wide digits) {
  const uint64_t high = (uint64_t)(digits >> 64), low = (uint64_t)digits;
  return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll(low);
}

static wide shifted_right(wide digits, int by) {
  if (by <= 0)
    return digits << -by;
  if (by > 127)
    return digits != 0;
  return digits >> by | ((digits & (((wide)1 << by) - 1)) != 0);
}

static number with_leading_bit(number x) {
  const int by = leading_bit(x.digits) - TOP;
  return (number){shifted_right(x.digits, by), x.exponent + by, x.is_negative};
}

/* The mantissa of a finite number that is not 0, as an integer. */
static number number_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int exponent = (int)(bits >> 52 & 2047), is_negative = (int)(bits >> 63);
  const uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
  if (exponent == 0)
    return (number){fraction, LEAST, is_negative};
  return (number){fraction | (uint64_t)1 << 52, exponent - 1 + LEAST, is_negative};
}

static double rounded(number x) {
  const double sign = x.is_negative ? -1 : 1;
  const int to_mantissa = TOP - MANTISSA + 1, to_least = LEAST - x.exponent;
  const int by = to_least > to_mantissa ? to_least : to_mantissa;
  if (by > 127)
    return sign * 0.0;
  const wide units = x.digits >> by, rest = x.digits & (((wide)1 << by) - 1),
             half = (wide)1 << (by - 1);
  const uint64_t result = (uint64_t)units + (rest > half || (rest == half && (units & 1)));
  const int exponent = x.exponent + by; /* at least LEAST */
  if (exponent > 1023)
    return sign * INFINITY;
  return sign * (double)result * power_of_2(exponent / 2) * power_of_2(exponent - exponent / 2);
}

double gf_fma(double x, double y, double z) {
  if (!isfinite(x) || !isfinite(y) || x == 0 || y == 0)
    return x * y + z;
  if (!isfinite(z)) /* x * y may overflow to the other infinity */
    return z;
  if (z == 0)
    return x * y;
  const number of_x = number_of(x), of_y = number_of(y);
  const number product =
      with_leading_bit((number){of_x.digits * of_y.digits, of_x.exponent + of_y.exponent,
                                of_x.is_negative ^ of_y.is_negative});
  const number other = with_leading_bit(number_of(z));
  const int is_larger = product.exponent > other.exponent ||
                        (product.exponent == other.exponent && product.digits >= other.digits);
  number sum = is_larger ? product : other;
  const number smaller = is_larger ? other : product;
  const wide digits = shifted_right(smaller.digits, sum.exponent - smaller.exponent);
  sum.digits = sum.is_negative == smaller.is_negative ? sum.digits + digits : sum.digits - digits;
  if (sum.digits == 0)
    return 0.0;
  return rounded(with_leading_bit(sum));
}

#else

#include <math.h>

double gf_fma(double x, double y, double z) { return fma(x, y, z); }

#endif
