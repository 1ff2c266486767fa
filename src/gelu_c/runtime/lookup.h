/* The type of the functions, one for each instruction set, that apply a table of 256 bytes. */
#ifndef GF_LOOKUP_H
#define GF_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

/* out[i] = table[x[i]]. out is x or does not overlap it; stream: 1 to write past the caches
 * (stream.h). */
typedef void gf_lookup_kernel(const uint8_t *table, const uint8_t *x, uint8_t *out, size_t n,
                              int stream);

#endif
