/* Strided and converted elements to a block, and a block to where its results belong. */
#ifndef GF_MEMORY_H
#define GF_MEMORY_H

/* One by one; where `step` is a constant the compiler turns it into loads and permutations. */
#define GATHER(T, to, from, step, n)                                                               \
  for (size_t i = 0; i < (n); i++, (from) += (step))                                               \
  memcpy(&(to)[i], from, sizeof(T))

/* n elements of T, `step` bytes apart, to or from an array of them. Pointers need no alignment. */
#define DEFINE_COPIES(T)                                                                           \
  static inline void gather_##T(T *to, const char *from, ptrdiff_t step, size_t n) {               \
    const ptrdiff_t size = sizeof(T);                                                              \
    if (step == size)                                                                              \
      memcpy(to, from, n * sizeof(T));                                                             \
    else if (step == 0)                                                                            \
      GATHER(T, to, from, 0, n);                                                                   \
    else if (step == 2 * size)                                                                     \
      GATHER(T, to, from, 2 * size, n);                                                            \
    else if (step == 3 * size)                                                                     \
      GATHER(T, to, from, 3 * size, n);                                                            \
    else if (step == -size)                                                                        \
      GATHER(T, to, from, -size, n);                                                               \
    else {                                                                                         \
      /* unrolled by hand: GCC's own loop takes half as long again */                              \
      for (; n >= 4; n -= 4, to += 4, from += 4 * step) {                                          \
        memcpy(to, from, sizeof(T));                                                               \
        memcpy(to + 1, from + step, sizeof(T));                                                    \
        memcpy(to + 2, from + 2 * step, sizeof(T));                                                \
        memcpy(to + 3, from + 3 * step, sizeof(T));                                                \
      }                                                                                            \
      GATHER(T, to, from, step, n);                                                                \
    }                                                                                              \
  }                                                                                                \
  static inline void scatter_##T(char *to, ptrdiff_t step, const T *from, size_t n) {              \
    if (step == sizeof(T)) {                                                                       \
      memcpy(to, from, n * sizeof(T));                                                             \
      return;                                                                                      \
    }                                                                                              \
    for (size_t i = 0; i < n; i++, to += step)                                                     \
      memcpy(to, &from[i], sizeof(T));                                                             \
  }

DEFINE_COPIES(uint16_t)
DEFINE_COPIES(float)
DEFINE_COPIES(double)

/* ---- By dtype: float16 is computed in float32, which holds it exactly, and rounded once more. */

static void take_F16(float *to, const char *from, ptrdiff_t step, size_t n) {
  uint16_t halves[BLOCK + VF_LANES];
  gather_uint16_t(halves, from, step, n);
  memset(halves + n, 0, VF_LANES * sizeof *halves);
  for (size_t i = 0; i < n; i += VF_LANES)
    vf_store(to + i, vf_load_f16(halves + i));
}
static void give_F16(char *to, ptrdiff_t step, const float *from, size_t n) {
  uint16_t halves[BLOCK + VF_LANES];
  for (size_t i = 0; i < n; i += VF_LANES)
    vf_store_f16(halves + i, vf_load(from + i));
  scatter_uint16_t(to, step, halves, n);
}

#define take_F32 gather_float
#define give_F32 scatter_float
#define take_F64 gather_double
#define give_F64 scatter_double

#endif
