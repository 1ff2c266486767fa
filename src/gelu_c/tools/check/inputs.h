/* The inputs of an error report, in numbered blocks that can be made in any order: all 65,536
 * patterns of float16 and bfloat16, every Nth of the 2^32 patterns of float32, and random float64.
 * float32 and float64 have boundaries too: infinities, NaN and the neighbours of 0, of powers of
 * two, of lo, hi and worst in the table, and of the zero crossings of the function. */
#ifndef GF_INPUTS_H
#define GF_INPUTS_H

#include <stdint.h>

#include "gelu_c.h"
#include "reference.h"

enum { INPUT_BLOCK = 65536 }; /* the most inputs in one block */

typedef struct {
  gf_dtype dtype;
  uint64_t step;  /* float32: every step-th pattern */
  uint64_t count; /* float64: how many random inputs */
  double lo, hi;  /* float64: the interval of the uniform inputs */
  double *points; /* float64: a quarter of the random inputs are near these */
  size_t point_count;
  uint64_t *boundaries; /* patterns */
  size_t boundary_count, boundary_room;
} inputs;

/* Returns -1 if there is not enough memory. */
int inputs_init(inputs *in, const gf_row *row, const reference *f, uint64_t step, uint64_t count);
void inputs_free(inputs *in);

uint64_t inputs_block_count(const inputs *in);

/* Fills `block` with numbers of the dtype and returns how many. If the numbers are in order, sets
 * *run to how many of them lie within a quarter of a binade, at least 2; otherwise to 0. */
size_t inputs_fill(const inputs *in, uint64_t number, void *block, size_t *run);

/* Fills `block` with n values of dy: special numbers, patterns and ordinary numbers in turn. A
 * block number always gives the same values. */
void inputs_fill_dy(const inputs *in, uint64_t number, size_t n, void *block);

/* Element i of a block. */
double input_as_double(gf_dtype dtype, const void *block, size_t i);
void input_put(gf_dtype dtype, void *block, size_t i, uint64_t pattern);

/* The bits of a finite number of the dtype; any double is rounded to float32 or float64. */
uint64_t input_pattern(gf_dtype dtype, double x);

/* Element i of a sequence of random patterns that is always the same. */
uint64_t input_random(uint64_t i);

#endif
