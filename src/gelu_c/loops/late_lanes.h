/* Lanes in the tail are set aside. When there are enough of them, they are computed together in
 * full vectors: a single tail lane then costs the time of one lane, not that of a whole vector. */
#ifndef GF_LATE_LANES_H
#define GF_LATE_LANES_H

#include "loops/doubt.h"

enum {
  LATE_VECTORS = 2 * CHUNK_VECTORS,
  LATE_BYTES = 3072,
  LATE_ELEMENTS = LATE_BYTES / sizeof(ELEMENT), /* of all inputs together */
  MANY_LANES = V_LANES / 2 + 1
};

struct gf_late_lanes {
  const gf_kernel *kernel;
  char *out[OUTPUTS_MAX];
  int in_buffer;         /* 1 if chunks have their results in a buffer, to be copied to `out` */
  size_t count, vectors; /* how many lanes are set aside, and from how many vectors */
  struct {
    uint32_t vector; /* counted from `out` */
    uint32_t lanes;
  } from[LATE_VECTORS];
  _Alignas(64) ELEMENT x[LATE_ELEMENTS]; /* the lanes, packed: an equal part for each input */
};

static GF_ALWAYS_INLINE size_t late_capacity(int nin) { return LATE_ELEMENTS / (size_t)nin; }

static inline void start_late_lanes(struct gf_late_lanes *late, const gf_kernel *kernel,
                                    char *const *out, int in_buffer) {
  late->kernel = kernel;
  late->in_buffer = in_buffer;
  late->count = late->vectors = 0;
  for (int k = 0; k < kernel->nout; k++)
    late->out[k] = out[k];
}

static inline int is_half_full(const struct gf_late_lanes *late) {
  return 2 * late->vectors > LATE_VECTORS || 2 * late->count > late_capacity(late->kernel->nin);
}

/* Computes the lanes that were set aside and stores their results. */
static GF_NOINLINE void finish_late_lanes(struct gf_late_lanes *late) {
  const gf_kernel *kernel = late->kernel;
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  for (int k = 0; k < kernel->nin; k++) {
    ELEMENT *x = late->x + late_capacity(kernel->nin) * (size_t)k;
    memset(x + late->count, 0, V_LANES * sizeof *x); /* padding */
    from[k] = (const char *)x;
    if (k < kernel->nout) /* the results take the place of the inputs */
      to[k] = (char *)x;
  }
  kernel->evaluate_tail(from, to, late->count);
  for (int k = 0; k < kernel->nout; k++) {
    const ELEMENT *results = (const ELEMENT *)to[k];
    for (size_t i = 0; i < late->vectors; i++) {
      ELEMENT *out = (ELEMENT *)late->out[k] + (size_t)late->from[i].vector * V_LANES;
      results = UNPACK(out, results, late->from[i].lanes);
    }
  }
  late->count = late->vectors = 0;
}

/* Copies some lanes of a vector. */
static inline void copy_lanes(ELEMENT *to, const ELEMENT *from, unsigned lanes) {
#ifdef V_COMPRESSES
  ELEMENT packed[2 * V_LANES]; /* PACK may write beyond the lanes */
  PACK(packed, from, lanes);
  UNPACK(to, packed, lanes);
#else
  for (; lanes != 0; lanes &= lanes - 1) /* `to` may have any address */
    memcpy((char *)to + gf_lowest_bit(lanes) * sizeof *to, from + gf_lowest_bit(lanes), sizeof *to);
#endif
}

/* Flags of which lanes of a vector have wrong results, for each flagged vector. Two are a sign for
 * doubted results: NONE if all of the vector is left to double, ALL if evaluate_tail is to evaluate all
 * of it. */
enum { NONE = 0 };
#define ALL (0xffffffffu >> (32 - V_LANES))

static GF_ALWAYS_INLINE void find_wrong_lanes(const function f, const char *const *in,
                                              uint64_t flags, uint32_t *lanes) {
  for (; flags != 0; flags &= flags - 1, lanes++) {
    const size_t i = gf_lowest_bit(flags) * V_LANES;
    v x[INPUTS_MAX], y[OUTPUTS_MAX];
    load_inputs(f, x, in, i);
#if IS_DOUBTED
    if (is_for_double(f, in, i)) {
      *lanes = NONE;
      continue;
    }
    if (f.in_tail && gf_bit_count(v_bits(f.in_tail(x))) >= MANY_LANES) {
      *lanes = ALL;
      continue;
    }
    f.evaluate_apart(x, y);
#endif
    *lanes = BITS(wrong_lanes(f, x, y));
  }
}

/* Corrects some lanes of the vector at element i. */
static GF_NOINLINE void correct_vector(const gf_kernel *kernel, const char *const *in,
                                       char *const *out, size_t i, unsigned lanes) {
  ELEMENT results[OUTPUTS_MAX][V_LANES];
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  const int is_whole = lanes == ALL || (IS_DOUBTED && lanes == NONE);
  for (int k = 0; k < kernel->nin; k++)
    from[k] = in[k] + i * sizeof(ELEMENT);
  for (int k = 0; k < kernel->nout; k++)
    to[k] = is_whole ? out[k] + i * sizeof(ELEMENT) : (char *)results[k];
  kernel->evaluate_tail(from, to, V_LANES);
  for (int k = 0; k < kernel->nout && !is_whole; k++)
    copy_lanes((ELEMENT *)out[k] + i, results[k], lanes);
}

/* Corrects the flagged vectors of a chunk that begins at element `at` and has its results in `out`:
 * computes the tail of vectors with many lanes in it at once, and sets the lanes of the others
 * aside. Returns how many lanes there were. It is not compiled for each function, because it would be
 * an eighth of the library. */
static GF_NOINLINE size_t correct_late_lanes(struct gf_late_lanes *late, const char *const *in,
                                             char *const *out, size_t at, uint64_t flags) {
  _Static_assert(OUTPUTS_MAX <= INPUTS_MAX, "the results take the place of the inputs");
  const gf_kernel *kernel = late->kernel;
  const int nin = kernel->nin;
  const size_t capacity = late_capacity(nin);
  uint32_t wrong[CHUNK_VECTORS];
  kernel->find_wrong_lanes(in, flags, wrong);
  size_t found = 0;
  for (const uint32_t *next = wrong; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * V_LANES;
    const uint32_t lanes = *next++, lane_count = gf_bit_count(lanes);
    found += lane_count;
    const int is_few = lane_count < MANY_LANES && !(IS_DOUBTED && lanes == NONE);
    /* room for the lanes and for one vector more, which PACK may write beyond them */
    int is_full = late->vectors == LATE_VECTORS || late->count + 2 * V_LANES > capacity;
    if (is_few && is_full && !late->in_buffer) {
      finish_late_lanes(late);
      is_full = 0;
    }
    if (is_few && !is_full) {
      for (int k = 0; k < nin; k++)
        PACK(late->x + capacity * (size_t)k + late->count,
             (const ELEMENT *)(in[k] + i * sizeof(ELEMENT)), lanes);
      late->count += lane_count;
      late->from[late->vectors].vector = (uint32_t)((at + i) / V_LANES);
      late->from[late->vectors++].lanes = lanes;
    } else {
      correct_vector(kernel, in, out, i, lanes);
    }
  }
  return found;
}

static size_t correct_tail(struct gf_late_lanes *late, const char *const *in, char *const *out,
                           size_t at, uint64_t flags) {
  return late->kernel->find_wrong_lanes ? correct_late_lanes(late, in, out, at, flags)
                                        : late->kernel->correct_tail(in, out, flags);
}

#endif
