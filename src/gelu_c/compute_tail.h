/* The loop of a float32 function with a tail, NAME_in_tail_f32 and NAME_tail_f32.
 *
 * Lanes in the tail are rare and dear. A chunk of vectors is computed as if there were none, with no
 * branch that depends on the data; then the lanes in the tail are set aside, and when enough of them
 * have come together they are computed in dense vectors, so that a lone one costs a lane's share and
 * not a whole vector's time. */
#ifndef GF_COMPUTE_TAIL_H
#define GF_COMPUTE_TAIL_H

#define IN_TAIL_F32(x) APPLY(GF_CONCAT(GF_FUNCTION, _in_tail_f32), x)
#define TAIL_F32(x) APPLY(GF_CONCAT(GF_FUNCTION, _tail_f32), x)

enum {
  CHUNK_VECTORS = 64, /* as many as a word has bits */
  CHUNK = CHUNK_VECTORS * VF_LANES,
  TAIL_VECTORS = 2 * CHUNK_VECTORS,
  ALL_LANES = 0xffffffffu >> (32 - VF_LANES),
  MANY_LANES = VF_LANES / 2 + 1
};

/* Lanes in the tail, packed, and the vectors they belong to. */
typedef struct {
  float x[GF_NIN][(TAIL_VECTORS + 1) * VF_LANES];
  size_t count, vectors;
  struct {
    size_t at;
    unsigned lanes;
  } from[TAIL_VECTORS];
} tail_lanes;

/* A chunk, the tail left wrong. Returns a flag for each vector with lanes in it. */
static inline uint64_t chunk_f32(const float *const *in, float *out, size_t n, const int stream) {
  const float *from[GF_NIN]; /* of our own: stores to out cannot change it */
  for (int k = 0; k < GF_NIN; k++)
    from[k] = in[k];
  uint64_t flags = 0;
  for (size_t i = 0; i < n; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    if (stream)
      vf_stream(out + i, EVAL_F32(x));
    else
      vf_store(out + i, EVAL_F32(x));
    flags |= (uint64_t)mf_any(IN_TAIL_F32(x)) << i / VF_LANES;
  }
  return flags;
}

/* Not inlined: the tail's constants would take the registers that these loops need for their own. */
static GF_NOINLINE uint64_t stored_chunk_f32(const float *const *in, float *out, size_t n) {
  return chunk_f32(in, out, n, 0);
}
static GF_NOINLINE uint64_t streamed_chunk_f32(const float *const *in, float *out, size_t n) {
  return chunk_f32(in, out, n, 1);
}

/* n elements, a multiple of VF_LANES, that are all tail. In place, too. */
static GF_NOINLINE GF_FLATTEN void only_tail_f32(const float *const *from, float *out, size_t n) {
  for (size_t i = 0; i < n; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    vf_store(out + i, TAIL_F32(x));
  }
}

/* The flagged vectors of a chunk that begins at element `at`: their lanes in the tail are set aside,
 * or, where they are many, put right in `out`, the chunk's results. Returns how many there were. */
static GF_NOINLINE size_t set_aside(tail_lanes *tail, const float *const *chunk, float *out,
                                    size_t at, uint64_t flags) {
  size_t found = 0;
  for (; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * VF_LANES;
    const float *from[GF_NIN];
    for (int k = 0; k < GF_NIN; k++)
      from[k] = chunk[k] + i;
    vf x[GF_NIN];
    load_f32(x, from, 0);
    const mf in_tail = IN_TAIL_F32(x);
    const unsigned lanes = mf_bits(in_tail), lane_count = gf_bit_count(lanes);
    found += lane_count;
    if (lane_count >= MANY_LANES) {
      float results[VF_LANES];
      only_tail_f32(from, results, VF_LANES);
      vf_store(out + i, vf_select(in_tail, vf_load(results), vf_load(out + i)));
      continue;
    }
    for (int k = 0; k < GF_NIN; k++)
      vf_pack(tail->x[k] + tail->count, from[k], lanes);
    tail->count += lane_count;
    tail->from[tail->vectors].at = at + i;
    tail->from[tail->vectors++].lanes = lanes;
  }
  return found;
}

static int is_only_tail(const float *const *from, size_t n) {
  for (size_t i = 0; i < n; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    if (mf_bits(IN_TAIL_F32(x)) != ALL_LANES)
      return 0;
  }
  return 1;
}

/* Computes what was set aside and puts it in its place. */
static GF_NOINLINE void finish_tail(tail_lanes *tail, float *out) {
  const float *from[GF_NIN];
  for (int k = 0; k < GF_NIN; k++) {
    from[k] = tail->x[k];
    vf_store(tail->x[k] + tail->count, vf_set(0)); /* padding */
  }
  only_tail_f32(from, tail->x[0], tail->count);
  const float *results = tail->x[0];
  for (size_t v = 0; v < tail->vectors; v++)
    results = vf_unpack(out + tail->from[v].at, results, tail->from[v].lanes);
  tail->count = tail->vectors = 0;
}

/* Whether a chunk's results, stored there, would overwrite inputs of it that are still needed. */
static int hides_input(const float *const *chunk, const float *out) {
  const uintptr_t size = CHUNK * sizeof(float);
  int hides = 0;
  for (int k = 0; k < GF_NIN; k++)
    hides |= (uintptr_t)out - (uintptr_t)chunk[k] + size < 2 * size;
  return hides;
}

/* A tail that is finished late brings the lines of streamed results back into the caches; they are so
 * few that every other way of streaming took longer (benchmarks/NOTES.md). */
static inline void vectors_f32(const float *const *in, float *out, size_t n, const int stream) {
  const float *chunk[GF_NIN];
  for (int k = 0; k < GF_NIN; k++)
    chunk[k] = in[k];
  tail_lanes tail;
  tail.count = tail.vectors = 0;
  float buffer[CHUNK];
  const int buffered = hides_input(in, out);
  int only_tail = 0; /* was the last one: so is this one then, more often than not */
  for (size_t i = 0, m = CHUNK / 8; i < n; i += m, m = CHUNK) { /* a short one to see what comes */
    m = n - i < m ? n - i : m;
    float *to = buffered ? buffer : out + i;
    only_tail = only_tail && is_only_tail(chunk, m);
    if (only_tail) {
      only_tail_f32(chunk, to, m);
    } else {
      const uint64_t flags =
          (stream && !buffered ? streamed_chunk_f32 : stored_chunk_f32)(chunk, to, m);
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
