/* Which calls may be computed in parts at the same time, and where the parts begin. */
#ifndef GF_SPLIT_H
#define GF_SPLIT_H

#include <stddef.h>

/* Whether elements may be computed in any order: no output overlaps itself, another output, or an
 * input that is not the same array. Such overlaps are allowed in gf_call, whose elements are computed
 * in order. size: of an element in bytes. */
int gf_may_split(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size,
                 size_t n);

/* The number of the first element that begins a cache line of an output; 0 if none does. Parts that
 * begin so many elements after a multiple of a cache line do not share lines. */
size_t gf_split_border(const char *out, ptrdiff_t step);

#endif
