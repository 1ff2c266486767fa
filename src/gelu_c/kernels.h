/* What the per-ISA objects give the dispatcher. */
#ifndef GF_KERNELS_H
#define GF_KERNELS_H

#include <stddef.h>

#include "names.h"

/* args: the inputs, then the output; steps: their strides in bytes; stream: write past the caches
 * (stream.h). */
typedef void gf_kernel(char *const *args, const ptrdiff_t *steps, size_t n, int stream);

#if defined(__GNUC__)
#define GF_ATOMIC_LOAD(x) __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define GF_ATOMIC_STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELEASE)
#else
#define GF_ATOMIC_LOAD(x) (x)
#define GF_ATOMIC_STORE(x, value) ((x) = (value))
#endif

#endif
