/* v_half_table in plain C: 16-bit numbers from a table in memory. */
#ifndef GF_HALF_TABLE_H
#define GF_HALF_TABLE_H

static inline void v_half_table(uint16_t *p, const uint16_t *x, uint16_t first,
                                const uint16_t *table, uint16_t count, v_mask m) {
  uint16_t places[V_LANES];
  for (size_t k = 0; k < V_LANES; k++) { /* compilers make vectors of it */
    uint16_t place;
    memcpy(&place, x + k, sizeof place);
    place &= 0x7fff;
    place = place > first ? place : first;
    place = (uint16_t)(place - first);
    places[k] = place < count ? place : (uint16_t)(count - 1);
  }
  unsigned lanes = v_bits(m);
  if (gf_bit_count(lanes) <= V_LANES / 4) {
    for (; lanes != 0; lanes &= lanes - 1) {
      const unsigned k = gf_lowest_bit(lanes);
      memcpy(p + k, &table[places[k]], sizeof *p);
    }
    return;
  }
  GF_PLAIN_LOOP /* as vectors, put together from single numbers, they take twice as long */
      for (size_t k = 0; k < V_LANES; k++, lanes >>= 1) {
    uint16_t old;
    memcpy(&old, p + k, sizeof old);
    old = lanes & 1 ? table[places[k]] : old;
    memcpy(p + k, &old, sizeof old);
  }
}

#endif
