/* The definitions of functions.def in double for many numbers. This file alone may be compiled with
 * -Ofast: the compiler then calls the vector functions of the C library, whose errors of a few ULP are far
 * below what rounding.c allows for. */
#include "rounding_filter.h"

#include <string.h>

#include "words.h"

#define FUNCTION(name, nin, half, definition, ...)                                                 \
  static void fill_##name(const float *in, double *out, int n) {                                   \
    const double pi = (double)PI_QUAD, selu_alpha = (double)SELU_ALPHA,                            \
                 selu_scale = (double)SELU_SCALE, dy = 1;                                          \
    (void)pi, (void)selu_alpha, (void)selu_scale, (void)dy;                                        \
    for (int i = 0; i < n; i++) {                                                                  \
      const double x = in[i];                                                                      \
      out[i] = definition;                                                                         \
    }                                                                                              \
  }
#include "table/each.h"

filter *filter_of(const char *name) {
  static const struct {
    const char *name;
    filter *fill;
  } all[] = {
#define FUNCTION(name, ...) {#name, fill_##name},
#include "table/each.h"
  };
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i].name, name) == 0)
      return all[i].fill;
  return 0;
}
