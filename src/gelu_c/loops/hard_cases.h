/* Hard cases: float32 numbers whose exact result lies so near to a point halfway between two numbers of
 * float32 that double does not show on which side. They are listed in coeffs/NAME_hard.h
 * (tools/fit/hard_cases.py), as bits, in ascending order. */
#ifndef GF_HARD_CASES_H
#define GF_HARD_CASES_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint32_t *below, *above; /* the exact result lies below the point, or above it */
  size_t below_count, above_count;
} hard_cases;

#define HARD_CASES(name, side, ...) static const uint32_t name##_##side[] = __VA_ARGS__;
#define HARD_LENGTH(array) (sizeof(array) / sizeof *(array))
#define HARD_CASES_OF(name) HARD_CASES_OF_(name) /* after the expansion of a macro */
#define HARD_CASES_OF_(name)                                                                       \
  { name##_below, name##_above, HARD_LENGTH(name##_below), HARD_LENGTH(name##_above) }

#endif
