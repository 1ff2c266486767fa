/* The tail of a 16-bit type with coefficients of its own: its results are stored (function.h), so
 * they are looked up at once. */
#ifndef GF_TABLE_TAIL_H
#define GF_TABLE_TAIL_H

#include "loops/evaluate.h"

static GF_ALWAYS_INLINE void store_from_table(const table_tail tail, const char *in, char *out,
                                              v_mask lanes) {
  v_half_table((uint16_t *)out, (const uint16_t *)in, tail.first, tail.results, tail.count, lanes);
}

static GF_ALWAYS_INLINE void evaluate_table_vectors(const table_tail tail, const char *in,
                                                    char *out, size_t n) {
  const v_mask all = v_lt(v_set(0), v_set(1));
  for (size_t i = 0; i < n; i += V_LANES)
    store_from_table(tail, in + i * sizeof(ELEMENT), out + i * sizeof(ELEMENT), all);
}

static GF_ALWAYS_INLINE size_t correct_by_table(const table_tail tail, const char *in, char *out,
                                                uint64_t flags) {
  size_t found = 0;
  for (; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * V_LANES * sizeof(ELEMENT);
    const v_mask lanes = v_in_table_tail(tail, LOAD((const ELEMENT *)(in + i)));
    store_from_table(tail, in + i, out + i, lanes);
    found += gf_bit_count(v_bits(lanes));
  }
  return found;
}

#endif
