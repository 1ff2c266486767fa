/* Computes a call in several threads if that is faster. */
#ifndef GF_THREADS_H
#define GF_THREADS_H

#include <stddef.h>
#include <stdint.h>

/* What an element costs: picoseconds in one thread, 0 if unknown. It is measured in calls. */
typedef uint32_t gf_cost;

/* The least size in bytes of an output that may be computed in several threads. */
enum { GF_LEAST_SHARED = 16 << 10 };

/* Calls compute(call, first, count) for all elements, in one thread or in parts by several. border:
 * gf_split_border; size: of an element in bytes. */
void gf_share(void (*compute)(const void *call, size_t first, size_t count), const void *call,
              size_t n, size_t border, size_t size, gf_cost *cost);

#endif
