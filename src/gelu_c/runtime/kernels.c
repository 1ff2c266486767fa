/* The array of the kernels of one instruction set, in the order of the rows of functions.def. The
 * build compiles this file once per instruction set, with GF_ISA defined to its name. */
#include "runtime/kernel.h"
#include "simd/compiler.h"

#define KERNEL(name, dtype) GF_CONCAT(gf_##name##_##dtype##_, GF_ISA)

#define ROW(name, dtype, ...) extern const gf_kernel KERNEL(name, dtype);
#include "table/each.h"

extern const gf_kernel *const GF_CONCAT(gf_kernels_, GF_ISA)[];
const gf_kernel *const GF_CONCAT(gf_kernels_, GF_ISA)[] = {
#define ROW(name, dtype, ...) &KERNEL(name, dtype),
#include "table/each.h"
};
