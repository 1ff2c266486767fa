/* A call of a function on the rows of a chunk. */
#ifndef GF_DUCKDB_COMPUTE_H
#define GF_DUCKDB_COMPUTE_H

#include <stdatomic.h>

#include "duckdb_api.h"
#include "gelu_c.h"

enum { OPERANDS_MAX = 8 }; /* inputs and outputs of a function */

/* The functions of the DuckDB that has loaded this file; its threads read them. */
static const duckdb_api *_Atomic loaded;

/* Makes a result NULL wherever one of the operands is. Masks without NULLs need not exist. */
static void copy_nulls(const duckdb_api *api, duckdb_chunk in, int nin, uint64_t n,
                       duckdb_vector out) {
  uint64_t *to = NULL;
  for (int k = 0; k < nin; k++) {
    const uint64_t *from = api->validity(api->column(in, (uint64_t)k));
    if (!from)
      continue;
    if (!to) {
      api->make_validity(out);
      to = api->validity(out);
    }
    for (uint64_t word = 0; word < (n + 63) / 64; word++)
      to[word] &= from[word];
  }
}

/* DuckDB has put selected and constant operands into arrays. What these hold in the place of a NULL
 * is computed too, because no number fails. */
static void compute(duckdb_call call, duckdb_chunk in, duckdb_vector out) {
  const duckdb_api *api = atomic_load_explicit(&loaded, memory_order_acquire);
  const gf_row *row = api->extra_info(call);
  const int nin = row->function->nin, nout = row->function->nout;
  const uint64_t n = api->row_count(in);
  char *args[OPERANDS_MAX];
  ptrdiff_t steps[OPERANDS_MAX];
  for (int k = 0; k < nin; k++)
    args[k] = api->data(api->column(in, (uint64_t)k));
  for (int k = 0; k < nout; k++) {
    const duckdb_vector member = nout == 1 ? out : api->struct_member(out, (uint64_t)k);
    args[nin + k] = api->data(member);
    copy_nulls(api, in, nin, n, member);
  }
  if (nout > 1)
    copy_nulls(api, in, nin, n, out);
  for (int k = 0; k < nin + nout; k++)
    steps[k] = (ptrdiff_t)gf_dtype_size(row->dtype);
  gf_call_part(row, args, steps, (size_t)n, 0, (size_t)n);
}

#endif
