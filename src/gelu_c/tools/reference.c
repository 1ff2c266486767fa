#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"

#if LDBL_MANT_DIG == 113
#define QUAD(name) name##l
#define PI_QUAD 3.14159265358979323846264338327950288L
#else
/* libquadmath; its header is in no place where Clang would look */
quad erfq(quad), erfcq(quad), expq(quad), sqrtq(quad), tanhq(quad);
#define QUAD(name) name##q
#define PI_QUAD 3.14159265358979323846264338327950288Q
#endif

/* ---- The words of a definition, for a double x and for a quad x */

#define WORD(name, x) _Generic((x), double : name, quad : QUAD(name))(x)
#define erf(x) WORD(erf, x)
#define erfc(x) WORD(erfc, x)
#define exp(x) WORD(exp, x)
#define sqrt(x) WORD(sqrt, x)
#define tanh(x) WORD(tanh, x)
#define Phi(x) _Generic((x), double : Phi_double, quad : Phi_quad)(x)
#define phi(x) _Generic((x), double : phi_double, quad : phi_quad)(x)
#define sigmoid(x) _Generic((x), double : sigmoid_double, quad : sigmoid_quad)(x)
#define sigmoid_grad(x) (sigmoid(x) * sigmoid(-(x)))

#define DEFINE_WORDS(T)                                                                            \
  static T Phi_##T(T x) { return erfc(-x / sqrt((T)2)) / 2; }                                      \
  static T phi_##T(T x) { return exp(-x * x / 2) / sqrt(2 * (T)PI_QUAD); }                         \
  static T sigmoid_##T(T x) { return 1 / (1 + exp(-x)); }
DEFINE_WORDS(double)
DEFINE_WORDS(quad)

/* ---- The definitions, in both precisions */

#define DEFINE_1(name, T, definition)                                                              \
  static T T##_##name(T x) {                                                                       \
    const T pi = (T)PI_QUAD;                                                                       \
    (void)pi;                                                                                      \
    return definition;                                                                             \
  }
/* dy times a function of x: that function */
#define DEFINE_2(name, T, definition)                                                              \
  static T T##_##name(T x) {                                                                       \
    const T pi = (T)PI_QUAD, dy = 1;                                                               \
    (void)pi;                                                                                      \
    return definition;                                                                             \
  }
#define FUNCTION(name, nin, half, definition, ...)                                                 \
  DEFINE_##nin(name, double, definition) DEFINE_##nin(name, quad, definition)
#define ROW(...)
#include "functions.def"
#undef FUNCTION

static reference references[] = {
#define FUNCTION(name, ...) {#name, double_##name, quad_##name, NAN, NAN},
#include "functions.def"
#undef FUNCTION
#undef ROW
};

/* The value of a text like "-0.0 at -inf, 1 at inf" at a point. */
static double limit_at(const char *limits, double point) {
  for (const char *item = limits; item; item = strchr(item, ',')) {
    item += *item == ',';
    const char *at = strstr(item, " at ");
    if (at && strtod(at + 4, NULL) == point)
      return strtod(item, NULL);
  }
  abort(); /* functions.def says what every function is at both infinities */
}

const reference *reference_of(const char *name) {
  for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
    reference *f = &references[i];
    if (strcmp(f->name, name) != 0)
      continue;
    for (size_t k = 0; k < gf_row_count(); k++) {
      const gf_function *row = gf_row_at(k)->function;
      if (strcmp(row->name, name) == 0) {
        f->at_minus_inf = limit_at(row->limits, -INFINITY);
        f->at_inf = limit_at(row->limits, INFINITY);
        return f;
      }
    }
  }
  return NULL;
}

/* Beyond the range of the precision every function has its limit: a sum of two zeros that have
 * underflowed does not know its sign. */
static int is_limit(double x, int value_is_zero) { return isinf(x) || (value_is_zero && x != 0); }

static double limit(const reference *f, double x) { return x < 0 ? f->at_minus_inf : f->at_inf; }

/* Where a function has underflowed its value is still no zero, so an infinite dy makes an infinity. */
static int is_infinite(double dy, double x, int value_is_zero) {
  return value_is_zero && isinf(dy) && !isinf(x);
}

double reference_times_fast(double dy, double x, double value) {
  return dy * (is_infinite(dy, x, value == 0) ? copysign(1, value) : value);
}

quad reference_times_exact(double dy, double x, quad value) {
  return dy * (is_infinite(dy, x, value == 0) ? (quad)copysign(1, (double)value) : value);
}

double reference_fast(const reference *f, double x) {
  const double value = f->in_double(x);
  return is_limit(x, value == 0) ? limit(f, x) : value;
}

quad reference_exact(const reference *f, double x) {
  const quad value = f->in_quad(x);
  return is_limit(x, value == 0) ? limit(f, x) : value;
}
