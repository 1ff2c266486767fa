/* Settles a result that is in doubt in double: one whose rounding to float32 its error may decide. */
#ifndef GF_SETTLE_H
#define GF_SETTLE_H

#include "loops/hard_cases.h"

enum { ULPS_OF_DOUBLE = 7 }; /* 2^k - 1, more than the largest error in the table */

static inline int is_listed(const uint32_t *list, size_t count, uint32_t bits) {
  while (count > 0) {
    const size_t middle = count / 2;
    if (list[middle] == bits)
      return 1;
    if (list[middle] < bits) {
      list += middle + 1;
      count -= middle + 1;
    } else {
      count = middle;
    }
  }
  return 0;
}

/* Which way to move the result for x: -1, 1, or 0 if double shows the side. Next to 0 a function that is
 * nearly x / 2 lies above that: it is x / 2 + c * x^2, c > 0. */
static inline int way_of_hard_case(const hard_cases *hard, int is_half_x, float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (is_half_x && -0x1p-60f < x && x < 0x1p-60f)
    return 1;
  return is_listed(hard->above, hard->above_count, bits) -
         is_listed(hard->below, hard->below_count, bits);
}

/* The result y, moved beyond the point. It is at most 2^-47 of y, or of the smallest normal number, from
 * it. */
static inline double moved_beyond(double y, int way) {
  const double size = y < 0 ? -y : y, least = 0x1p-126;
  return y + way * 0x1p-46 * (size < least ? least : size);
}

#endif
