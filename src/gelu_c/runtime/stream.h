/* Which results are written past the caches: those that would not stay in them anyway. Such stores
 * do not read from memory what they are about to overwrite. Only float32 and float64 have them, from
 * arrays of neighbouring elements to another. */
#ifndef GF_STREAM_H
#define GF_STREAM_H

#include <stddef.h>

/* Whether to, for a call as gf_call has it; size: of an element in bytes. */
int gf_streams(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size, size_t n);

/* The least size in bytes of an output that is: that of the last-level cache (benchmarks/stream.py
 * shows why). SIZE_MAX: none. For tests and benchmarks to set; no result depends on it. */
size_t gf_stream_bytes(void);
void gf_set_stream_bytes(size_t bytes);

#endif
