/* Loads and stores of one element at any address. */
#ifndef GF_ONE_LANE_MEMORY_H
#define GF_ONE_LANE_MEMORY_H

static inline reg reg_set(real c) { return c; }
static inline reg reg_load(const real *p) {
  reg x;
  memcpy(&x, p, sizeof x);
  return x;
}
static inline void reg_store(real *p, reg x) { memcpy(p, &x, sizeof x); }
#define reg_stream reg_store
static inline void simd_stream_end(void) {}

static inline uint16_t half_load(const uint16_t *p) {
  uint16_t half;
  memcpy(&half, p, sizeof half);
  return half;
}
static inline void half_store(uint16_t *p, uint32_t bits) {
  const uint16_t half = (uint16_t)bits;
  memcpy(p, &half, sizeof half);
}

#endif
