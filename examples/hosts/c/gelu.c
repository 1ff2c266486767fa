/* Prints gelu of a few numbers, and its error bound. examples/hosts/README.md says how to build it. */
#include <stdio.h>

#include "gelu_c.h"

int main(void) {
  const float x[] = {-4, -1, 0, 2};
  float y[4];
  gf_gelu_f32(x, y, 4);
  for (int i = 0; i < 4; i++)
    printf("%.9g %.9g\n", x[i], y[i]);
  const gf_row *row = gf_row_of("gelu", GF_F32);
  printf("errors are below %g ULP with %s\n", row->bound_ulp, gf_isa());
  return 0;
}
