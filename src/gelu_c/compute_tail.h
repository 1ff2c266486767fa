/* The loop of a function with a tail.
 *
 * Lanes in the tail are rare and dear. A chunk of vectors is computed as if there were none, with no
 * branch that depends on the data; then those lanes are put right. How, says late_tail.h, for most; and
 * half_tail.h for 16-bit types that are computed in float. Both give
 *
 *     tail_vectors(from, to, n)       n elements that are all tail, a multiple of V_LANES; in place, too
 *     correct_tail(late, chunk, to, out, at, flags)
 *                                     the flagged vectors of a chunk that begins at element `at` and has
 *                                     its results in `to`; returns how many lanes were in the tail
 *     finish_tail(late, out)          what that has left to be done later */

#ifndef GF_COMPUTE_TAIL_H
#define GF_COMPUTE_TAIL_H
enum {
  CHUNK_VECTORS = 64, /* as many as a word has bits */
  CHUNK = CHUNK_VECTORS * V_LANES
};
#define ALL_LANES (0xffffffffu >> (32 - V_LANES))
#endif

#define late_lanes OWN(late_lanes)
#define tail_vectors OWN(tail_vectors)
#define correct_tail OWN(correct_tail)
#define finish_tail OWN(finish_tail)
#define stored_chunk OWN(stored_chunk)
#define streamed_chunk OWN(streamed_chunk)
#define is_only_tail OWN(is_only_tail)
#define hides_input OWN(hides_input)

#if TABLES_ARE_HALF
#include "half_tail.h"
#else
#include "late_tail.h"
#endif

/* Not inlined: the tail's constants would take the registers that these loops need for their own. */
static GF_NOINLINE GF_FLATTEN uint64_t stored_chunk(const ELEMENT *const *in, ELEMENT *const *out,
                                                    size_t n) {
  return whole_vectors(in, out, n, 0);
}
static GF_NOINLINE GF_FLATTEN uint64_t streamed_chunk(const ELEMENT *const *in, ELEMENT *const *out,
                                                      size_t n) {
  return whole_vectors(in, out, n, 1);
}

static int is_only_tail(const ELEMENT *const *from, size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN];
    load(x, from, i);
    if (v_bits(IN_TAIL(x)) != ALL_LANES)
      return 0;
  }
  return 1;
}

/* Whether a chunk's results, stored there, would overwrite inputs of it that are still needed. */
static int hides_input(const ELEMENT *const *chunk, ELEMENT *const *out) {
  const uintptr_t size = CHUNK * sizeof(ELEMENT);
  int hides = 0;
  for (int k = 0; k < GF_NIN; k++)
    for (int l = 0; l < GF_NOUT; l++)
      hides |= (uintptr_t)out[l] - (uintptr_t)chunk[k] + size < 2 * size;
  return hides;
}

/* A streamed result that is put right later brings its line back into the caches; they are so few
 * that every other way of streaming took longer (benchmarks/NOTES.md). */
static inline void vectors(const ELEMENT *const *in, ELEMENT *const *out, size_t n,
                           const int stream) {
  const ELEMENT *chunk[GF_NIN];
  memcpy(chunk, in, sizeof chunk);
  late_lanes late;
  late.count = late.vectors = 0;
  ELEMENT buffers[GF_NOUT][CHUNK];
  const int buffered = hides_input(in, out);
  int only_tail = 0; /* was the last one: so is this one then, more often than not */
  for (size_t i = 0, m = CHUNK / 8; i < n; i += m, m = CHUNK) { /* a short one to see what comes */
    m = n - i < m ? n - i : m;
    ELEMENT *to[GF_NOUT];
    for (int k = 0; k < GF_NOUT; k++)
      to[k] = buffered ? buffers[k] : out[k] + i;
    only_tail = only_tail && is_only_tail(chunk, m);
    if (only_tail) {
      tail_vectors(chunk, to, m);
    } else {
      const uint64_t flags = (stream && !buffered ? streamed_chunk : stored_chunk)(chunk, to, m);
      if (flags != 0)
        only_tail = correct_tail(&late, chunk, to, out, i, flags) == m;
    }
    for (int k = 0; buffered && k < GF_NOUT; k++)
      memcpy(out[k] + i, buffers[k], m * sizeof(ELEMENT));
    for (int k = 0; k < GF_NIN; k++)
      chunk[k] += m;
  }
  if (late.count > 0)
    finish_tail(&late, out);
}
