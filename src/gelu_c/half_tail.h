/* Beyond the rows of a 16-bit type: so few numbers that their results are a table, the first that of
 * the magnitude whose bits are NAME_TAIL_FIRST, the last that of all greater ones. */

#define half_tail_lanes OWN(half_tail_lanes)

static inline void half_tail_lanes(const uint16_t *x, uint16_t *out, v_mask lanes) {
  v_half_table(out, x, OWN(TAIL_FIRST), OWN(half_tail), OWN(TAIL_COUNT), lanes);
}

static GF_NOINLINE GF_FLATTEN void tail_vectors(const uint16_t *const *from, uint16_t *const *to,
                                                size_t n) {
  for (size_t i = 0; i < n; i += V_LANES)
    half_tail_lanes(from[0] + i, to[0] + i, v_lt(v_set(0), v_set(1)));
}

/* No lane is left for later. */
typedef struct {
  size_t count, vectors;
} late_lanes;
static inline void finish_tail(late_lanes *late, uint16_t *const *out) {
  (void)late;
  (void)out;
}

static GF_NOINLINE size_t correct_tail(late_lanes *late, const uint16_t *const *chunk,
                                       uint16_t *const *to, uint16_t *const *out, size_t at,
                                       uint64_t flags) {
  size_t found = 0;
  (void)late, (void)out, (void)at;
  for (; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * V_LANES;
    const v_mask lanes = in_half_tail(LOAD(chunk[0] + i));
    half_tail_lanes(chunk[0] + i, to[0] + i, lanes);
    found += gf_bit_count(v_bits(lanes));
  }
  return found;
}
