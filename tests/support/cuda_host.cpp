/* The source of a GPU kernel (gelu_fast/cuda/_source.py) as C++ for the CPU: the parts of CUDA that
 * it needs, the source itself, and functions that run its kernels, one thread of the grid after
 * another.
 *
 *     g++ -std=gnu++14 -ffp-contract=off -DSOURCE='"gelu-float32.cu"' -shared -fPIC \
 *       cuda_host.cpp */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define __global__
#define __grid_constant__
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

static struct { unsigned x, y; } blockIdx, threadIdx, blockDim, gridDim;

static inline double __dadd_rn(double x, double y) { return x + y; }
static inline double __dsub_rn(double x, double y) { return x - y; }
static inline double __dmul_rn(double x, double y) { return x * y; }
static inline double __ddiv_rn(double x, double y) { return x / y; }
static inline double __fma_rn(double x, double y, double z) { return __builtin_fma(x, y, z); }

#include SOURCE

/* size: x and y of the grid, then x and y of a block */
static void run(void (*kernel)(layout), const unsigned *size, const layout *all) {
  gridDim = {size[0], size[1]};
  blockDim = {size[2], size[3]};
  for (blockIdx.y = 0; blockIdx.y < gridDim.y; blockIdx.y++)
    for (blockIdx.x = 0; blockIdx.x < gridDim.x; blockIdx.x++)
      for (threadIdx.y = 0; threadIdx.y < blockDim.y; threadIdx.y++)
        for (threadIdx.x = 0; threadIdx.x < blockDim.x; threadIdx.x++)
          kernel(*all);
}

#define DEFINE_RUN(kind)                                                                           \
  extern "C" void GF_CONCAT(run_, KERNEL(kind))(const unsigned *size, const layout *all) {         \
    run(KERNEL(kind), size, all);                                                                  \
  }                                                                                                \
  extern "C" size_t GF_CONCAT(size_of_layout_, KERNEL(kind))(void) { return sizeof(layout); }
DEFINE_RUN(vectors)
DEFINE_RUN(elements)
