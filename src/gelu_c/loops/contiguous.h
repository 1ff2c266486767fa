/* Runs a kernel on elements that lie side by side: whole vectors in chunks, and the remaining
 * elements in a padded vector. Both use the same code, so the result for a number does not depend
 * on its place. */
#ifndef GF_CONTIGUOUS_H
#define GF_CONTIGUOUS_H

#include "loops/late_lanes.h"
#include "loops/near_zero.h"

enum {
  RESULTS_BYTES = 4096,
  SHORT_CHUNK = CHUNK / 8,
  MANY_VECTORS = CHUNK_VECTORS / 4, /* if a chunk has more with tail lanes, streaming pauses */
  STORED_CHUNKS = 32                /* for so many chunks: changing often is slower than either */
};

_Static_assert(sizeof(struct gf_late_lanes) + OPERANDS_MAX * V_LANES * sizeof(ELEMENT) <=
                   CONTIGUOUS_BUFFERS_MAX,
               "the stack stays small");
_Static_assert(RESULTS_BYTES + CONTIGUOUS_BUFFERS_MAX <= BUFFERS_MAX, "the stack stays small");

/* Whether two arrays begin less than `size` bytes apart. */
static inline int are_near(const char *a, const char *b, uintptr_t size) {
  return (uintptr_t)a - (uintptr_t)b + size - 1 < 2 * size - 1;
}

/* Whether `size` bytes of results would overwrite inputs that are needed later. */
static int overwrites_input(const gf_kernel *kernel, const char *const *in, char *const *out,
                            uintptr_t size) {
  int overwrites = 0;
  for (int k = 0; k < kernel->nin; k++)
    for (int l = 0; l < kernel->nout; l++)
      overwrites |= are_near(out[l], in[k], size);
  return overwrites;
}

GF_BUFFERS_BEGIN

/* Each chunk is evaluated as if it had no tail; then correct_tail corrects its lanes in the tail.
 * If the result was streamed, the correction brings its line back into the caches. If there are many
 * such lines, streaming pauses (benchmarks/NOTES.md).
 *
 * buffer: NULL, or memory for the results of a chunk, which are copied to `out` when it is done. */
static GF_NOINLINE void in_chunks(const gf_kernel *kernel, const char *const *in, char *const *out,
                                  size_t n, gf_reach reach, ELEMENT *buffer) {
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  struct gf_late_lanes late;
  start_late_lanes(&late, kernel, out, buffer != NULL);
  const size_t part = RESULTS_BYTES / sizeof(ELEMENT) / (size_t)kernel->nout;
  const size_t most = buffer && part < CHUNK ? part - part % V_LANES : CHUNK;
  int pause = 0;     /* for how many chunks streaming pauses */
  int only_tail = 0; /* much of the last chunk was tail, so this one is probably alike */
  int is_wary = is_suspect(kernel, in, n);
  for (size_t i = 0, m = SHORT_CHUNK; i < n; i += m, m = most) { /* the first is short: a trial */
    m = n - i < m ? n - i : m;
    for (int k = 0; k < kernel->nin; k++)
      from[k] = in[k] + i * sizeof(ELEMENT);
    for (int k = 0; k < kernel->nout; k++)
      to[k] = buffer ? (char *)(buffer + part * (size_t)k) : out[k] + i * sizeof(ELEMENT);
    only_tail = only_tail && kernel->all_in_tail(from, m);
    if (only_tail) {
      kernel->evaluate_tail(from, to, m);
    } else {
      const uint64_t flags = evaluate_warily(kernel, from, to, m, pause > 0 ? GF_FAR : reach,
                                             &is_wary, n >= LONG_CALL);
      if (reach == GF_STREAMED)
        pause = gf_bit_count(flags) > MANY_VECTORS ? STORED_CHUNKS : pause - (pause > 0);
      if (flags != 0)
        only_tail = correct_tail(&late, from, to, i, flags) > m / 3;
    }
    for (int k = 0; buffer && k < kernel->nout; k++)
      memcpy(out[k] + i * sizeof(ELEMENT), to[k], m * sizeof(ELEMENT));
    if (buffer && is_half_full(&late)) /* correct_tail cannot do it before the copy */
      finish_late_lanes(&late);
  }
  if (late.vectors > 0)
    finish_late_lanes(&late);
}

static GF_NOINLINE void in_buffered_chunks(const gf_kernel *kernel, const char *const *in,
                                           char *const *out, size_t n) {
  _Alignas(64) ELEMENT buffer[RESULTS_BYTES / sizeof(ELEMENT)];
  in_chunks(kernel, in, out, n, GF_NEAR, buffer);
}

static GF_NOINLINE void correct_short_call(const gf_kernel *kernel, const char *const *in,
                                           char *const *out, uint64_t flags) {
  struct gf_late_lanes late;
  start_late_lanes(&late, kernel, out, 0);
  correct_tail(&late, in, out, 0, flags);
  if (late.vectors > 0)
    finish_late_lanes(&late);
}

GF_BUFFERS_END

/* A call with at most SHORT_CHUNK elements, whose results do not overwrite its inputs */
static void short_call(const gf_kernel *kernel, const char *const *in, char *const *out, size_t n) {
  const uint64_t flags = is_suspect(kernel, in, n) ? evaluate_near_zero(kernel, in, out, n, GF_NEAR)
                                                   : kernel->evaluate(in, out, n);
  if (flags != 0)
    correct_short_call(kernel, in, out, flags);
}

/* n is a multiple of V_LANES. */
static void whole_vectors(const gf_kernel *kernel, const char *const *in, char *const *out,
                          size_t n, gf_reach reach) {
  if (!kernel->evaluate_tail && !is_suspect(kernel, in, n)) {
    evaluate_chunk(kernel, in, out, n, reach);
  } else if (overwrites_input(kernel, in, out, (n < CHUNK ? n : CHUNK) * sizeof(ELEMENT))) {
    in_buffered_chunks(kernel, in, out, n);
  } else if (n > SHORT_CHUNK) {
    in_chunks(kernel, in, out, n, reach, NULL);
  } else {
    short_call(kernel, in, out, n);
  }
  if (reach == GF_STREAMED)
    simd_stream_end();
}

GF_BUFFERS_BEGIN

static void evaluate_short(const gf_kernel *kernel, const char *const *in, char *const *out,
                           size_t n) {
  if (!kernel->evaluate_one || !kernel->evaluate_one(in, out, n))
    short_call(kernel, in, out, V_LANES);
}

/* Runs the kernel on the n elements from number `first` on; n is less than V_LANES. */
static GF_NOINLINE void padded_vector(const gf_kernel *kernel, const char *const *in,
                                      char *const *out, size_t first, size_t n) {
  _Alignas(64) ELEMENT lanes[INPUTS_MAX][V_LANES], results[OUTPUTS_MAX][V_LANES];
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  for (int k = 0; k < kernel->nin; k++) {
    simd_copy_padded(lanes[k], in[k] + first * sizeof(ELEMENT), n * sizeof(ELEMENT),
                     sizeof lanes[k]);
    from[k] = (const char *)lanes[k];
  }
  for (int k = 0; k < kernel->nout; k++)
    to[k] = (char *)results[k];
  evaluate_short(kernel, from, to, n);
  for (int k = 0; k < kernel->nout; k++)
    memcpy(out[k] + first * sizeof(ELEMENT), results[k], n * sizeof(ELEMENT));
}

/* Runs the kernel on one element, which is put into every lane: whole registers are written, so that
 * the load of the vector does not wait for them. */
static GF_NOINLINE void one_element(const gf_kernel *kernel, char *const *args) {
  _Alignas(64) ELEMENT lanes[INPUTS_MAX][V_LANES], results[OUTPUTS_MAX][V_LANES];
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  for (int k = 0; k < kernel->nin; k++) {
    ELEMENT x;
    memcpy(&x, args[k], sizeof x);
    simd_fill(lanes[k], &x, sizeof x, sizeof lanes[k]);
    from[k] = (const char *)lanes[k];
  }
  for (int k = 0; k < kernel->nout; k++)
    to[k] = (char *)results[k];
  evaluate_short(kernel, from, to, 1);
  for (int k = 0; k < kernel->nout; k++)
    memcpy(args[kernel->nin + k], results[k], sizeof(ELEMENT));
}

GF_BUFFERS_END

static void run_contiguous(const gf_kernel *kernel, const char *const *in, char *const *out,
                           size_t n, gf_reach reach) {
  const size_t vector = V_LANES * sizeof(ELEMENT);
  for (int k = 1; k < kernel->nout; k++) /* streamed outputs must be aligned alike */
    if (reach == GF_STREAMED && ((uintptr_t)out[k] - (uintptr_t)out[0]) % vector != 0)
      reach = GF_FAR;
  const size_t beyond = reach == GF_STREAMED ? (uintptr_t)out[0] % vector : 0;
  size_t first = beyond ? (vector - beyond) / sizeof(ELEMENT) : 0;
  first = first < n ? first : n;
  const size_t rest = (n - first) % V_LANES, whole = n - first - rest;
  if (first > 0)
    padded_vector(kernel, in, out, 0, first);
  if (whole > 0) {
    const char *from[INPUTS_MAX];
    char *to[OUTPUTS_MAX];
    for (int k = 0; k < kernel->nin; k++)
      from[k] = in[k] + first * sizeof(ELEMENT);
    for (int k = 0; k < kernel->nout; k++)
      to[k] = out[k] + first * sizeof(ELEMENT);
    whole_vectors(kernel, from, to, whole, reach);
  }
  if (rest == 0)
    return;
  /* The last vector begins before the rest if it can: that results are computed again does not change
   * them. */
  if (reach == GF_NEAR && whole > 0 && !overwrites_input(kernel, in, out, n * sizeof(ELEMENT))) {
    const char *from[INPUTS_MAX];
    char *to[OUTPUTS_MAX];
    for (int k = 0; k < kernel->nin; k++)
      from[k] = in[k] + (n - V_LANES) * sizeof(ELEMENT);
    for (int k = 0; k < kernel->nout; k++)
      to[k] = out[k] + (n - V_LANES) * sizeof(ELEMENT);
    short_call(kernel, from, to, V_LANES);
  } else {
    padded_vector(kernel, in, out, first + whole, rest);
  }
}

#endif
