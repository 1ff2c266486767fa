#include "seeds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ulp.h"

static void add(seeds *found, gf_dtype dtype, double x, int is_special) {
  if (!isfinite(x))
    return;
  if (found->count + 2 > found->room) {
    const size_t room = 2 * found->room + 1024;
    seed *more = realloc(found->at, room * sizeof *more);
    if (!more) {
      fputs("search_worst: out of memory\n", stderr);
      exit(2);
    }
    found->at = more;
    found->room = room;
  }
  const double number = rounded_to(dtype, x);
  found->at[found->count++] = (seed){number, is_special};
  found->at[found->count++] = (seed){-number, is_special};
}

/* ---- Numbers of the tables */

/* Where the number of the piece changes between two ordinals; the piece is that of piecewise.h. */
typedef struct {
  double start, rate, curve;
  unsigned shift;
} piece_map;

static uint64_t piece_at(const piece_map *map, gf_dtype dtype, int64_t ordinal) {
  const double a = number_at(dtype, ordinal);
  if (dtype == GF_F32) {
    const float x = (float)a,
                k = fmaf(x, fmaf(x, (float)map->curve, (float)map->rate), (float)map->start);
    uint32_t bits;
    memcpy(&bits, &k, sizeof bits);
    return bits >> map->shift;
  }
  const double k = fma(a, fma(a, map->curve, map->rate), map->start);
  uint64_t bits;
  memcpy(&bits, &k, sizeof bits);
  return bits >> map->shift;
}

static void add_borders(seeds *found, const piece_map *map, gf_dtype dtype, int64_t below,
                        int64_t above) {
  if (piece_at(map, dtype, below) == piece_at(map, dtype, above))
    return;
  if (above - below == 1) {
    add(found, dtype, number_at(dtype, below), 1);
    return;
  }
  const int64_t middle = below + (above - below) / 2;
  add_borders(found, map, dtype, below, middle);
  add_borders(found, map, dtype, middle, above);
}

/* The lines of table_seeds.py about a function. The 16-bit types are computed in wider ones. */
static int add_from_file(seeds *found, const target *t, const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) {
    perror(path);
    return -1;
  }
  const gf_dtype computed = t->dtype == GF_F64 ? GF_F64 : GF_F32;
  char line[512], name[64], dtype[8], kind[16];
  int at;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%63s %7s %15s %n", name, dtype, kind, &at) != 3 ||
        (strcmp(name, t->row->function->name) != 0 && strcmp(name, "all") != 0) ||
        strcmp(dtype, gf_formats[computed].name) != 0)
      continue;
    double lo, limit, x;
    piece_map map;
    if (strcmp(kind, "number") == 0 && sscanf(line + at, "%la", &x) == 1)
      add(found, t->dtype, x, 1);
    if (strcmp(kind, "pieces") == 0 && sscanf(line + at, "%la %la %la %la %la %u", &lo, &limit,
                                              &map.start, &map.rate, &map.curve, &map.shift) == 6) {
      const int64_t first = ordinal_of(computed, lo), last = ordinal_of(computed, limit);
      seeds borders = {0};
      add_borders(&borders, &map, computed, first, 0);
      add_borders(&borders, &map, computed, 0, last);
      for (size_t i = 0; i < borders.count; i++)
        add(found, t->dtype, borders.at[i].x, 1);
      free(borders.at);
      add(found, t->dtype, lo, 1);
      add(found, t->dtype, limit, 1);
    }
  }
  fclose(file);
  return 0;
}

/* lo, hi and worst of the function, or of the functions that a compound calls; the interval. */
static void add_from_table(seeds *found, const target *t) {
  found->lo = INFINITY;
  found->hi = -INFINITY;
  for (size_t i = 0; i < gf_row_count(); i++) {
    const gf_row *row = gf_row_at(i);
    char call[64];
    snprintf(call, sizeof call, "%s(", row->function->name);
    if (row->dtype != t->dtype || row->function->is_compound ||
        (row->function != t->row->function &&
         !(t->row->function->is_compound && strstr(t->row->function->definition, call))))
      continue;
    add(found, t->dtype, row->lo, 1);
    add(found, t->dtype, row->hi, 1);
    add(found, t->dtype, row->worst, 1);
    found->lo = fmin(found->lo, isfinite(row->lo) ? row->lo : -fabs(row->hi));
    found->hi = fmax(found->hi, isfinite(row->hi) ? row->hi : fabs(row->lo));
  }
  const double far = t->dtype == GF_F64 ? 760 : 110; /* where exp underflows */
  if (!(found->lo < found->hi && isfinite(found->lo) && isfinite(found->hi))) {
    found->lo = -far;
    found->hi = far;
  }
}

/* Where n ln 2 is halfway between two phases of a tail, exp(-phase(a)): its exponent changes. */
static void add_tail_exponents(seeds *found, const target *t, int stride) {
  const double most = t->dtype == GF_F64 ? 2200 : 600;
  for (double n = 0.5; n < most; n += stride) {
    const double phase = n * 0x1.62e42fefa39efp-1;
    add(found, t->dtype, phase, 0);
    add(found, t->dtype, phase / 2, 0);
    add(found, t->dtype, phase / 1.702, 0);
    add(found, t->dtype, sqrt(phase), 0);
    add(found, t->dtype, sqrt(2 * phase), 0);
    double a = cbrt(14 * phase); /* gelu_tanh: sqrt(8 / pi) * (a + 0.044715 a^3) */
    for (int i = 0; i < 40; i++)
      a -= (1.5957691216057308 * (a + 0.044715 * a * a * a) - phase) /
           (1.5957691216057308 * (1 + 0.134145 * a * a));
    add(found, t->dtype, a, 0);
  }
}

/* ---- Places of the function */

/* The last double at or after a before which output k, or its size minus a level, has the sign that
 * it has at a. */
static double crossing(const target *t, int k, double a, double b, quad level) {
  const quad at_a = value_at(t, k, a);
  const int sign = level == 0 ? at_a > 0 : size_of(at_a) > level;
  for (int i = 0; i < 80; i++) {
    const double middle = a + (b - a) / 2;
    if (middle == a || middle == b)
      break;
    const quad value = value_at(t, k, middle);
    *((level == 0 ? value > 0 : size_of(value) > level) == sign ? &a : &b) = middle;
  }
  return a;
}

static double extremum(const target *t, int k, double a, double b) {
  for (int i = 0; i < 60; i++) {
    const double third = (b - a) / 3, left = a + third, right = b - third;
    *(size_of(value_at(t, k, left)) < size_of(value_at(t, k, right)) ? &a : &b) =
        size_of(value_at(t, k, left)) < size_of(value_at(t, k, right)) ? left : right;
  }
  return a;
}

static void add_places(seeds *found, const target *t, int k, int stride) {
  const gf_format format = gf_formats[t->dtype];
  const int subnormal = format.emin, none = format.emin - format.mantissa_bits - 1;
  const int cells = 1000;
  const double from = 2 * found->lo, width = 2 * (found->hi - found->lo) / cells;
  quad before = value_at(t, k, from), twice_before = before;
  for (int i = 1; i <= cells; i++) {
    const double a = from + (i - 1) * width, b = from + i * width;
    const quad here = value_at(t, k, b);
    if ((before < 0 && here > 0) || (before > 0 && here < 0))
      add(found, t->dtype, crossing(t, k, a, b, 0), 1);
    if (i > 1 && size_of(before) > size_of(twice_before) && size_of(before) > size_of(here))
      add(found, t->dtype, extremum(t, k, a - width, b), 1);
    if (before != 0 && here != 0) {
      const int first = exponent_of(before), last = exponent_of(here);
      for (int e = first < last ? first : last; e < (first < last ? last : first); e++)
        if (e % stride == 0 || e == subnormal || e == none || e == none + 1)
          add(found, t->dtype, crossing(t, k, a, b, (quad)ldexp(1, e)), e <= subnormal);
    }
    twice_before = before;
    before = here;
  }
}

/* ---- All */

static int compare(const void *left, const void *right) {
  const seed *a = left, *b = right;
  return a->x != b->x ? (a->x > b->x) - (a->x < b->x) : b->is_special - a->is_special;
}

int seeds_find(seeds *found, const target *t, const char *file, int stride) {
  *found = (seeds){0};
  add_from_table(found, t);
  if (add_from_file(found, t, file))
    return -1;
  const gf_format format = gf_formats[t->dtype];
  for (int e = format.emin - format.mantissa_bits; e <= 1 - format.emin; e++)
    if (e % stride == 0 || abs(e) < 12 || e == format.emin)
      add(found, t->dtype, ldexp(1, e), abs(e) < 8);
  add(found, t->dtype, 0, 1);
  add_tail_exponents(found, t, stride);
  for (int k = 0; k < t->nout; k++)
    add_places(found, t, k, stride);
  qsort(found->at, found->count, sizeof *found->at, compare);
  size_t kept = 0;
  for (size_t i = 0; i < found->count; i++)
    if (kept == 0 || found->at[i].x != found->at[kept - 1].x)
      found->at[kept++] = found->at[i];
  found->count = kept;
  return 0;
}

void seeds_free(seeds *found) { free(found->at); }
