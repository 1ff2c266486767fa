/* The function on elements that lie one after another in memory. Whole vectors; the remainder goes
 * through the same code in padded lanes, so that a value's result does not depend on where it
 * stands. Included once for each function. */

#include "apply.h"

#define load OWN(load)
#define whole_vectors OWN(whole_vectors)
#define vectors OWN(vectors)
#define stored OWN(stored)
#define streamed OWN(streamed)
#define padded OWN(padded)
#define compute OWN(compute)

static inline void load(v *x, const ELEMENT *const *from, size_t i) {
  for (int k = 0; k < GF_NIN; k++)
    x[k] = LOAD(from[k] + i);
}

/* n elements, a multiple of V_LANES. `stream`, a constant: past the caches, out being aligned to a
 * vector. Returns a flag for each vector with lanes in the tail, of the first 64, if the function has
 * one; their results are left wrong. */
static GF_ALWAYS_INLINE uint64_t whole_vectors(const ELEMENT *const *in, ELEMENT *const *out,
                                               size_t n, const int stream) {
  const ELEMENT *from[GF_NIN]; /* of our own: stores to out cannot change them */
  ELEMENT *to[GF_NOUT];
  memcpy(from, in, sizeof from);
  memcpy(to, out, sizeof to);
  uint64_t flags = 0;
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN], y[GF_NOUT];
    load(x, from, i);
    ASSIGN(y, EVALUATE, x);
    for (int k = 0; k < GF_NOUT; k++)
      if (stream)
        STREAM(to[k] + i, y[k]);
      else
        STORE(to[k] + i, y[k]);
#if HAS_TAIL
    flags |= (uint64_t)v_any(IN_TAIL(x)) << i / V_LANES;
#endif
  }
  return flags;
}

#if HAS_TAIL
#include "compute_tail.h"
#else
static inline void vectors(const ELEMENT *const *in, ELEMENT *const *out, size_t n,
                           const int stream) {
  whole_vectors(in, out, n, stream);
}
#endif

static GF_NOINLINE GF_FLATTEN void stored(const ELEMENT *const *in, ELEMENT *const *out, size_t n) {
  vectors(in, out, n, 0);
}
static GF_NOINLINE GF_FLATTEN void streamed(const ELEMENT *const *in, ELEMENT *const *out,
                                            size_t n) {
  vectors(in, out, n, 1);
  simd_stream_end();
}

/* n elements, fewer than a vector has, from number `first` on */
static void padded(const ELEMENT *const *in, ELEMENT *const *out, size_t first, size_t n) {
  ELEMENT lanes[GF_NIN][V_LANES] = {{0}}, results[GF_NOUT][V_LANES];
  const ELEMENT *from[GF_NIN];
  ELEMENT *to[GF_NOUT];
  for (int k = 0; k < GF_NIN; k++)
    from[k] = memcpy(lanes[k], in[k] + first, n * sizeof **lanes);
  for (int k = 0; k < GF_NOUT; k++)
    to[k] = results[k];
  stored(from, to, V_LANES);
  for (int k = 0; k < GF_NOUT; k++)
    memcpy(out[k] + first, results[k], n * sizeof **results);
}

static void compute(const ELEMENT *const *in, ELEMENT *const *out, size_t n, int stream) {
  const size_t vector = V_LANES * sizeof(ELEMENT);
  for (int k = 1; k < GF_NOUT; k++) /* both outputs must be aligned at once */
    stream = stream && ((uintptr_t)out[k] - (uintptr_t)out[0]) % vector == 0;
  const size_t beyond = stream ? (uintptr_t)out[0] % vector : 0;
  size_t first = beyond ? (vector - beyond) / sizeof(ELEMENT) : 0;
  first = first < n ? first : n;
  const size_t whole = (n - first) - (n - first) % V_LANES, rest = n - first - whole;
  const ELEMENT *from[GF_NIN];
  ELEMENT *to[GF_NOUT];
  for (int k = 0; k < GF_NIN; k++)
    from[k] = in[k] + first;
  for (int k = 0; k < GF_NOUT; k++)
    to[k] = out[k] + first;
  if (first > 0)
    padded(in, out, 0, first);
  (stream ? streamed : stored)(from, to, whole);
  if (rest > 0)
    padded(in, out, first + whole, rest);
}
