/* hard_candidates NAME: prints the bits of the float32 numbers at which the float64 kernel of a
 * function comes near to a point halfway between two numbers of float32: a line of
 * tools/fit/hard_candidates.txt, which hard_cases.py settles. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"

enum { BLOCK = 1 << 16 };

/* In ULP of double: more than what is printed (NEAR in hard_cases.py) and the kernel's error together */
static const int64_t NEAR = 40;

/* Next to 0 some functions are x / 2 + c * x^2; loops/settle.h knows on which side these lie. */
static int is_near(double x, double y) {
  const double size = fabs(y), least = 0x1p-126, raised = size < least ? size + least : size;
  int64_t bits;
  memcpy(&bits, &raised, sizeof bits);
  const int64_t from_half = (bits & ((1 << 29) - 1)) - (1 << 28);
  const int is_half_x = fabs(x) < 0x1p-60 && y == x / 2;
  return size < INFINITY && llabs(from_half) <= NEAR && !is_half_x;
}

int main(int count, char **args) {
  const gf_row *row = count == 2 ? gf_row_of(args[1], GF_F64) : NULL;
  if (!row || row->function->nin != 1) {
    fprintf(stderr, "usage: hard_candidates NAME, a function of one input\n");
    return 2;
  }
  static double x[BLOCK], y[BLOCK];
  char *operands[] = {(char *)x, (char *)y};
  const ptrdiff_t steps[] = {sizeof(double), sizeof(double)};
  for (uint64_t first = 0; first < (uint64_t)1 << 32; first += BLOCK) {
    for (int i = 0; i < BLOCK; i++) {
      const uint32_t bits = (uint32_t)(first + (uint64_t)i);
      float number;
      memcpy(&number, &bits, sizeof number);
      x[i] = number;
    }
    gf_call(row, operands, steps, BLOCK);
    for (int i = 0; i < BLOCK; i++)
      if (is_near(x[i], y[i]))
        printf("%08x\n", (unsigned)(first + (uint64_t)i));
  }
  return 0;
}
