/* Prints values of the C reference, which tests/accuracy/test_c_reference.py checks with Arb. For
 * each line `NAME X` of the input, where X is a hexadecimal double, it prints `FAST HIGH LOW
 * EXPONENT`: reference_fast(X), and reference_exact(X) = (HIGH + LOW) * 2^EXPONENT. */
#include <math.h>
#include <stdio.h>

#include "reference.h"

int main(void) {
  char name[64];
  double x;
  while (scanf("%63s %la", name, &x) == 2) {
    const reference *f = reference_of(name);
    if (!f) {
      fprintf(stderr, "no function %s\n", name);
      return 2;
    }
    quad exact = reference_exact(f, x);
    int exponent = 0;
    if (exact == exact && exact - exact == 0 && exact != 0) {
      for (; exact < 0.5 && exact > -0.5; exponent--)
        exact *= 2;
      for (; exact >= 1 || exact <= -1; exponent++)
        exact /= 2;
    }
    const double high = (double)exact;
    const double low = isfinite(high) ? (double)(exact - high) : 0;
    printf("%a %a %a %d\n", reference_fast(f, x), high, low, exponent);
  }
  return 0;
}
