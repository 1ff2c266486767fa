/* v_half_table in plain C: looks up 16-bit numbers in memory. */
#ifndef GF_HALF_TABLE_H
#define GF_HALF_TABLE_H

#include <string.h>

#include "simd/compiler.h"

static inline uint16_t half_from_table(const uint16_t *x, uint16_t first, const uint16_t *table,
                                       uint16_t count) {
  uint16_t bits;
  memcpy(&bits, x, sizeof bits);
  const unsigned magnitude = bits & 0x7fff, place = magnitude > first ? magnitude - first : 0;
  return table[place < count ? place : count - 1u];
}

/* Looks up lane by lane: fast for few lanes. */
static inline void half_table_lanes(uint16_t *p, const uint16_t *x, uint16_t first,
                                    const uint16_t *table, uint16_t count, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1) {
    const unsigned k = gf_lowest_bit(lanes);
    const uint16_t found = half_from_table(x + k, first, table, count);
    memcpy(p + k, &found, sizeof found);
  }
}

#ifndef V_LOOKS_UP_HALVES
static inline void v_half_table(uint16_t *p, const uint16_t *x, uint16_t first,
                                const uint16_t *table, uint16_t count, v_mask m) {
  half_table_lanes(p, x, first, table, count, v_bits(m));
}
#endif

#endif
