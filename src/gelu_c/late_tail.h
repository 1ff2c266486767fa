/* Lanes in the tail are set aside, and when enough of them have come together they are computed in
 * dense vectors, so that a lone one costs a lane's share and not a whole vector's time. */
#ifndef GF_LATE_TAIL_H
#define GF_LATE_TAIL_H

#define TAIL(x) APPLY(GF_CONCAT(GF_CONCAT(v_, GF_FUNCTION), _tail), x)

enum { LATE_VECTORS = 2 * CHUNK_VECTORS, MANY_LANES = V_LANES / 2 + 1 };

/* Lanes in the tail, packed, and the vectors they belong to. */
typedef struct {
  ELEMENT x[GF_NIN][(LATE_VECTORS + 1) * V_LANES];
  size_t count, vectors;
  struct {
    size_t at;
    unsigned lanes;
  } from[LATE_VECTORS];
} late_lanes;

static GF_NOINLINE GF_FLATTEN void tail_vectors(const ELEMENT *const *from, ELEMENT *out,
                                                size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[GF_NIN];
    load(x, from, i);
    STORE(out + i, TAIL(x));
  }
}

/* Computes what was set aside and puts it in its place. */
static GF_NOINLINE void finish_tail(late_lanes *late, ELEMENT *out) {
  const ELEMENT *from[GF_NIN];
  for (int k = 0; k < GF_NIN; k++) {
    from[k] = late->x[k];
    memset(late->x[k] + late->count, 0, V_LANES * sizeof(ELEMENT)); /* padding */
  }
  tail_vectors(from, late->x[0], late->count);
  const ELEMENT *results = late->x[0];
  for (size_t i = 0; i < late->vectors; i++)
    results = UNPACK(out + late->from[i].at, results, late->from[i].lanes);
  late->count = late->vectors = 0;
}

/* Where they are many, lanes are put right at once. */
static GF_NOINLINE size_t correct_tail(late_lanes *late, const ELEMENT *const *chunk, ELEMENT *to,
                                       ELEMENT *out, size_t at, uint64_t flags) {
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
    const unsigned lanes = v_bits(in_tail), lane_count = gf_bit_count(lanes);
    found += lane_count;
    if (lane_count >= MANY_LANES) {
      ELEMENT results[V_LANES];
      tail_vectors(from, results, V_LANES);
      STORE(to + i, v_select(in_tail, LOAD(results), LOAD(to + i)));
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

#endif
