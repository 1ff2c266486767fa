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

/* Corrects the flagged vectors of a chunk that begins at element `at` and has its results in `out`:
 * computes the tail of vectors with many lanes in it at once, and sets the lanes of the others
 * aside. */
static GF_ALWAYS_INLINE size_t correct_late_lanes(const function f, struct gf_late_lanes *late,
                                                  const char *const *in, char *const *out,
                                                  size_t at, uint64_t flags) {
  _Static_assert(OUTPUTS_MAX <= INPUTS_MAX, "the results take the place of the inputs");
  const size_t capacity = late_capacity(f.nin);
  size_t found = 0;
  for (; flags != 0; flags &= flags - 1) {
    const size_t i = gf_lowest_bit(flags) * V_LANES;
    if (is_for_double(f, in, i)) {
      decide_vector(f, in, out, i);
      continue;
    }
    v x[INPUTS_MAX];
    load_inputs(f, x, in, i);
    v y[OUTPUTS_MAX];
#if IS_DOUBTED
    if (f.in_tail && gf_bit_count(v_bits(f.in_tail(x))) >= MANY_LANES) {
      const char *from[INPUTS_MAX];
      char *to[] = {out[0] + i * sizeof(ELEMENT)};
      for (int k = 0; k < f.nin; k++)
        from[k] = in[k] + i * sizeof(ELEMENT);
      late->kernel->evaluate_tail(from, to, V_LANES);
      found += V_LANES;
      continue;
    }
    f.evaluate(x, y);
#endif
    const v_mask wrong = wrong_lanes(f, x, y);
    const unsigned lanes = BITS(wrong), lane_count = gf_bit_count(lanes);
    found += lane_count;
    /* room for the lanes and for one vector more, which PACK may write beyond them */
    int is_full = late->vectors == LATE_VECTORS || late->count + 2 * V_LANES > capacity;
    if (is_full && !late->in_buffer) {
      finish_late_lanes(late);
      is_full = 0;
    }
    if (lane_count >= MANY_LANES || is_full) {
      ELEMENT results[OUTPUTS_MAX][V_LANES];
      const char *from[INPUTS_MAX];
      char *to[OUTPUTS_MAX];
      for (int k = 0; k < f.nin; k++)
        from[k] = in[k] + i * sizeof(ELEMENT);
      for (int k = 0; k < f.nout; k++)
        to[k] = (char *)results[k];
      late->kernel->evaluate_tail(from, to, V_LANES);
      for (int k = 0; k < f.nout; k++) {
        ELEMENT *vector = (ELEMENT *)out[k] + i;
        STORE(vector, v_select(wrong, LOAD(results[k]), LOAD(vector)));
      }
      continue;
    }
    for (int k = 0; k < f.nin; k++)
      PACK(late->x + capacity * (size_t)k + late->count, (const ELEMENT *)in[k] + i, lanes);
    late->count += lane_count;
    late->from[late->vectors].vector = (uint32_t)((at + i) / V_LANES);
    late->from[late->vectors++].lanes = lanes;
  }
  return found;
}

#endif
