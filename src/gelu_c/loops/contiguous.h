/* Runs a kernel on elements that lie side by side: whole vectors in chunks, and the remaining
 * elements in a padded vector. Both use the same code, so the result for a number does not depend
 * on its place. */
#ifndef GF_CONTIGUOUS_H
#define GF_CONTIGUOUS_H

#include "loops/late_lanes.h"

enum { RESULTS_BYTES = 4096 };

/* Whether `size` bytes of results would overwrite inputs that are needed later. */
static int overwrites_input(const gf_kernel *kernel, const char *const *in, char *const *out,
                            uintptr_t size) {
  int overwrites = 0;
  for (int k = 0; k < kernel->nin; k++)
    for (int l = 0; l < kernel->nout; l++)
      overwrites |= (uintptr_t)out[l] - (uintptr_t)in[k] + size < 2 * size;
  return overwrites;
}

/* Each chunk is evaluated as if it had no tail; then correct_tail corrects its lanes in the tail.
 * If the result was streamed, the correction brings its line back into the caches. Such lines are
 * few: every other way of streaming took longer (benchmarks/NOTES.md). */
static GF_NOINLINE void in_chunks(const gf_kernel *kernel, const char *const *in, char *const *out,
                                  size_t n, int stream) {
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  struct gf_late_lanes late;
  late.kernel = kernel;
  late.count = late.vectors = 0;
  for (int k = 0; k < kernel->nout; k++)
    late.out[k] = out[k];
  const int in_buffer = overwrites_input(kernel, in, out, CHUNK * sizeof(ELEMENT));
  late.in_buffer = in_buffer;
  ELEMENT buffer[RESULTS_BYTES / sizeof(ELEMENT)];
  const size_t part = RESULTS_BYTES / sizeof(ELEMENT) / (size_t)kernel->nout;
  const size_t most = in_buffer && part < CHUNK ? part - part % V_LANES : CHUNK;
  int only_tail = 0; /* the last chunk was all tail, so this one probably is too */
  for (size_t i = 0, m = CHUNK / 8; i < n; i += m, m = most) { /* the first is short: a trial */
    m = n - i < m ? n - i : m;
    for (int k = 0; k < kernel->nin; k++)
      from[k] = in[k] + i * sizeof(ELEMENT);
    for (int k = 0; k < kernel->nout; k++)
      to[k] = in_buffer ? (char *)(buffer + part * (size_t)k) : out[k] + i * sizeof(ELEMENT);
    only_tail = only_tail && kernel->all_in_tail(from, m);
    if (only_tail) {
      kernel->evaluate_tail(from, to, m);
    } else {
      const int past_caches = stream && !in_buffer;
      const uint64_t flags =
          (past_caches ? kernel->evaluate_streamed : kernel->evaluate)(from, to, m);
      if (flags != 0)
        only_tail = kernel->correct_tail(&late, from, to, i, flags) == m;
    }
    for (int k = 0; in_buffer && k < kernel->nout; k++)
      memcpy(out[k] + i * sizeof(ELEMENT), to[k], m * sizeof(ELEMENT));
    if (in_buffer && is_half_full(&late)) /* correct_tail cannot do it before the copy */
      finish_late_lanes(&late);
  }
  if (late.vectors > 0)
    finish_late_lanes(&late);
}

/* n is a multiple of V_LANES. */
static void whole_vectors(const gf_kernel *kernel, const char *const *in, char *const *out,
                          size_t n, int stream) {
  if (kernel->correct_tail)
    in_chunks(kernel, in, out, n, stream);
  else
    (stream ? kernel->evaluate_streamed : kernel->evaluate)(in, out, n);
  if (stream)
    simd_stream_end();
}

/* Runs the kernel on the n elements from number `first` on; n is less than V_LANES. */
static void padded_vector(const gf_kernel *kernel, const char *const *in, char *const *out,
                          size_t first, size_t n) {
  ELEMENT lanes[INPUTS_MAX][V_LANES], results[OUTPUTS_MAX][V_LANES];
  const char *from[INPUTS_MAX];
  char *to[OUTPUTS_MAX];
  for (int k = 0; k < kernel->nin; k++) {
    memset(lanes[k], 0, sizeof lanes[k]);
    from[k] = memcpy(lanes[k], in[k] + first * sizeof(ELEMENT), n * sizeof(ELEMENT));
  }
  for (int k = 0; k < kernel->nout; k++)
    to[k] = (char *)results[k];
  whole_vectors(kernel, from, to, V_LANES, 0);
  for (int k = 0; k < kernel->nout; k++)
    memcpy(out[k] + first * sizeof(ELEMENT), results[k], n * sizeof(ELEMENT));
}

static void run_contiguous(const gf_kernel *kernel, const char *const *in, char *const *out,
                           size_t n, int stream) {
  const size_t vector = V_LANES * sizeof(ELEMENT);
  for (int k = 1; k < kernel->nout; k++) /* the outputs must be aligned alike */
    stream = stream && ((uintptr_t)out[k] - (uintptr_t)out[0]) % vector == 0;
  const size_t beyond = stream ? (uintptr_t)out[0] % vector : 0;
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
    whole_vectors(kernel, from, to, whole, stream);
  }
  if (rest > 0)
    padded_vector(kernel, in, out, first + whole, rest);
}

#endif
