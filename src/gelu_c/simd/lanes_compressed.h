/* Packs and unpacks with instructions that compress and expand a register. */
#ifndef GF_LANES_COMPRESSED_H
#define GF_LANES_COMPRESSED_H

#define V_COMPRESSES
#include "lanes.h"

enum { FEW_LANES = 4 }; /* up to so many are faster one by one */

static inline void v_pack(real *p, const real *from, unsigned lanes) {
  const unsigned a = lanes & ((1u << REG_LANES) - 1), b = lanes >> REG_LANES;
  if (gf_bit_count(lanes) <= FEW_LANES) {
    pack_lanes(p, from, lanes);
    return;
  }
  reg_pack(p, from, a);
  reg_pack(p + gf_bit_count(a), from + REG_LANES, b);
}
static inline const real *v_unpack(real *p, const real *packed, unsigned lanes) {
  const unsigned a = lanes & ((1u << REG_LANES) - 1), b = lanes >> REG_LANES;
  if (gf_bit_count(lanes) <= FEW_LANES)
    return unpack_lanes(p, packed, lanes);
  reg_unpack(p, packed, a);
  packed += gf_bit_count(a);
  reg_unpack(p + REG_LANES, packed, b);
  return packed + gf_bit_count(b);
}

#endif
