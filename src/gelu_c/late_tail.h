/* Lanes in the tail are set aside, and when enough of them have come together they are computed in
 * dense vectors, so that a lone one costs a lane's share and not a whole vector's time. */

#ifndef GF_LATE_TAIL_H
#define GF_LATE_TAIL_H
enum { LATE_VECTORS = 2 * CHUNK_VECTORS, MANY_LANES = V_LANES / 2 + 1 };
#endif

#define TAIL GF_CONCAT(EVALUATE, _tail)

/* Lanes in the tail, packed, and the vectors they belong to. */
typedef struct {
  ELEMENT x[GF_NIN][(LATE_VECTORS + 1) * V_LANES];
  size_t count, vectors;
  struct {
    size_t at;
    unsigned lanes;
  } from[LATE_VECTORS];
} late_lanes;

static GF_NOINLINE GF_FLATTEN void tail_vectors(const ELEMENT *const *from, ELEMENT *const *to,
                                                size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN], y[GF_NOUT];
    load(x, from, i);
    ASSIGN(y, TAIL, x);
    for (int k = 0; k < GF_NOUT; k++)
      STORE(to[k] + i, y[k]);
  }
}

/* Computes what was set aside and puts it in its place. */
static GF_NOINLINE void finish_tail(late_lanes *late, ELEMENT *const *out) {
  _Static_assert(GF_NOUT <= GF_NIN, "the results take the place of the inputs");
  const ELEMENT *from[GF_NIN];
  ELEMENT *to[GF_NOUT];
  for (int k = 0; k < GF_NIN; k++) {
    from[k] = late->x[k];
    memset(late->x[k] + late->count, 0, V_LANES * sizeof(ELEMENT)); /* padding */
  }
  for (int k = 0; k < GF_NOUT; k++)
    to[k] = late->x[k];
  tail_vectors(from, to, late->count);
  for (int k = 0; k < GF_NOUT; k++) {
    const ELEMENT *results = late->x[k];
    for (size_t i = 0; i < late->vectors; i++)
      results = UNPACK(out[k] + late->from[i].at, results, late->from[i].lanes);
  }
  late->count = late->vectors = 0;
}

/* Where they are many, lanes are put right at once. */
static GF_NOINLINE size_t correct_tail(late_lanes *late, const ELEMENT *const *chunk,
                                       ELEMENT *const *to, ELEMENT *const *out, size_t at,
                                       uint64_t flags) {
  size_t found = 0;
  if (late->vectors > LATE_VECTORS - CHUNK_VECTORS)
    finish_tail(late, out);
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
      ELEMENT results[GF_NOUT][V_LANES], *all[GF_NOUT];
      for (int k = 0; k < GF_NOUT; k++)
        all[k] = results[k];
      tail_vectors(from, all, V_LANES);
      for (int k = 0; k < GF_NOUT; k++)
        STORE(to[k] + i, v_select(in_tail, LOAD(results[k]), LOAD(to[k] + i)));
      continue;
    }
    for (int k = 0; k < GF_NIN; k++)
      PACK(late->x[k] + late->count, from[k], lanes);
    late->count += lane_count;
    late->from[late->vectors].at = at + i;
    late->from[late->vectors++].lanes = lanes;
  }
  return found;
}
