/* Packs and unpacks lane by lane. Pointers need no alignment. */
#ifndef GF_LANES_H
#define GF_LANES_H

#include <string.h>

#include "simd/compiler.h"

#define DEFINE_LANES(name, T)                                                                      \
  static inline void pack_##name(T *p, const T *from, unsigned lanes) {                            \
    for (; lanes != 0; lanes &= lanes - 1)                                                         \
      memcpy(p++, from + gf_lowest_bit(lanes), sizeof *p);                                         \
  }                                                                                                \
  static inline const T *unpack_##name(T *p, const T *packed, unsigned lanes) {                    \
    for (; lanes != 0; lanes &= lanes - 1)                                                         \
      memcpy(p + gf_lowest_bit(lanes), packed++, sizeof *p);                                       \
    return packed;                                                                                 \
  }
DEFINE_LANES(lanes, real)
DEFINE_LANES(halves, uint16_t)

#define v_pack_F16 pack_halves
#define v_pack_BF16 pack_halves
#define v_unpack_F16 unpack_halves
#define v_unpack_BF16 unpack_halves
#define v_bits_F16 v_bits
#ifndef v_bits_BF16
#define v_bits_BF16 v_bits
#endif
#ifndef v_tiny_BF16
#define v_tiny_BF16(p, q) ((void)(p), (void)(q), 0)
#endif
#define v_tiny_F16(p, q) ((void)(p), (void)(q), 0)
#ifndef SIMD_COPIES_PADDED
static inline void simd_copy_padded(void *to, const void *from, size_t bytes, size_t room) {
  memset(to, 0, room);
  memcpy(to, from, bytes);
}
#endif
#ifndef SIMD_FILLS
static inline void simd_fill(void *to, const void *element, size_t size, size_t room) {
  for (size_t k = 0; k < room; k += size)
    memcpy((char *)to + k, element, size);
}
#endif
#ifndef V_COMPRESSES
#define v_pack pack_lanes
#define v_unpack unpack_lanes
#endif

#endif
