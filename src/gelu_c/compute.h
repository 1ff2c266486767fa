/* The function on numbers of the computing type (float or double) that lie one after another in
 * memory. Whole vectors; the remainder goes through the same code in padded lanes, so that a value's
 * result does not depend on where it stands. */
#ifndef GF_COMPUTE_H
#define GF_COMPUTE_H

#include "math/parts/compiler.h"

/* f(x[0]) or f(x[0], x[1]) */
#define APPLY_1(f, x) f((x)[0])
#define APPLY_2(f, x) f((x)[0], (x)[1])
#define APPLY(f, x) GF_CONCAT(APPLY_, GF_NIN)(f, x)

#define EVAL_F32(x) APPLY(GF_CONCAT(GF_FUNCTION, _f32), x)
#define EVAL_F64(x) APPLY(GF_CONCAT(GF_FUNCTION, _f64), x)

static inline void load_f32(vf *x, const float *const *from, size_t i) {
  for (int k = 0; k < GF_NIN; k++)
    x[k] = vf_load(from[k] + i);
}

/* n: a multiple of VF_LANES. `stream`, a constant: past the caches, out being aligned to a vector. */
#ifdef GF_HAS_TAIL
#include "compute_tail.h"
#else
static inline void vectors_f32(const float *const *in, float *out, size_t n, const int stream) {
  const float *from[GF_NIN]; /* of our own: stores to out cannot change it */
  for (int k = 0; k < GF_NIN; k++)
    from[k] = in[k];
  for (size_t i = 0; i < n; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    if (stream)
      vf_stream(out + i, EVAL_F32(x));
    else
      vf_store(out + i, EVAL_F32(x));
  }
}
#endif

static inline void vectors_f64(const double *const *in, double *out, size_t n, const int stream) {
  const double *from[GF_NIN];
  for (int k = 0; k < GF_NIN; k++)
    from[k] = in[k];
  for (size_t i = 0; i < n; i += VD_LANES) {
    vd x[GF_NIN];
    for (int k = 0; k < GF_NIN; k++)
      x[k] = vd_load(from[k] + i);
    const vd y = EVAL_F64(x);
    if (stream)
      vd_stream(out + i, y);
    else
      vd_store(out + i, y);
  }
}

#define DEFINE_COMPUTE(suffix, T, LANES)                                                           \
  static GF_NOINLINE void stored_##suffix(const T *const *in, T *out, size_t n) {                  \
    vectors_##suffix(in, out, n, 0);                                                               \
  }                                                                                                \
  static GF_NOINLINE void streamed_##suffix(const T *const *in, T *out, size_t n) {                \
    vectors_##suffix(in, out, n, 1);                                                               \
    simd_stream_end();                                                                             \
  }                                                                                                \
  /* n elements, fewer than a vector has, from number `first` on */                                \
  static void padded_##suffix(const T *const *in, T *out, size_t first, size_t n) {                \
    T lanes[GF_NIN][LANES] = {{0}}, results[LANES];                                                \
    const T *padded[GF_NIN];                                                                       \
    for (int k = 0; k < GF_NIN; k++)                                                               \
      padded[k] = memcpy(lanes[k], in[k] + first, n * sizeof(T));                                  \
    stored_##suffix(padded, results, LANES);                                                       \
    memcpy(out + first, results, n * sizeof(T));                                                   \
  }                                                                                                \
  static void compute_##suffix(const T *const *in, T *out, size_t n, int stream) {                 \
    const size_t vector = (LANES) * sizeof(T), beyond = stream ? (uintptr_t)out % vector : 0;      \
    size_t first = beyond ? (vector - beyond) / sizeof(T) : 0;                                     \
    first = first < n ? first : n;                                                                 \
    const size_t whole = (n - first) - (n - first) % (LANES), rest = n - first - whole;            \
    const T *middle[GF_NIN];                                                                       \
    for (int k = 0; k < GF_NIN; k++)                                                               \
      middle[k] = in[k] + first;                                                                   \
    if (first > 0)                                                                                 \
      padded_##suffix(in, out, 0, first);                                                          \
    (stream ? streamed_##suffix : stored_##suffix)(middle, out + first, whole);                    \
    if (rest > 0)                                                                                  \
      padded_##suffix(in, out, first + whole, rest);                                               \
  }

DEFINE_COMPUTE(f32, float, VF_LANES)
DEFINE_COMPUTE(f64, double, VD_LANES)

#endif
