/* What search_worst knows about a row: which of its inputs is the point x of f(x), and which are
 * factors of the outputs. */
#ifndef GF_TARGET_H
#define GF_TARGET_H

#include <stdint.h>

#include "gelu_c.h"
#include "outputs.h"

typedef struct {
  const gf_row *row;
  gf_dtype dtype;
  outputs f;
  int nin, nout;
  int point;                              /* the input x or gate */
  int gate, bias, rate, slope;            /* the inputs gate, b, beta, negative_slope, or -1 */
  int limited;                            /* another input that is no factor, or -1 */
  int is_factor[OUTPUTS_MAX][INPUTS_MAX]; /* an output is proportional to the input */
} target;

target target_of(const gf_row *row);

/* Output k at a point, where factors and rates are 1 and the bias is 0. */
quad value_at(const target *t, int k, quad point);

/* The exact outputs for numbers of the dtype, without the factors. The sum x + b is rounded first,
 * to float64 for float64 and to float32 for the others: the contract of a bias is f at the rounded
 * sum. */
void values_without_factors(const target *t, const double *args, quad *values);

/* The point of f: x + b or beta * x. */
double point_of(const target *t, const double *args);

quad size_of(quad x); /* without its sign */

/* e for 2^e <= abs(x) < 2^(e + 1) (a number just below a power of two may count as that power) */
int exponent_of(quad x);

/* The numbers of a dtype in their order: the neighbour of x has the next ordinal. */
int64_t ordinal_of(gf_dtype dtype, double x);
double number_at(gf_dtype dtype, int64_t ordinal); /* the largest number beyond the last */
double rounded_to(gf_dtype dtype, quad x);         /* the largest number instead of infinity */

#endif
