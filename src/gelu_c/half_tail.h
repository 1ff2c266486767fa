/* Beyond the rows of a 16-bit type: so few numbers that their results are a table, the first that of
 * the magnitude whose bits are HALF_TAIL_FIRST, the last that of all greater ones. */
#ifndef GF_HALF_TAIL_H
#define GF_HALF_TAIL_H

static inline v_mask v_in_half_tail(v x) {
  const v limit = v_set(GF_CONCAT(GF_FUNCTION, _rows).limit);
  return HALF_TAIL_SIDE < 0   ? v_lt(x, v_sub(v_set(0), limit))
         : HALF_TAIL_SIDE > 0 ? v_lt(limit, x)
                              : v_lt(limit, v_abs(x));
}

static inline void half_tail_lanes(const uint16_t *x, uint16_t *out, v_mask lanes) {
  v_half_table(out, x, HALF_TAIL_FIRST, half_tail, HALF_TAIL_COUNT, lanes);
}

static GF_NOINLINE void tail_vectors(const uint16_t *const *from, uint16_t *out, size_t n) {
  for (size_t i = 0; i < n; i += V_LANES)
    half_tail_lanes(from[0] + i, out + i, v_lt(v_set(0), v_set(1)));
}

/* No lane is left for later. */
typedef struct {
  size_t count, vectors;
} late_lanes;
static inline void finish_tail(late_lanes *late, uint16_t *out) {
  (void)late;
  (void)out;
}

static GF_NOINLINE size_t correct_tail(late_lanes *late, const uint16_t *const *chunk, uint16_t *to,
                                       uint16_t *out, size_t at, uint64_t flags) {
  size_t found = 0;
  (void)late, (void)out, (void)at;
  for (; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * V_LANES;
    const v_mask lanes = v_in_half_tail(LOAD(chunk[0] + i));
    half_tail_lanes(chunk[0] + i, to + i, lanes);
    found += gf_bit_count(v_bits(lanes));
  }
  return found;
}

#endif
