/* Packing and unpacking by storing to memory, for instruction sets that cannot compress a register:
 * no branch depends on the lanes, as they are as good as random. */
#ifndef GF_LANES_H
#define GF_LANES_H

#include <string.h>

static inline float *vf_pack(float *p, vf v, unsigned lanes) {
  float all[VF_LANES];
  vf_store(all, v);
  for (int i = 0; i < VF_LANES; i++) {
    *p = all[i];
    p += lanes >> i & 1;
  }
  return p;
}

static inline const float *vf_unpack(float *p, const float *packed, unsigned lanes) {
  for (int i = 0; i < VF_LANES; i++) {
    const unsigned wanted = lanes >> i & 1;
    float old; /* p need not be aligned */
    memcpy(&old, p + i, sizeof old);
    const float other = *packed;
    memcpy(p + i, wanted ? &other : &old, sizeof old);
    packed += wanted;
  }
  return packed;
}

#endif
