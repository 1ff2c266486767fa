/* The words of the definitions in functions.def, as macros for double and for quad arguments. */
#ifndef GF_WORDS_H
#define GF_WORDS_H

#include <math.h>

#include "reference.h"

#if LDBL_MANT_DIG == 113
#define QUAD(name) name##l
#define CONSTANT(digits) digits##L
#else
/* Declared here, because Clang does not find the header of libquadmath. */
quad erfq(quad), erfcq(quad), expq(quad), expm1q(quad), logq(quad), log1pq(quad), sqrtq(quad);
quad tanhq(quad);
#define QUAD(name) name##q
#define CONSTANT(digits) digits##Q
#endif

#define PI_QUAD CONSTANT(3.14159265358979323846264338327950288)
#define SELU_ALPHA CONSTANT(1.6732632423543772848170429916717)
#define SELU_SCALE CONSTANT(1.0507009873554804934193349852946)

/* ---- The words of a definition, for double and for quad arguments */

#define WORD(name, x) _Generic((x), double : name, quad : QUAD(name))(x)
#define erf(x) WORD(erf, x)
#define erfc(x) WORD(erfc, x)
#define exp(x) WORD(exp, x)
#define expm1(x) WORD(expm1, x)
#define log(x) WORD(log, x)
#define log1p(x) WORD(log1p, x)
#define sqrt(x) WORD(sqrt, x)
#define tanh(x) WORD(tanh, x)
#define Phi(x) _Generic((x), double : Phi_double, quad : Phi_quad)(x)
#define phi(x) _Generic((x), double : phi_double, quad : phi_quad)(x)
#define sigmoid(x) _Generic((x), double : sigmoid_double, quad : sigmoid_quad)(x)
#define sigmoid_grad(x) (sigmoid(x) * sigmoid(-(x)))
#define step(x) _Generic((x), double : step_double, quad : step_quad)(x)
#define max(x, y) _Generic((x), double : max_double, quad : max_quad)(x, y)
#define min(x, y) _Generic((x), double : min_double, quad : min_quad)(x, y)
#define softplus(x) _Generic((x), double : softplus_double, quad : softplus_quad)(x)

#define log_Phi(x) _Generic((x), double : log_Phi_double, quad : log_Phi_quad)(x)
#define phi_over_Phi(x) _Generic((x), double : phi_over_Phi_double, quad : phi_over_Phi_quad)(x)

/* Below -10, phi / Phi is the continued fraction of Laplace, a + 1 / (a + 2 / (...)), a = -x. */
#define DEFINE_WORDS(T)                                                                            \
  static inline T Phi_##T(T x) { return erfc(-x / sqrt((T)2)) / 2; }                               \
  static inline T phi_##T(T x) { return exp(-x * x / 2) / sqrt(2 * (T)PI_QUAD); }                  \
  static inline T sigmoid_##T(T x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }   \
  static inline T step_##T(T x) { return x > 0 ? 1 : x <= 0 ? 0 : x; }                             \
  static inline T max_##T(T x, T y) {                                                              \
    return x < y ? y : x;                                                                          \
  } /* x if they are equal: a zero keeps its sign */                                               \
  static inline T min_##T(T x, T y) { return x > y ? y : x; }                                      \
  static inline T softplus_##T(T x) { return max_##T(x, 0) + log1p(exp(x < 0 ? x : -x)); }         \
  static inline T phi_over_Phi_##T(T x) {                                                          \
    T ratio = -x;                                                                                  \
    if (x > -10)                                                                                   \
      return phi_##T(x) / Phi_##T(x);                                                              \
    for (int k = 20; k > 0; k--)                                                                   \
      ratio = k / ratio - x;                                                                       \
    return ratio;                                                                                  \
  }                                                                                                \
  static inline T log_Phi_##T(T x) {                                                               \
    return x > 0     ? log1p(-Phi_##T(-x))                                                         \
           : x > -10 ? log(Phi_##T(x))                                                             \
                     : -x * x / 2 - log(sqrt(2 * (T)PI_QUAD) * phi_over_Phi_##T(x));               \
  }
DEFINE_WORDS(double)
DEFINE_WORDS(quad)

#endif
