/* How a call reads and writes large arrays. Streaming stores write past the caches: an ordinary store
 * first reads the line that it overwrites from memory, a streaming store does not. They are used for
 * outputs that are too large to stay in the caches. All operands must be arrays whose elements lie
 * side by side. */
#ifndef GF_STREAM_H
#define GF_STREAM_H

#include <stddef.h>

typedef enum {
  GF_NEAR,    /* the operands may be in the caches of a core: as they are */
  GF_FAR,     /* they are not: input and output prefetched */
  GF_STREAMED /* the results would not stay in any cache: inputs prefetched, results streamed */
} gf_reach;

/* How gf_call runs a call with these arguments; size: of an element in bytes. */
gf_reach gf_reach_of(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size,
                     size_t n);

/* Whether the results of this call are streamed */
int gf_streams(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size, size_t n);

/* The smallest size in bytes of input and output of a call that prefetches. Tests set it. */
size_t gf_far_bytes(void);
void gf_set_far_bytes(size_t bytes);

#endif
