/* Packing and unpacking lane by lane. Pointers need no alignment. */
#ifndef GF_LANES_H
#define GF_LANES_H

#include <string.h>

#include "../math/parts/compiler.h"

static inline void pack_lanes(real *p, const real *from, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1)
    memcpy(p++, from + gf_lowest_bit(lanes), sizeof *p);
}

static inline const real *unpack_lanes(real *p, const real *packed, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1)
    memcpy(p + gf_lowest_bit(lanes), packed++, sizeof *p);
  return packed;
}

static inline const uint16_t *unpack_halves(uint16_t *p, const uint16_t *packed, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1)
    memcpy(p + gf_lowest_bit(lanes), packed++, sizeof *p);
  return packed;
}
#define v_unpack_F16 unpack_halves
#define v_unpack_BF16 unpack_halves

#ifndef V_COMPRESSES
#define v_pack pack_lanes
#define v_unpack unpack_lanes
#endif

#endif
