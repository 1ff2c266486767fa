/* Checks that every function of dy and x gives the correctly rounded result for all 2^32 pairs of
 * float16 numbers, and of bfloat16 numbers:
 *
 *     python src/gelu_c/build_core.py build/libgelu_c.a
 *     cd src/gelu_c/tools/check
 *     cc -O2 -I../../include -I../.. -o all_pairs all_pairs.c inputs.c reference.c \
 *       ../../../../build/libgelu_c.a -lquadmath -lm -pthread
 *     ./all_pairs --function gelu_backward --dtype bf16 --isa avx2
 *
 * Leave out -lquadmath if long double is binary128, as on aarch64. The status is 1 if a result is
 * wrong or a named instruction set cannot run here, 2 for a wrong option.
 *
 * A result is right if the exact product lies between the two points halfway to its neighbours, or
 * is one of them and the result is even. The check rounds nothing: the product in double decides,
 * unless it is close to such a point; then the product in quad decides. */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"
#include "inputs.h"
#include "reference.h"
#include "ulp.h"

enum { PATTERNS = 65536, SIZES = PATTERNS / 2, BLOCK = 1024, SHOWN = 5, ISAS_MAX = 16 };

/* For the dtype being checked: the number of each pattern, and for each pattern without a sign the
 * points halfway to its neighbours. For infinity that is where numbers begin to round to it. */
static double numbers[PATTERNS], lower[SIZES], upper[SIZES];

static void fill_numbers(gf_dtype dtype) {
  for (size_t i = 0; i < PATTERNS; i++) {
    const uint16_t pattern = (uint16_t)i;
    numbers[i] = input_as_double(dtype, &pattern, 0);
  }
  double halfway = -INFINITY; /* no number is too small to round to 0 */
  for (size_t i = 0; i < SIZES; i++) {
    lower[i] = halfway;
    const double next = numbers[i + 1];
    halfway = isinf(next)   ? (double)overflow(dtype)
              : isnan(next) ? INFINITY
                            : (numbers[i] + next) / 2;
    upper[i] = halfway;
  }
}

/* ---- One pair, in quad */

/* The factor of dy: f(x). */
typedef struct {
  const reference *f;
  quad at_zero;       /* f(0) */
  int beside_zero[2]; /* on the right and left of 0: 1 if f is above f(0), -1 below, 0 equal */
  uint16_t pattern;
  double x;
  quad value;
} factor;

static factor factor_of(const reference *f) {
  const quad at_zero = reference_exact(f, 0);
  const quad right = reference_exact(f, 0x1p-30), left = reference_exact(f, -0x1p-30);
  const int beside_right = (right > at_zero) - (right < at_zero);
  const int beside_left = (left > at_zero) - (left < at_zero);
  return (factor){.f = f, .at_zero = at_zero, .beside_zero = {beside_right, beside_left}};
}

static void set_x(factor *f, uint16_t pattern) {
  f->pattern = pattern;
  f->x = numbers[pattern];
  f->value = reference_exact(f->f, f->x);
}

static quad size_of(quad q) { return q < 0 ? -q : q; }

/* -1, 0 or 1: the size of the exact product is below, equal to or above a point. */
static int compare(double dy, const factor *f, double point) {
  const quad size = size_of(reference_times_exact(f->f, dy, f->x, f->value));
  if (isinf(point))
    return size < point ? -1 : size > point;
  if (size_of(size - point) > size_of(point) * (quad)0x1p-90)
    return size < point ? -1 : 1;
  /* The product is too close for quad to decide. Either it is a quotient that equals the point, or
   * f(x) is almost f(0) and dy * f(0) is the point, or f(x) is almost -x, like phi(x) / Phi(x),
   * which is a little larger, and dy * -x is the point. */
  const int is_exact = f->f->is_rational && (fabs(f->x) >= 0x1p-80 || f->at_zero == 0);
  if (is_exact && size_of(f->f->in_quad(dy, f->x)) == point)
    return 0;
  if (fabs(f->x) < 0x1p-40 && size_of(dy * f->at_zero) == point)
    return f->x == 0 ? 0 : f->beside_zero[f->x < 0] * (f->at_zero > 0 ? 1 : -1);
  const quad minus_x = -(quad)f->x;
  if (size_of(f->value - minus_x) < minus_x * (quad)0x1p-70 && size_of(dy * minus_x) == point)
    return 1;
  fprintf(stderr, "all_pairs: %s(%a, %a) is too near to %a to tell\n", f->f->name, dy, f->x, point);
  exit(2);
}

static int is_right(double dy, const factor *f, uint16_t result) {
  const quad want = reference_times_exact(f->f, dy, f->x, f->value);
  const double got = numbers[result];
  if (want != want || isnan(got))
    return want != want && isnan(got);
  if (!signbit(got) != !signbit((double)want))
    return 0;
  const int size = result % SIZES, even = size % 2 == 0;
  const int from_lower = compare(dy, f, lower[size]), from_upper = compare(dy, f, upper[size]);
  return from_lower >= !even && from_upper <= -!even;
}

/* ---- All pairs */

typedef struct {
  uint64_t pairs, wrong;
} findings;

static void show(const gf_row *row, double dy, const factor *f, uint16_t result) {
  const double want = (double)reference_times_exact(f->f, dy, f->x, f->value);
  printf("  %s(%a, %a): got %a, of %a\n", row->function->name, dy, f->x, numbers[result], want);
}

/* Checks one x with every step-th dy; the first dy differs from x to x. */
static void check_x(const gf_row *row, const factor *f, size_t step, findings *found) {
  static uint16_t dy[PATTERNS], results[PATTERNS];
  size_t n = 0;
  for (size_t pattern = f->pattern % step; pattern < PATTERNS; pattern += step)
    dy[n++] = (uint16_t)pattern;
  uint16_t x = f->pattern;
  char *const args[] = {(char *)dy, (char *)&x, (char *)results};
  const ptrdiff_t steps[] = {sizeof *dy, 0, sizeof *results};
  memset(results, 0x55, n * sizeof *results);
  gf_call(row, args, steps, n);

  const double value = (double)f->value;
  const int negative = signbit(value) != 0;
  for (size_t i = 0; i < n; i++) {
    /* `between` is false if a NaN or an infinite dy is involved. */
    const double size = fabs(numbers[dy[i]] * value);
    const int between = lower[results[i] % SIZES] < size * (1 - 0x1p-50) &&
                        size * (1 + 0x1p-50) < upper[results[i] % SIZES];
    if (between && (dy[i] ^ results[i]) >> 15 == negative)
      continue;
    if (is_right(numbers[dy[i]], f, results[i]))
      continue;
    if (found->wrong++ < SHOWN)
      show(row, numbers[dy[i]], f, results[i]);
  }
  found->pairs += n;
}

/* Returns 1 if a result is wrong on one of the instruction sets. It changes them after a block of x,
 * because that takes time, and so do exact values. */
static int check(const gf_row *row, const char *const *isas, size_t count, size_t step) {
  static factor f[BLOCK];
  const factor first = factor_of(reference_of(row->function->name));
  findings found[ISAS_MAX] = {{0, 0}};
  int wrong = 0;
  for (size_t x = 0; x < PATTERNS; x += BLOCK) {
    for (size_t i = 0; i < BLOCK; i++) {
      f[i] = first;
      set_x(&f[i], (uint16_t)(x + i));
    }
    for (size_t k = 0; k < count; k++) {
      gf_isa_select(isas[k]);
      for (size_t i = 0; i < BLOCK; i++)
        check_x(row, &f[i], step, &found[k]);
    }
  }
  for (size_t k = 0; k < count; k++) {
    printf("%-18s %-4s %-7s %" PRIu64 " of %" PRIu64 " pairs wrong\n", row->function->name,
           gf_formats[row->dtype].name, isas[k], found[k].wrong, found[k].pairs);
    wrong |= found[k].wrong > 0;
  }
  fflush(stdout);
  return wrong;
}

/* ---- Options */

static int usage(void) {
  fputs(
      "usage: all_pairs [--isa NAME|all] [--function NAME|all] [--dtype f16|bf16|all] [--step N]\n"
      "  --step N    every Nth of the 65,536 dy (default 1)\n",
      stderr);
  return 2;
}

static int wanted(const char *option, const char *name) {
  return strcmp(option, "all") == 0 || strcmp(option, name) == 0;
}

int main(int argc, char **argv) {
  const char *isa = "all", *function = "all", *type = "all", *step_text = "1";
  static const struct option names[] = {{"isa", 1, NULL, 'i'},
                                        {"function", 1, NULL, 'f'},
                                        {"dtype", 1, NULL, 'd'},
                                        {"step", 1, NULL, 's'},
                                        {NULL, 0, NULL, 0}};
  for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    if (option == '?')
      return usage();
    *(option == 'i'   ? &isa
      : option == 'f' ? &function
      : option == 'd' ? &type
                      : &step_text) = optarg;
  }
  char *end;
  const long step = strtol(step_text, &end, 10);
  if (optind < argc || *end != '\0' || step < 1 || step > PATTERNS)
    return usage();

  const char *isas[ISAS_MAX];
  size_t count = 0;
  for (size_t k = 0; k < gf_isa_count() && count < ISAS_MAX; k++)
    if (wanted(isa, gf_isa_name(k)) && gf_isa_available(k))
      isas[count++] = gf_isa_name(k);
  int checked = 0, wrong = 0;
  for (size_t i = 0; i < gf_row_count(); i++) {
    const gf_row *row = gf_row_at(i);
    const char *name = gf_formats[row->dtype].name;
    if (row->function->is_compound || row->function->nin != 2 || gf_dtype_size(row->dtype) != 2 ||
        !wanted(function, row->function->name) || !wanted(type, name))
      continue;
    fill_numbers(row->dtype);
    wrong |= check(row, isas, count, (size_t)step);
    checked += count > 0;
  }
  if (checked == 0) {
    fprintf(stderr,
            "all_pairs: nothing to check: function '%s', dtype '%s', instruction set '%s'\n",
            function, type, isa);
    return 1;
  }
  return wrong;
}
