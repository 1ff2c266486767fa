/* The loop of a function with a tail, v_NAME_in_tail and v_NAME_tail.
 *
 * Lanes in the tail are rare and dear. A chunk of vectors is computed as if there were none, with no
 * branch that depends on the data; then the lanes in the tail are set aside, and when enough of them
 * have come together they are computed in dense vectors, so that a lone one costs a lane's share and
 * not a whole vector's time. */
#ifndef GF_COMPUTE_TAIL_H
#define GF_COMPUTE_TAIL_H

enum {
  CHUNK_VECTORS = 64, /* as many as a word has bits */
  CHUNK = CHUNK_VECTORS * V_LANES,
  TAIL_VECTORS = 2 * CHUNK_VECTORS,
  MANY_LANES = V_LANES / 2 + 1
};
#define ALL_LANES (0xffffffffu >> (32 - V_LANES))

/* Lanes in the tail, packed, and the vectors they belong to. */
typedef struct {
  ELEMENT x[GF_NIN][(TAIL_VECTORS + 1) * V_LANES];
  size_t count, vectors;
  struct {
    size_t at;
    unsigned lanes;
  } from[TAIL_VECTORS];
} tail_lanes;

/* Not inlined: the tail's constants would take the registers that these loops need for their own. */
static GF_NOINLINE uint64_t stored_chunk(const ELEMENT *const *in, ELEMENT *out, size_t n) {
  return whole_vectors(in, out, n, 0);
}
static GF_NOINLINE uint64_t streamed_chunk(const ELEMENT *const *in, ELEMENT *out, size_t n) {
  return whole_vectors(in, out, n, 1);
}

/* n elements that are all tail, rounded up to whole vectors. In place, too. */
static GF_NOINLINE GF_FLATTEN void tail_vectors(const ELEMENT *const *from, ELEMENT *out,
                                                size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN];
    load(x, from, i);
    STORE(out + i, TAIL(x));
  }
}

/* The flagged vectors of a chunk that begins at element `at`: their lanes in the tail are set aside,
 * or, where they are many, put right in `out`, the chunk's results. Returns how many there were. */
static GF_NOINLINE size_t set_aside(tail_lanes *tail, const ELEMENT *const *chunk, ELEMENT *out,
                                    size_t at, uint64_t flags) {
  size_t found = 0;
  for (; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * V_LANES;
    const ELEMENT *from[GF_NIN];
    for (int k = 0; k < GF_NIN; k++)
      from[k] = chunk[k] + i;
    v x[GF_NIN];
    load(x, from, 0);
    const v_mask in_tail = IN_TAIL(x);
    const unsigned lanes = BITS(in_tail), lane_count = gf_bit_count(lanes);
    found += lane_count;
    if (lane_count >= MANY_LANES) {
      ELEMENT results[V_LANES];
      tail_vectors(from, results, V_LANES);
      STORE(out + i, v_select(in_tail, LOAD(results), LOAD(out + i)));
      continue;
    }
    for (int k = 0; k < GF_NIN; k++)
      PACK(tail->x[k] + tail->count, from[k], lanes);
    tail->count += lane_count;
    tail->from[tail->vectors].at = at + i;
    tail->from[tail->vectors++].lanes = lanes;
  }
  return found;
}

static int is_only_tail(const ELEMENT *const *from, size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN];
    load(x, from, i);
    if (BITS(IN_TAIL(x)) != ALL_LANES)
      return 0;
  }
  return 1;
}

/* Computes what was set aside and puts it in its place. */
static GF_NOINLINE void finish_tail(tail_lanes *tail, ELEMENT *out) {
  const ELEMENT *from[GF_NIN];
  for (int k = 0; k < GF_NIN; k++) {
    from[k] = tail->x[k];
    memset(tail->x[k] + tail->count, 0, V_LANES * sizeof(ELEMENT)); /* padding */
  }
  tail_vectors(from, tail->x[0], tail->count);
  const ELEMENT *results = tail->x[0];
  for (size_t i = 0; i < tail->vectors; i++)
    results = UNPACK(out + tail->from[i].at, results, tail->from[i].lanes);
  tail->count = tail->vectors = 0;
}

/* Whether a chunk's results, stored there, would overwrite inputs of it that are still needed. */
static int hides_input(const ELEMENT *const *chunk, const ELEMENT *out) {
  const uintptr_t size = CHUNK * sizeof(ELEMENT);
  int hides = 0;
  for (int k = 0; k < GF_NIN; k++)
    hides |= (uintptr_t)out - (uintptr_t)chunk[k] + size < 2 * size;
  return hides;
}

/* A tail that is finished late brings the lines of streamed results back into the caches; they are so
 * few that every other way of streaming took longer (benchmarks/NOTES.md). */
static inline void vectors(const ELEMENT *const *in, ELEMENT *out, size_t n, const int stream) {
  const ELEMENT *chunk[GF_NIN];
  for (int k = 0; k < GF_NIN; k++)
    chunk[k] = in[k];
  tail_lanes tail;
  tail.count = tail.vectors = 0;
  ELEMENT buffer[CHUNK];
  const int buffered = hides_input(in, out);
  int only_tail = 0; /* was the last one: so is this one then, more often than not */
  for (size_t i = 0, m = CHUNK / 8; i < n; i += m, m = CHUNK) { /* a short one to see what comes */
    m = n - i < m ? n - i : m;
    ELEMENT *to = buffered ? buffer : out + i;
    only_tail = only_tail && is_only_tail(chunk, m);
    if (only_tail) {
      tail_vectors(chunk, to, m);
    } else {
      const uint64_t flags = (stream && !buffered ? streamed_chunk : stored_chunk)(chunk, to, m);
      if (flags != 0) {
        if (tail.vectors > TAIL_VECTORS - CHUNK_VECTORS)
          finish_tail(&tail, out);
        only_tail = set_aside(&tail, chunk, to, i, flags) == m;
      }
    }
    if (buffered)
      memcpy(out + i, buffer, m * sizeof *out);
    for (int k = 0; k < GF_NIN; k++)
      chunk[k] += m;
  }
  if (tail.count > 0)
    finish_tail(&tail, out);
}

#endif
