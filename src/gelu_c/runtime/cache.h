/* How much of the last-level cache one thread can count on. */
#ifndef GF_CACHE_H
#define GF_CACHE_H

#include <stddef.h>

/* In bytes; 0 if it is unknown. */
size_t gf_cache_size(void);

#endif
