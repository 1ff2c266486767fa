/* Streaming stores write past the caches: an ordinary store first reads the line that it overwrites
 * from memory, a streaming store does not. They are used for outputs that are too large to stay in
 * the caches. All operands must be arrays whose elements lie side by side. */
#ifndef GF_STREAM_H
#define GF_STREAM_H

#include <stddef.h>

/* Whether a call of gf_call with these arguments streams; size: of an element in bytes. */
int gf_streams(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size, size_t n);

/* The smallest size in bytes of an output that is streamed: the size of the last-level cache
 * (benchmarks/stream.py shows why), or SIZE_MAX if it is unknown. Tests and benchmarks set it; no
 * result depends on it. */
size_t gf_stream_bytes(void);
void gf_set_stream_bytes(size_t bytes);

#endif
