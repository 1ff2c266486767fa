/* Prints the time of C calls in a loop, in ns: a line "function dtype length flags ns" for each.
 * calls.py builds it. `raised`: the caller's arithmetic has raised the inexact flag, as it soon does
 * in a program; `clear`: no flag is raised, as in a loop of NumPy; `single`: the functions of one
 * number. */
#define _POSIX_C_SOURCE 199309L
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gelu_c.h"

enum { MOST = 1000, CALLS = 2000, TRIALS = 100 };

static _Alignas(64) double operands[3][MOST];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void set_flags(int raised) {
  feclearexcept(FE_ALL_EXCEPT);
  if (raised) { /* by arithmetic, because feraiseexcept may use another register */
    volatile float third = 1.0f;
    third = third / 3.0f;
  }
}

static double least(const gf_row *row, size_t n, int raised) {
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype), steps[] = {size, size, size};
  char *args[] = {(char *)operands[0], (char *)operands[1], (char *)operands[2]};
  double best = 1e9;
  for (int trial = 0; trial < TRIALS; trial++) {
    const double start = now();
    set_flags(raised);
    for (int k = 0; k < CALLS; k++)
      gf_call(row, args, steps, n);
    const double time = (now() - start) / CALLS;
    best = time < best ? time : best;
  }
  return best;
}

#define TIME_SINGLE(name, T)                                                                       \
  for (int raised = 0; raised < 2; raised++) {                                                     \
    volatile T x = (T)0.7, y;                                                                      \
    double best = 1e9;                                                                             \
    for (int trial = 0; trial < TRIALS; trial++) {                                                 \
      const double start = now();                                                                  \
      set_flags(raised);                                                                           \
      for (int k = 0; k < CALLS; k++)                                                              \
        y = name(x);                                                                               \
      const double time = (now() - start) / CALLS;                                                 \
      best = time < best ? time : best;                                                            \
    }                                                                                              \
    (void)y;                                                                                       \
    printf("%s single 1 %s %.1f\n", #name, raised ? "raised" : "clear", best);                     \
  }

int main(int argc, char **argv) {
  static const char *const dtypes[] = {"float16", "bfloat16", "float32", "float64"};
  static const size_t lengths[] = {0, 1, 5, 16, 17, 33, 100, MOST};
  if (argc > 1 && gf_isa_select(argv[1]))
    return 1;
  for (size_t i = 0; i < gf_row_count(); i++)
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++)
      for (int raised = 0; raised < 2; raised++) {
        const gf_row *row = gf_row_at(i);
        printf("%s %s %zu %s %.1f\n", row->function->name, dtypes[row->dtype], lengths[l],
               raised ? "raised" : "clear", least(row, lengths[l], raised));
      }
  TIME_SINGLE(gf_gelu_f32_1, float)
  TIME_SINGLE(gf_gelu_f64_1, double)
  return 0;
}
