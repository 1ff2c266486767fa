/* The function on numbers of the computing type (float or double) that lie one after another in
 * memory. Whole vectors; the remainder goes through the same code in padded lanes, so that a value's
 * result does not depend on where it stands.
 *
 * Lanes in the far tail are rare and dear. The main loop sets them aside, and after it they are
 * computed in dense vectors, so that a lone one costs a lane's share and not a whole vector's time. */
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

#ifdef GF_HAS_TAIL

#define IN_TAIL_F32(x) APPLY(GF_CONCAT(GF_FUNCTION, _in_tail_f32), x)
#define TAIL_F32(x) APPLY(GF_CONCAT(GF_FUNCTION, _tail_f32), x)

enum { ALL_LANES = 0xffffffffu >> (32 - VF_LANES), TAIL_VECTORS = 64 };

/* Lanes that are in the tail, packed, and the vectors they belong to. */
typedef struct {
  float x[GF_NIN][(TAIL_VECTORS + 1) * VF_LANES];
  size_t count, vectors;
  struct {
    size_t at;
    unsigned lanes;
  } from[TAIL_VECTORS];
} tail_lanes;

static inline void set_aside(tail_lanes *tail, const vf *x, size_t at, unsigned lanes) {
  const float *end = NULL;
  for (int k = 0; k < GF_NIN; k++)
    end = vf_pack(tail->x[k] + tail->count, x[k], lanes);
  tail->count = (size_t)(end - tail->x[GF_NIN - 1]);
  tail->from[tail->vectors].at = at;
  tail->from[tail->vectors++].lanes = lanes;
}

/* Vectors that are all tail, the one at i and those after it, need no packing. Returns the last one. */
static GF_NOINLINE size_t tail_run_f32(const float *const *from, float *out, size_t i, size_t n) {
  for (; i < n; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    if (mf_bits(IN_TAIL_F32(x)) != ALL_LANES)
      break;
    vf_store(out + i, TAIL_F32(x));
  }
  return i - VF_LANES;
}

/* Computes what was set aside and puts it in its place. */
static GF_NOINLINE void finish_tail(tail_lanes *tail, float *out) {
  const float *from[GF_NIN];
  for (int k = 0; k < GF_NIN; k++) {
    from[k] = tail->x[k];
    vf_store(tail->x[k] + tail->count, vf_set(0)); /* padding */
  }
  for (size_t i = 0; i < tail->count; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    vf_store(tail->x[0] + i, TAIL_F32(x));
  }
  const float *results = tail->x[0];
  for (size_t v = 0; v < tail->vectors; v++)
    results = vf_unpack(out + tail->from[v].at, results, tail->from[v].lanes);
  tail->count = tail->vectors = 0;
}

/* y with the lanes that are in the tail put right. Not inlined: the tail's constants would take the
 * registers that the main loop needs for its own. */
static GF_NOINLINE vf with_tail_f32(const vf *x, vf y) {
  return vf_select(IN_TAIL_F32(x), TAIL_F32(x), y);
}

#endif

/* n: a multiple of VF_LANES. An element of out is written only after its inputs are read. `stream`,
 * a constant: past the caches, out being aligned to a vector. */
static inline void vectors_f32(const float *const *in, float *out, size_t n, const int stream) {
  const float *from[GF_NIN]; /* of our own: stores to out cannot change it */
  for (int k = 0; k < GF_NIN; k++)
    from[k] = in[k];
#ifdef GF_HAS_TAIL
  tail_lanes tail;
  tail.count = tail.vectors = 0;
#endif
  for (size_t i = 0; i < n; i += VF_LANES) {
    vf x[GF_NIN];
    load_f32(x, from, i);
    vf y = EVAL_F32(x); /* before the branch: GCC then keeps its constants in registers */
#ifdef GF_HAS_TAIL
    const mf in_tail = IN_TAIL_F32(x);
    if (GF_UNLIKELY(mf_any(in_tail))) {
      if (mf_bits(in_tail) == ALL_LANES) {
        i = tail_run_f32(from, out, i, n);
        continue;
      }
      if (stream) { /* a late store would bring the line back into the caches */
        y = with_tail_f32(x, y);
      } else {
        if (tail.vectors == TAIL_VECTORS)
          finish_tail(&tail, out);
        set_aside(&tail, x, i, mf_bits(in_tail));
      }
    }
#endif
    if (stream)
      vf_stream(out + i, y);
    else
      vf_store(out + i, y);
  }
#ifdef GF_HAS_TAIL
  if (tail.count > 0)
    finish_tail(&tail, out);
#endif
}

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
    T lanes[GF_NIN][LANES] = {{0}};                                                                \
    const T *padded[GF_NIN];                                                                       \
    for (int k = 0; k < GF_NIN; k++)                                                               \
      padded[k] = memcpy(lanes[k], in[k] + first, n * sizeof(T));                                  \
    stored_##suffix(padded, lanes[0], LANES);                                                      \
    memcpy(out + first, lanes[0], n * sizeof(T));                                                  \
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
