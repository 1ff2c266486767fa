#include "reference.h"

#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"
#include "words.h"

/* ---- The definitions, in both precisions */

#define DEFINE(name, T, definition)                                                                \
  static T T##_##name(T dy, T x) {                                                                 \
    const T pi = (T)PI_QUAD, selu_alpha = (T)SELU_ALPHA, selu_scale = (T)SELU_SCALE;               \
    (void)pi, (void)selu_alpha, (void)selu_scale, (void)dy;                                        \
    return definition;                                                                             \
  }
#define FUNCTION(name, nin, half, definition, ...)                                                 \
  DEFINE(name, double, definition) DEFINE(name, quad, definition)
#include "table/each.h"

static reference references[] = {
#define FUNCTION(name, ...) {#name, double_##name, quad_##name, 0, NAN, NAN},
#include "table/each.h"
#undef ROW
};

/* The value at a point, from a text such as "-0.0 at -inf, 1 at inf". */
static double limit_at(const char *limits, double point) {
  for (const char *item = limits; item; item = strchr(item, ',')) {
    item += *item == ',';
    const char *at = strstr(item, " at ");
    if (at && strtod(at + 4, NULL) == point)
      return strtod(item, NULL);
  }
  abort(); /* functions.def must give the value at both infinities */
}

const reference *reference_of(const char *name) {
  for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
    reference *f = &references[i];
    if (strcmp(f->name, name) != 0)
      continue;
    for (size_t k = 0; k < gf_row_count(); k++) {
      const gf_function *function = gf_row_at(k)->function;
      if (strcmp(function->name, name) == 0) {
        f->is_rational =
            strstr(function->definition, "step(") || strstr(function->definition, "max(");
        f->at_minus_inf = limit_at(function->limits, -INFINITY);
        f->at_inf = limit_at(function->limits, INFINITY);
        return f;
      }
    }
  }
  return NULL;
}

static int is_infinity(quad x) { return x == x && x - x != 0; }

/* Whether a value is 0 only because it is too small for the precision. */
static int has_underflowed(const reference *f, quad x, int value_is_zero) {
  return value_is_zero && x != 0 && !f->is_rational;
}

/* Whether the value is taken from the limits in the table: at infinity, and where the value has
 * underflowed, because a sum of two underflowed zeros may have the wrong sign. */
static int is_limit(const reference *f, quad x, int value_is_zero) {
  return is_infinity(x) || has_underflowed(f, x, value_is_zero);
}

static double limit(const reference *f, quad x) { return x < 0 ? f->at_minus_inf : f->at_inf; }

/* A value that has underflowed is not 0, so its product with an infinite dy is infinite. */
static int is_infinite(const reference *f, quad dy, quad x, int value_is_zero) {
  return is_infinity(dy) && !is_infinity(x) && has_underflowed(f, x, value_is_zero);
}

double reference_times_fast(const reference *f, double dy, double x, double value) {
  return dy * (is_infinite(f, dy, x, value == 0) ? copysign(1, value) : value);
}

quad reference_times_exact(const reference *f, quad dy, quad x, quad value) {
  return dy * (is_infinite(f, dy, x, value == 0) ? (quad)copysign(1, (double)value) : value);
}

double reference_fast(const reference *f, double x) {
  const double value = f->in_double(1, x);
  return is_limit(f, x, value == 0) ? limit(f, x) : value;
}

quad reference_exact(const reference *f, quad x) {
  const quad value = f->in_quad(1, x);
  return is_limit(f, x, value == 0) ? limit(f, x) : value;
}
