/* Where functions end in float and in double: the numbers that differ between the two. */
#ifndef GF_RANGES_H
#define GF_RANGES_H

#include <float.h>

#ifdef REAL_IS_FLOAT
#define REAL_MAX FLT_MAX
#define REAL_MIN FLT_MIN
#define REAL_EPSILON FLT_EPSILON
/* From these on gelu, gelu_tanh and softplus are x, ndtr is 1, and erfc(-a) is 2. */
static const real GELU_SATURATES = 5.36f, GELU_TANH_SATURATES = 5.0f, NDTR_SATURATES = 5.43f,
                  SOFTPLUS_SATURATES = 14.56f, ERFC_SATURATES = 3.835f;
enum {
  /* exp(-a^2/2) and similar functions have underflowed at these a; at those named GRAD, their
   * products with any number have too. */
  NORMAL_MAX = 15,
  NORMAL_GRAD_MAX = 20,
  ERFC_MAX = 11,
  TANH_GRAD_MAX = 14,
  SIGMOID_MAX = 120,
  SIGMOID_GRAD_MAX = 200,
  EXP_GRAD_MAX = 200,
  EXP_TAIL = -80,  /* exp is a normal number down to here */
  MISH_TAIL = -60, /* see mish_terms.h */
  MISH_SATURATES = 12,
  SHOWS_BESIDE_ONE = -100, /* smaller powers of two are negligible beside 1 */
  UNDERFLOWS = -200,       /* 2^-200 times a factor near 1 underflows to 0 */
  UNDERFLOWS_MOVED = -250, /* the same with a factor of up to 2^60 */
  FAR = 60,                /* factors beyond 2^+-FAR are multiplied by 2^-+MOVE */
  MOVE = 100
};
#else
#define REAL_MAX DBL_MAX
#define REAL_MIN DBL_MIN
#define REAL_EPSILON DBL_EPSILON
static const real GELU_SATURATES = 8.23, GELU_TANH_SATURATES = 7.15, NDTR_SATURATES = 8.31,
                  SOFTPLUS_SATURATES = 33.28, ERFC_SATURATES = 5.87;
enum {
  NORMAL_MAX = 40,
  NORMAL_GRAD_MAX = 55,
  ERFC_MAX = 28,
  TANH_GRAD_MAX = 28,
  SIGMOID_MAX = 800,
  SIGMOID_GRAD_MAX = 1500,
  EXP_GRAD_MAX = 1500,
  EXP_TAIL = -700,
  MISH_TAIL = -600,
  MISH_SATURATES = 22,
  SHOWS_BESIDE_ONE = -1000,
  UNDERFLOWS = -2000,
  UNDERFLOWS_MOVED = -2000,
  FAR = 400,
  MOVE = 700
};
#endif

#endif
