/* The functions of one number, gf_gelu_f16_1 and so on, in the order of the rows, called alike. */
#ifndef SINGLES_H
#define SINGLES_H

#include "gelu_c.h"

/* args: the addresses of one element each */
#define IN(T, k) (*(const T *)args[k])
#define SINGLE_1_1(T, name) *(T *)args[1] = name(IN(T, 0))
#define SINGLE_2_1(T, name) *(T *)args[2] = name(IN(T, 0), IN(T, 1))
#define SINGLE_3_1(T, name) *(T *)args[3] = name(IN(T, 0), IN(T, 1), IN(T, 2))
#define SINGLE_3_2(T, name) name(IN(T, 0), IN(T, 1), IN(T, 2), (T *)args[3], (T *)args[4])
#define ONE(name, dtype, suffix, T, single)                                                        \
  static void one_##name##_##dtype(char *const *args) { single(T, gf_##name##_##suffix##_1); }
#define ONE_EXACT(name, single)                                                                    \
  ONE(name, F16, f16, gf_float16, single)                                                          \
  ONE(name, BF16, bf16, gf_bfloat16, single)                                                       \
  ONE(name, F32, f32, float, single)
#define ONE_ALL(name, single) ONE_EXACT(name, single) ONE(name, F64, f64, double, single)
#define EXACT(name, base, nin, ...) ONE_EXACT(name, SINGLE_##nin##_1)
#define FUNCTION(name, nin, ...) ONE_ALL(name, SINGLE_##nin##_1)
#define COMPOUND(name, nin, nout, ...) ONE_ALL(name, SINGLE_##nin##_##nout)
#include "table/each.h"

typedef void single_function(char *const *args);
static single_function *const single[] = {
#define ROW(name, dtype, ...) one_##name##_##dtype,
#include "table/each.h"
};

#undef IN
#undef ONE
#undef ONE_ALL
#undef ONE_EXACT

#endif
