/* Checks all float32 numbers: whether each result is the number nearest to the exact value, and the
 * largest error in ULP.
 *
 *   rounding [--step N] [--isa NAME] [--threads N] FUNCTION...
 *
 * For each function of one input and each instruction set it prints how many results are not correctly
 * rounded, the largest error with its input, and a hash of all results. It exits with 1 if an error is
 * above the bound of the row; a bound of 0.5 allows no result that is not correctly rounded.
 *
 * The exact value is first taken in double (rounding_filter.c). Where its error, taken far too large,
 * could change the rounding, quadruple precision decides. That does not show on which side of a tie the
 * functions lie that are x / 2 + c * x^2, c > 0, next to 0: above it. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gelu_c.h"
#include "reference.h"
#include "rounding_filter.h"

enum { BLOCK = 1 << 14, ISAS_MAX = 8, THREADS_MAX = 64 };

typedef struct {
  uint64_t wrong, hash;
  double worst;
  uint32_t worst_bits, first_wrong;
} finding;

typedef struct {
  const gf_row *row;
  const reference *exact;
  filter *fill;
  uint64_t step;
  size_t isa_count;
  const char *isas[ISAS_MAX];
  uint64_t next, quads, count; /* shared by the threads */
  finding found[ISAS_MAX];
  pthread_mutex_t lock;
} job;

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
static uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* The distance of `got` from the exact value in units of the last place of the exact value */
static double error_of(float got, double exact) {
  const double size = fabs(exact) < 0x1p-126 ? 0x1p-126 : fabs(exact);
  return fabs(got - exact) / ldexp(1, ilogb(size) - 23);
}

static int is_half_x(const char *name) {
  static const char *const names[] = {"gelu", "gelu_tanh", "gelu_quick", "silu", NULL};
  const char *base = strncmp(name, "exact_", 6) == 0 ? name + 6 : name;
  for (int i = 0; names[i]; i++)
    if (strcmp(names[i], base) == 0)
      return 1;
  return 0;
}

/* The float32 nearest to the exact value */
static float nearest(const job *all, float x) {
  const quad y = reference_exact(all->exact, x);
  const float rounded = (float)y;
  if (y != x / (quad)2 || fabsf(x) >= 0x1p-100f || !is_half_x(all->row->function->name))
    return rounded;
  return rounded < y ? nextafterf(rounded, INFINITY) : rounded; /* y lies just above x / 2 */
}

static uint64_t mixed(uint64_t hash, uint32_t bits) { return (hash ^ bits) * 0x9e3779b97f4a7c15u; }

static void check_block(job *all, int n, const float *x, const double *approximate, float *want,
                        float *y, finding *found, uint64_t *quads) {
  for (int i = 0; i < n; i++) {
    const double value = approximate[i], size = fabs(value);
    /* Gradients cancel next to their zeros, where the parts are less than 1. */
    const double margin = size * 0x1p-40 + (fabsf(x[i]) > 0.25f && fabsf(x[i]) < 4 ? 0x1p-46 : 0);
    const float low = (float)(value - margin), high = (float)(value + margin);
    const double limit = x[i] < 0 ? all->exact->at_minus_inf : all->exact->at_inf;
    want[i] = low;
    if (size < 0x1p-151 && limit == 0 && fabsf(x[i]) > 1) {
      want[i] = (float)limit; /* with its sign */
    } else if (!(low == high && low != 0 && isfinite(x[i]))) {
      want[i] = x[i] != x[i] ? x[i] : nearest(all, x[i]);
      ++*quads;
    }
  }
  for (size_t k = 0; k < all->isa_count; k++) {
    finding *one = &found[k];
    const float *got = y + k * BLOCK;
    for (int i = 0; i < n; i++) {
      uint32_t bits = bits_of(got[i]);
      if (x[i] != x[i]) {
        one->wrong += got[i] == got[i];
        bits = 0x7fc00000;
      } else if (bits != bits_of(want[i])) {
        const double error = error_of(got[i], isfinite(x[i]) ? approximate[i] : want[i]);
        if (one->wrong++ == 0)
          one->first_wrong = bits_of(x[i]);
        if (!(error <= one->worst)) {
          one->worst = error;
          one->worst_bits = bits_of(x[i]);
        }
      }
      one->hash = mixed(one->hash, bits);
    }
  }
}

static void *run(void *argument) {
  job *all = argument;
  float *x = malloc(BLOCK * sizeof *x), *want = malloc(BLOCK * sizeof *want);
  float *y = malloc(ISAS_MAX * BLOCK * sizeof *y);
  double *approximate = malloc(BLOCK * sizeof *approximate);
  for (;;) {
    finding found[ISAS_MAX] = {{0}};
    uint64_t quads = 0;
    pthread_mutex_lock(&all->lock);
    const uint64_t first = all->next;
    all->next += (uint64_t)BLOCK * all->step;
    int n = 0;
    for (uint64_t bits = first; n < BLOCK && bits < (uint64_t)1 << 32; bits += all->step)
      x[n++] = float_of((uint32_t)bits);
    /* Instruction sets are selected for all threads, so they are used in turns. */
    for (size_t k = 0; k < all->isa_count && n > 0; k++) {
      char *args[] = {(char *)x, (char *)(y + k * BLOCK)};
      const ptrdiff_t steps[] = {sizeof *x, sizeof *y};
      gf_isa_select(all->isas[k]);
      gf_call(all->row, args, steps, (size_t)n);
    }
    pthread_mutex_unlock(&all->lock);
    if (n == 0)
      break;
    all->fill(x, approximate, n);
    for (size_t k = 0; k < all->isa_count; k++)
      found[k].hash = first / all->step;
    check_block(all, n, x, approximate, want, y, found, &quads);
    pthread_mutex_lock(&all->lock);
    all->quads += quads;
    all->count += (uint64_t)n;
    for (size_t k = 0; k < all->isa_count; k++) {
      finding *sum = &all->found[k];
      if (found[k].wrong > 0 && sum->wrong == 0)
        sum->first_wrong = found[k].first_wrong;
      sum->wrong += found[k].wrong;
      sum->hash += found[k].hash; /* the blocks come in any order */
      if (found[k].worst > sum->worst) {
        sum->worst = found[k].worst;
        sum->worst_bits = found[k].worst_bits;
      }
    }
    pthread_mutex_unlock(&all->lock);
  }
  free(x), free(want), free(y), free(approximate);
  return NULL;
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int check(const char *name, uint64_t step, const char *isa, int threads) {
  job all = {.row = gf_row_of(name, GF_F32),
             .exact = reference_of(name),
             .fill = filter_of(name),
             .step = step,
             .lock = PTHREAD_MUTEX_INITIALIZER};
  if (!all.row || !all.exact || all.row->function->nin != 1) {
    fprintf(stderr, "rounding: %s is no function of one input\n", name);
    return 2;
  }
  for (size_t i = 0; i < gf_isa_count(); i++)
    if (gf_isa_available(i) && (!isa || strcmp(gf_isa_name(i), isa) == 0))
      all.isas[all.isa_count++] = gf_isa_name(i);
  const double start = seconds();
  pthread_t started[THREADS_MAX];
  for (int i = 0; i < threads; i++)
    pthread_create(&started[i], NULL, run, &all);
  for (int i = 0; i < threads; i++)
    pthread_join(started[i], NULL);
  int status = all.isa_count == 0;
  for (size_t k = 0; k < all.isa_count; k++) {
    const finding *f = &all.found[k];
    const double worst = f->wrong ? f->worst : 0.5;
    const int is_bad = all.row->bound_ulp == 0.5 ? f->wrong > 0 : !(worst <= all.row->bound_ulp);
    printf(
        "%-20s %-7s %12llu inputs %12llu not nearest, largest error %.4f at %a, hash %016llx%s\n",
        name, all.isas[k], (unsigned long long)all.count, (unsigned long long)f->wrong, worst,
        (double)float_of(f->worst_bits), (unsigned long long)f->hash, is_bad ? "  WRONG" : "");
    if (is_bad)
      printf("    first: %a\n", (double)float_of(f->first_wrong));
    status |= is_bad;
  }
  printf("%-20s %llu decided in quadruple precision, %.0f s\n", name, (unsigned long long)all.quads,
         seconds() - start);
  fflush(stdout);
  return status;
}

int main(int count, char **args) {
  uint64_t step = 1;
  const char *isa = NULL;
  int threads = (int)sysconf(_SC_NPROCESSORS_ONLN), status = 0, i = 1;
  for (; i + 1 < count && strncmp(args[i], "--", 2) == 0; i += 2) {
    if (strcmp(args[i], "--step") == 0)
      step = strtoull(args[i + 1], NULL, 10);
    else if (strcmp(args[i], "--isa") == 0)
      isa = strcmp(args[i + 1], "all") == 0 ? NULL : args[i + 1];
    else if (strcmp(args[i], "--threads") == 0)
      threads = atoi(args[i + 1]);
    else
      break;
  }
  if (i >= count || step == 0 || threads < 1 || threads > THREADS_MAX) {
    fprintf(stderr, "usage: rounding [--step N] [--isa NAME] [--threads N] FUNCTION...\n");
    return 2;
  }
  for (; i < count; i++)
    status |= check(args[i], step, isa, threads);
  return status;
}
