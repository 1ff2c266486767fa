/* Measures a function at thousands of neighbours at once. The exact values in a narrow window are
 * those of a polynomial through five exact values, evaluated in double with a low word: hundreds of
 * times faster than quadruple precision, and good enough to choose inputs that quadruple precision
 * then measures. */
#ifndef GF_WINDOW_H
#define GF_WINDOW_H

#include "search.h"
#include "target.h"

enum { WINDOW_MOST = 4096 }; /* samples */

/* Samples the point input in a window around that of `args`, with the other inputs as they are, and
 * with random factors: dy or up makes the product land just below a power of two. Stores the inputs
 * with the largest error of each output on each instruction set, whose errors are approximate; they
 * are -1 if the function is not smooth enough here or too large or small. Returns the number of inputs. `drawn`
 * counts random numbers. */
size_t window_sample(const target *t, const double *args, int samples, const char *const *isas,
                     size_t isa_count, uint64_t *drawn, worst_case (*worst)[OUTPUTS_MAX]);

#endif
