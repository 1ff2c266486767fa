/* NVRTC has no C headers and compiles C++: this file defines what the kernels need of C and its
 * headers. */
#ifdef __CUDACC__
#pragma nv_diag_suppress 177 /* unused functions */

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef unsigned long long uintptr_t;
typedef long long int64_t;
#define INT64_MAX 0x7fffffffffffffff
#define INFINITY __longlong_as_double(0x7ff0000000000000)
#define FLT_MAX 0x1.fffffep127f
#define FLT_MIN 0x1p-126f
#define FLT_EPSILON 0x1p-23f
#define DBL_MAX 0x1.fffffffffffffp1023
#define DBL_MIN 0x1p-1022
#define DBL_EPSILON 0x1p-52

#endif

#define _Alignas(n) __align__(128) /* a column of pieces lies in one cache line */
#define _Static_assert static_assert
