/* The inputs of an error report, in numbered blocks that can be made in any order: every 65,536
 * patterns of float16 and bfloat16; every Nth of the 2^32 patterns of float32; random float64; and for each the
 * boundaries: specials, the neighbours of 0, of powers of two, of the ends of the table's domains, of
 * its worst inputs, and of the function's zero crossings. */
#ifndef GF_INPUTS_H
#define GF_INPUTS_H

#include <stdint.h>

#include "gelu_c.h"
#include "reference.h"

enum { INPUT_BLOCK = 65536 }; /* the most inputs in one block */

typedef struct {
  gf_dtype dtype;
  uint64_t step;  /* float32: every step-th pattern */
  uint64_t count; /* float64: random inputs */
  double lo, hi;  /* float64: the interval of the uniform ones */
  double *points; /* what the random float64 crowd around */
  size_t point_count;
  uint64_t *boundaries; /* patterns */
  size_t boundary_count, boundary_room;
} inputs;

/* -1 if there is no memory. */
int inputs_init(inputs *in, const gf_row *row, const reference *f, uint64_t step, uint64_t count);
void inputs_free(inputs *in);

uint64_t inputs_block_count(const inputs *in);

/* Fills `block` with numbers of the dtype and returns how many. Sets *run to 0, or, if the numbers are in
 * order, to how many of them lie within a quarter of a binade: at least 2. */
size_t inputs_fill(const inputs *in, uint64_t number, void *block, size_t *run);

/* Fills `block` with n numbers of the dtype for the other input of a function of dy and x: specials,
 * hard cases and random ones in turn, the same for the same block. */
void inputs_fill_dy(const inputs *in, uint64_t number, size_t n, void *block);

double input_as_double(gf_dtype dtype, const void *block, size_t i);

#endif
