/* The worst cases that a search has found so far, and the measuring of new ones. */
#ifndef GF_CASES_H
#define GF_CASES_H

#include "search.h"
#include "target.h"

enum { KEPT_MAX = 32, BATCH = 1024 };

/* Inputs, and the exact outputs without the factors. */
typedef struct {
  double args[INPUTS_MAX];
  quad values[OUTPUTS_MAX];
} probe;

/* The worst cases of one output on one instruction set, at most one in each niche. */
typedef struct {
  worst_case at[KEPT_MAX];
  int64_t niches[KEPT_MAX];
  int count;
  double least; /* the smallest error in it */
} pool;

/* A search. */
typedef struct {
  target t;
  const effort *e;
  const char *const *isas;
  size_t isa_count;
  uint64_t drawn; /* random numbers */
  probe batch[BATCH];
  size_t batched;
  pool pools[ISAS_MAX][OUTPUTS_MAX];
  findings *found;
} state;

/* Adds inputs to the batch, and measures it when it is full. `values` are those without factors. */
void add_probe(state *s, const double *args, const quad *values);

/* Calls the function for the batch on every instruction set, and keeps the worst cases. */
void measure_batch(state *s);

#endif
