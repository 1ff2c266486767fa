/* Evaluates a function on whole vectors of elements that lie side by side. `f` is a constant, so
 * the compiler makes code for this function. */
#ifndef GF_EVALUATE_H
#define GF_EVALUATE_H

#include "loops/function.h"
#include "simd/prefetch.h"

/* Whether there is a loop that prefetches and streams. Arithmetic takes most of the time of a correctly
 * rounded function, so a second loop would gain nothing. */
#define HAS_FAR (SIMD_HAS_FAR && !IS_SHORT)

enum {
  CHUNK_VECTORS = 64, /* one bit of a uint64_t for each */
  CHUNK = CHUNK_VECTORS * V_LANES,
  AHEAD = 16384 /* how many bytes of all operands together are prefetched ahead of the loop */
};

static GF_ALWAYS_INLINE void load_inputs(const function f, v *x, const char *const *in, size_t i) {
  for (int k = 0; k < f.nin; k++)
    x[k] = LOAD((const ELEMENT *)in[k] + i);
}

/* Prefetches what the loop needs of an array when it is further than element i by its part of AHEAD.
 * All that is prefetched has to fit into the first-level cache. */
static GF_ALWAYS_INLINE void prefetch_vector(const function f, const char *array, size_t i,
                                             const int to_write) {
  const size_t ahead = AHEAD / (size_t)(f.nin + f.nout) / LINE_BYTES * LINE_BYTES;
  const uintptr_t vector = (uintptr_t)array + i * sizeof(ELEMENT) + ahead;
  for (uintptr_t line = 0; line < V_LANES * sizeof(ELEMENT); line += LINE_BYTES)
    if (to_write)
      simd_prefetch_to_write(vector + line);
    else
      simd_prefetch(vector + line);
}

/* Which results y of evaluate are wrong or in doubt */
static GF_ALWAYS_INLINE v_mask wrong_lanes(const function f, const v *x, const v *y) {
#if IS_DOUBTED
  const v_mask in_doubt = WORD(near_tie)(y[0], f.ulps);
  return f.in_tail ? v_or(f.in_tail(x), in_doubt) : in_doubt;
#else
  (void)y;
  return f.in_tail(x);
#endif
}

/* Whether a vector is left to double as a whole */
static GF_ALWAYS_INLINE int is_for_double(const function f, const char *const *in, size_t i) {
#if IS_DOUBTED
  return WORD(tiny)((const ELEMENT *)in[0] + i, (const ELEMENT *)in[f.nin - 1] + i);
#else
  (void)f, (void)in, (void)i;
  return 0;
#endif
}

/* Returns a flag for each of the first 64 vectors, set if it has lanes in the tail or in doubt. Such
 * lanes are rare but expensive, so no branch depends on them here: their results are wrong until
 * correct_tail.
 *
 * is_far: 0 if the operands are near; otherwise inputs are prefetched, and `stream` says whether
 * results are streamed. One loop does both, because every loop is compiled for each function. */
static GF_ALWAYS_INLINE uint64_t evaluate_vectors(const function f, const char *const *in,
                                                  char *const *out, size_t n, const int is_far,
                                                  int stream) {
  const char *from[INPUTS_MAX]; /* copies, which stores of results cannot change */
  char *to[OUTPUTS_MAX];
  for (int k = 0; k < f.nin; k++)
    from[k] = in[k];
  for (int k = 0; k < f.nout; k++)
    to[k] = out[k];
  uint64_t flags = 0;
  for (size_t i = 0; i < n; i += V_LANES) {
    if (is_for_double(f, from, i)) { /* very rare */
      flags |= (uint64_t)1 << i / V_LANES;
      continue;
    }
    v x[INPUTS_MAX], y[OUTPUTS_MAX];
    for (int k = 0; is_far && k < f.nin; k++)
      prefetch_vector(f, from[k], i, 0);
    load_inputs(f, x, from, i);
    f.evaluate(x, y);
    if (is_far && gf_opaque(stream)) {
      for (int k = 0; k < f.nout; k++)
        STREAM((ELEMENT *)to[k] + i, y[k]);
    } else {
      for (int k = 0; k < f.nout; k++) {
        if (is_far)
          prefetch_vector(f, to[k], i, 1);
        STORE((ELEMENT *)to[k] + i, y[k]);
      }
    }
    if (f.in_tail || IS_DOUBTED)
      flags |= (uint64_t)v_any(wrong_lanes(f, x, y)) << i / V_LANES;
  }
  return flags;
}

/* Evaluates the tail of the function in every lane; `out` may be `in`. */
static GF_ALWAYS_INLINE void evaluate_tail_vectors(const function f, const char *const *in,
                                                   char *const *out, size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[INPUTS_MAX], y[OUTPUTS_MAX];
    load_inputs(f, x, in, i);
    f.tail(x, y);
    for (int k = 0; k < f.nout; k++)
      STORE((ELEMENT *)out[k] + i, y[k]);
  }
}

static GF_ALWAYS_INLINE int are_all_in_tail(const function f, const char *const *in, size_t n) {
  const unsigned all_lanes = 0xffffffffu >> (32 - V_LANES);
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[INPUTS_MAX];
    load_inputs(f, x, in, i);
    if (v_bits(f.in_tail(x)) != all_lanes)
      return 0;
  }
  return 1;
}

#endif
