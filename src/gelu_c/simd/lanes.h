/* Packing and unpacking lane by lane: for the instruction sets that cannot compress a register, and
 * where lanes are few. Pointers need no alignment. */
#ifndef GF_LANES_H
#define GF_LANES_H

#include <string.h>

#include "../math/parts/compiler.h"

static inline void pack_lanes(float *p, const float *from, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1)
    memcpy(p++, from + gf_lowest_bit(lanes), sizeof *p);
}

static inline const float *unpack_lanes(float *p, const float *packed, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1)
    memcpy(p + gf_lowest_bit(lanes), packed++, sizeof *p);
  return packed;
}

#ifndef VF_COMPRESSES
#define vf_pack pack_lanes
#define vf_unpack unpack_lanes
#endif

#endif
