/* The function on elements that lie one after another in memory. Whole vectors; the remainder goes
 * through the same code in padded lanes, so that a value's result does not depend on where it
 * stands. */
#ifndef GF_COMPUTE_H
#define GF_COMPUTE_H

#include "math/parts/compiler.h"

/* f(x[0]) or f(x[0], x[1]) */
#define APPLY_1(f, x) f((x)[0])
#define APPLY_2(f, x) f((x)[0], (x)[1])
#define APPLY(f, x) GF_CONCAT(APPLY_, GF_NIN)(f, x)
#define EVALUATE(x) APPLY(GF_CONCAT(v_, GF_FUNCTION), x)

/* The words for memory, by dtype; the others have no suffix. */
#define WORD(name) GF_CONCAT(GF_CONCAT(v_, name##_), GF_DTYPE)
#define v_load_F32 v_load
#define v_load_F64 v_load
#define v_store_F32 v_store
#define v_store_F64 v_store
#define v_stream_F32 v_stream
#define v_stream_F64 v_stream
#define v_pack_F32 v_pack
#define v_pack_F64 v_pack
#define v_unpack_F32 v_unpack
#define v_unpack_F64 v_unpack
#define LOAD WORD(load)
#define STORE WORD(store)
#define STREAM WORD(stream)
#define PACK WORD(pack)
#define UNPACK WORD(unpack)

#ifdef HALF_TAIL_SIDE
static inline v_mask v_in_half_tail(v x); /* half_tail.h */
#define IN_TAIL(x) v_in_half_tail((x)[0])
#else
#define IN_TAIL(x) APPLY(GF_CONCAT(GF_CONCAT(v_, GF_FUNCTION), _in_tail), x)
#endif

static inline void load(v *x, const ELEMENT *const *from, size_t i) {
  for (int k = 0; k < GF_NIN; k++)
    x[k] = LOAD(from[k] + i);
}

/* n elements, a multiple of V_LANES. `stream`, a constant: past the caches, out being aligned to a
 * vector. Returns a flag for each vector with lanes in the tail, of the first 64, if the function has
 * one; their results are left wrong. */
static GF_ALWAYS_INLINE uint64_t whole_vectors(const ELEMENT *const *in, ELEMENT *out, size_t n,
                                               const int stream) {
  const ELEMENT *from[GF_NIN]; /* of our own: stores to out cannot change it */
  for (int k = 0; k < GF_NIN; k++)
    from[k] = in[k];
  uint64_t flags = 0;
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN];
    load(x, from, i);
    if (stream)
      STREAM(out + i, EVALUATE(x));
    else
      STORE(out + i, EVALUATE(x));
#ifdef GF_HAS_TAIL
    flags |= (uint64_t)v_any(IN_TAIL(x)) << i / V_LANES;
#endif
  }
  return flags;
}

#ifdef GF_HAS_TAIL
#include "compute_tail.h"
#else
#define vectors whole_vectors
#endif

static GF_NOINLINE void stored(const ELEMENT *const *in, ELEMENT *out, size_t n) {
  vectors(in, out, n, 0);
}
static GF_NOINLINE void streamed(const ELEMENT *const *in, ELEMENT *out, size_t n) {
  vectors(in, out, n, 1);
  simd_stream_end();
}

/* n elements, fewer than a vector has, from number `first` on */
static void padded(const ELEMENT *const *in, ELEMENT *out, size_t first, size_t n) {
  ELEMENT lanes[GF_NIN][V_LANES] = {{0}}, results[V_LANES];
  const ELEMENT *from[GF_NIN];
  for (int k = 0; k < GF_NIN; k++)
    from[k] = memcpy(lanes[k], in[k] + first, n * sizeof **lanes);
  stored(from, results, V_LANES);
  memcpy(out + first, results, n * sizeof *results);
}

static void compute(const ELEMENT *const *in, ELEMENT *out, size_t n, int stream) {
  const size_t vector = V_LANES * sizeof *out, beyond = stream ? (uintptr_t)out % vector : 0;
  size_t first = beyond ? (vector - beyond) / sizeof *out : 0;
  first = first < n ? first : n;
  const size_t whole = (n - first) - (n - first) % V_LANES, rest = n - first - whole;
  const ELEMENT *middle[GF_NIN];
  for (int k = 0; k < GF_NIN; k++)
    middle[k] = in[k] + first;
  if (first > 0)
    padded(in, out, 0, first);
  (stream ? streamed : stored)(middle, out + first, whole);
  if (rest > 0)
    padded(in, out, first + whole, rest);
}

#endif
