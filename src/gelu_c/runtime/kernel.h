/* A kernel computes one function on arrays of one dtype with one instruction set. The dispatcher
 * calls `run`. The members after it are compiled for each function; loops/README.md shows who calls
 * them. In those, `in` and `out` are the addresses of the first elements, which lie side by side; n
 * is a multiple of the number of lanes. */
#ifndef GF_KERNEL_H
#define GF_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/stream.h"

typedef struct gf_kernel gf_kernel;

/* What a function of x is next to 0, where the kernel's results have these bits (loops/near_zero.h) */
typedef enum {
  GF_NEAR_ZERO_UNKNOWN,
  GF_NEAR_ZERO_CONSTANT, /* the result at 0 */
  GF_NEAR_ZERO_X,
  GF_NEAR_ZERO_HALF_X
} gf_near_zero;

struct gf_kernel {
  /* args: the inputs, then the outputs; steps: their strides in bytes */
  void (*run)(const gf_kernel *kernel, char *const *args, const ptrdiff_t *steps, size_t n,
              gf_reach reach);
  int nin, nout;
  size_t lanes; /* of a vector */
  gf_near_zero near_zero;

  /* Evaluates n elements, at most one vector, without raising floating-point flags (loops/one_vector.h).
   * All lanes of a vector are read and written. Returns 0 if a result is NaN: then it has to be
   * evaluated again. NULL if the instruction set cannot, or the function may need double. `out` is no
   * input. */
  int (*evaluate_one)(const char *const *in, char *const *out, size_t n);

  /* Evaluate vectors, and return a flag for each of the first 64 that has lanes in the tail. The
   * results of those lanes are wrong. evaluate_far prefetches, and streams the results if `stream`
   * is 1: then `out` is aligned to whole vectors. It is NULL without SIMD_HAS_FAR (simd/prefetch.h). */
  uint64_t (*evaluate)(const char *const *in, char *const *out, size_t n);
  uint64_t (*evaluate_far)(const char *const *in, char *const *out, size_t n, int stream);

  /* These are NULL for a function without a tail. */
  void (*evaluate_tail)(const char *const *in, char *const *out, size_t n);
  int (*all_in_tail)(const char *const *in, size_t n); /* whether to call evaluate_tail at once */
  /* One of these is not NULL: the first writes which lanes of the flagged vectors have wrong results, as
   * bits, one number for each of these vectors (loops/late_lanes.h); the second corrects them and
   * returns how many there were (loops/table_tail.h). */
  void (*find_wrong_lanes)(const char *const *in, uint64_t flags, uint32_t *lanes);
  size_t (*correct_tail)(const char *const *in, char *const *out, uint64_t flags);
};

#endif
