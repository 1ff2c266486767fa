/* The loop of rational.py, which compiles this file with P0 to P5, Q1 to Q5 and END as macros:
 *
 *     x * (1/2 + c * P(c^2) / Q(c^2)), c = min(max(x, -END), END), Q0 = 1
 *
 * These are 17 operations for a vector, besides its load and store. */
#include <immintrin.h>
#include <stddef.h>
#include <string.h>

/* AT_ONCE: the vectors of one pass, where the loop is fastest on an Intel Xeon */
#ifdef __AVX512F__
typedef __m512 vector;
enum { LANES = 16, AT_ONCE = 2 };
#define OF(name) _mm512_##name##_ps
#else
typedef __m256 vector;
enum { LANES = 8, AT_ONCE = 1 };
#define OF(name) _mm256_##name##_ps
#endif

static const float p[] = {P0, P1, P2, P3, P4, P5}, q[] = {1, Q1, Q2, Q3, Q4, Q5};

static inline vector polynomial(vector s, const float *c) {
  vector sum = OF(set1)(c[5]);
  for (int k = 4; k >= 0; k--)
    sum = OF(fmadd)(sum, s, OF(set1)(c[k]));
  return sum;
}

static inline vector rational(vector x) {
  const vector c = OF(min)(OF(max)(x, OF(set1)(-END)), OF(set1)(END)), s = OF(mul)(c, c);
  const vector ratio = OF(div)(OF(mul)(c, polynomial(s, p)), polynomial(s, q));
  return OF(mul)(x, OF(add)(ratio, OF(set1)(0.5f)));
}

static inline void pass(const float *x, float *y) {
  vector results[AT_ONCE];
  for (int k = 0; k < AT_ONCE; k++)
    results[k] = rational(OF(loadu)(x + k * LANES));
  for (int k = 0; k < AT_ONCE; k++)
    OF(storeu)(y + k * LANES, results[k]);
}

void apply(const float *x, float *y, size_t n) {
  enum { STEP = AT_ONCE * LANES };
  size_t i = 0;
  for (; i + STEP <= n; i += STEP)
    pass(x + i, y + i);
  if (i < n) {
    float rest[STEP] = {0};
    memcpy(rest, x + i, (n - i) * sizeof *x);
    pass(rest, rest);
    memcpy(y + i, rest, (n - i) * sizeof *x);
  }
}
