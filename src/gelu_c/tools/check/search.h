/* The search of search_worst for the largest error of one row. */
#ifndef GF_SEARCH_H
#define GF_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "gelu_c.h"
#include "outputs.h"

enum { ISAS_MAX = 16 };

typedef struct {
  const char *name;
  int stride;                    /* of seeds of which there are many: seeds.h */
  int special_reach, many_reach; /* neighbours on either side of a seed */
  int between;                   /* points between two seeds, by ordinal and by distance */
  int anywhere;                  /* points in the whole interval, by each of these */
  int splits;                    /* ways to make a point from x and b, or x and beta */
  int factors;                   /* choices of dy and up */
  int samples;                   /* inputs of a window: window.h */
  int rounds, children;          /* each round makes children of the worst cases */
  int kept;                      /* worst cases of an output on an instruction set, far apart */
  int dense;                     /* the last round takes neighbours on either side of the worst */
} effort;

const effort *effort_named(const char *name); /* NULL if there is none */

typedef struct {
  double error, args[INPUTS_MAX], got, want;
} worst_case;

typedef struct {
  uint64_t inputs;
  worst_case worst[ISAS_MAX][OUTPUTS_MAX];
} findings;

/* Returns -1 if the file of seeds (seeds.h) cannot be read. */
int search(const gf_row *row, const char *seeds_file, const effort *e, const char *const *isas,
           size_t isa_count, findings *found);

#endif
