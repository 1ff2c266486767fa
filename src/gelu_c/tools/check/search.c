#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "inputs.h"
#include "seeds.h"
#include "target.h"
#include "ulp.h"
#include "window.h"

static const effort efforts[] = {
    {.name = "quick",
     .stride = 32,
     .special_reach = 2,
     .many_reach = 0,
     .between = 1,
     .anywhere = 150,
     .splits = 2,
     .factors = 3,
     .samples = 200,
     .rounds = 7,
     .children = 3,
     .kept = 8,
     .dense = 20},
    {.name = "medium",
     .stride = 4,
     .special_reach = 4,
     .many_reach = 0,
     .between = 1,
     .anywhere = 1000,
     .splits = 3,
     .factors = 6,
     .samples = 500,
     .rounds = 14,
     .children = 6,
     .kept = 14,
     .dense = 100},
    {.name = "full",
     .stride = 1,
     .special_reach = 60,
     .many_reach = 3,
     .between = 5,
     .anywhere = 20000,
     .splits = 4,
     .factors = 6,
     .samples = 1000,
     .rounds = 40,
     .children = 16,
     .kept = 32,
     .dense = 3000},
};

const effort *effort_named(const char *name) {
  for (size_t i = 0; i < sizeof efforts / sizeof *efforts; i++)
    if (strcmp(efforts[i].name, name) == 0)
      return &efforts[i];
  return NULL;
}

/* ---- Random numbers */

static uint64_t random_number(state *s) { return input_random(s->drawn++); }

static double uniform(state *s) { return (double)(random_number(s) >> 11) * 0x1p-53; }

static int random_below(state *s, int n) { return (int)(random_number(s) % (uint64_t)n); }

static double random_sign(state *s) { return random_number(s) & 1 ? -1 : 1; }

/* 1 to 2, times a power of two in a range */
static double random_magnitude(state *s, int lowest, int highest) {
  return ldexp(1 + uniform(s), lowest + random_below(s, highest - lowest + 1));
}

static void try_args(state *s, const double *args) {
  if (s->t.slope >= 0 && args[s->t.slope] == 0)
    return; /* the sign of 0 times x and the sum of two zeros differ */
  quad values[OUTPUTS_MAX] = {0};
  values_without_factors(&s->t, args, values);
  add_probe(s, args, values);
}

/* ---- Factors */

static quad power_of_two(int e) { return (quad)ldexp(1, e / 2) * (quad)ldexp(1, e - e / 2); }

/* The number of the dtype whose product with `other` is just below 2^e, or one of its neighbours
 * towards 0. */
static double just_below(state *s, int e, quad other) {
  const gf_dtype dtype = s->t.dtype;
  const double number = rounded_to(dtype, power_of_two(e) / size_of(other));
  const int back = random_below(s, 4) ? random_below(s, 3) : random_below(s, 12);
  const int64_t ordinal = ordinal_of(dtype, number) - back;
  return number_at(dtype, ordinal > 0 ? ordinal : 1);
}

/* The exponent of a product with a factor that has the exponent `exponent`: near 1, near the
 * smallest numbers, or any that the other factor can bring about. */
static int product_exponent(state *s, int exponent) {
  const gf_format format = gf_formats[s->t.dtype];
  const int smallest = format.emin - format.mantissa_bits, largest = 1 - format.emin;
  int lowest = exponent + smallest + 1, highest = exponent + largest;
  lowest = lowest > smallest - 1 ? lowest : smallest - 1;
  highest = highest < largest + 1 ? highest : largest + 1;
  if (lowest > highest)
    return lowest;
  const int way = random_below(s, 8);
  const int e = way < 4   ? random_below(s, 7) - 3
                : way < 5 ? format.emin + random_below(s, 6) - 2
                : way < 6 ? smallest - 1 + random_below(s, format.mantissa_bits + 4)
                          : lowest + random_below(s, highest - lowest + 1);
  return e < lowest ? lowest : e > highest ? highest : e;
}

/* Chooses dy and up for the inputs that have been chosen, so that a product is just below a power
 * of two. */
static void try_factors(state *s, const double *chosen, const quad *values, int choices) {
  const target *t = &s->t;
  for (int c = 0; c < choices; c++) {
    double args[INPUTS_MAX];
    memcpy(args, chosen, sizeof args);
    const int k = random_below(s, t->nout);
    int last = -1;
    for (int i = 0; i < t->nin; i++)
      if (t->is_factor[0][i] || t->is_factor[1][i]) {
        args[i] = rounded_to(t->dtype,
                             random_sign(s) * (random_below(s, 4) ? random_magnitude(s, -3, 3)
                                                                  : random_magnitude(s, -60, 60)));
        if (t->is_factor[k][i] && (last < 0 || random_below(s, 2)))
          last = i;
      }
    if (last < 0) {
      add_probe(s, args, values);
      return;
    }
    quad others = values[k];
    for (int i = 0; i < t->nin; i++)
      if (i != last && t->is_factor[k][i])
        others *= args[i];
    if (others != 0 && others - others == 0)
      args[last] = random_sign(s) * just_below(s, product_exponent(s, exponent_of(others)), others);
    add_probe(s, args, values);
  }
}

/* ---- Points */

/* x and beta whose product is nearly the point. */
static void split_by_rate(state *s, double point, double *args) {
  const target *t = &s->t;
  const gf_format format = gf_formats[t->dtype];
  const int smallest = format.emin - format.mantissa_bits, largest = 1 - format.emin;
  const int exponent = exponent_of(point);
  double x = point;
  const int way = random_below(s, 8);
  if (way == 0)
    x = random_sign(s) * point;
  else if (way < 3)
    x = random_magnitude(s, -8, 8);
  else if (way < 6) { /* x times the sigmoid is just below a power of two */
    const quad value = value_at(t, 0, point);
    x = value == 0 || point == 0
            ? random_magnitude(s, smallest, largest)
            : just_below(s, product_exponent(s, exponent_of(value / point)), value / point);
  } else {
    int lowest = exponent - largest, highest = exponent - smallest;
    lowest = lowest > smallest ? lowest : smallest;
    highest = highest < largest ? highest : largest;
    x = random_magnitude(s, lowest, highest > lowest ? highest : lowest);
  }
  x = rounded_to(t->dtype, way ? random_sign(s) * x : x);
  args[t->point] = x == 0 ? number_at(t->dtype, 1) : x;
  args[t->rate] = rounded_to(t->dtype, point / (quad)args[t->point]);
}

/* A number of any size, of the size of the integers at which definitions limit inputs, or next to
 * such an integer. */
static double to_be_limited(state *s) {
  const gf_dtype dtype = s->t.dtype;
  const int way = random_below(s, 4), integer = random_below(s, 17) - 8;
  const double number = way == 0   ? random_sign(s) * random_magnitude(s, -60, 60)
                        : way == 1 ? 16 * uniform(s) - 8
                                   : integer;
  const int64_t away = way == 2 ? random_below(s, 9) - 4 : way == 3 ? random_below(s, 1 << 12) : 0;
  return number_at(dtype, ordinal_of(dtype, rounded_to(dtype, number)) + away);
}

/* Tries a point in several ways. */
static void try_point(state *s, double point, int splits, int factors) {
  const target *t = &s->t;
  const int has_two = t->bias >= 0 || t->rate >= 0 || t->slope >= 0 || t->limited >= 0;
  for (int i = 0; i < (has_two ? splits : 1); i++) {
    double args[INPUTS_MAX] = {1, 1, 1};
    args[t->point] = point;
    if (t->bias >= 0) {
      const double b = i ? random_sign(s) * ldexp(point, random_below(s, 32) - 30) : 0;
      args[t->bias] = rounded_to(t->dtype, b * (1 + uniform(s)));
      args[t->point] = rounded_to(t->dtype, point - (quad)args[t->bias]);
    }
    if (t->rate >= 0)
      split_by_rate(s, point, args);
    if (t->slope >= 0) {
      args[t->slope] = point == 0 || i % 2 == 0
                           ? rounded_to(t->dtype, random_magnitude(s, -20, 20))
                           : just_below(s, product_exponent(s, exponent_of(point)), point);
      if (args[t->slope] == 0)
        args[t->slope] = 1;
    }
    if (t->limited >= 0)
      args[t->limited] = to_be_limited(s);
    quad values[OUTPUTS_MAX] = {0};
    values_without_factors(t, args, values);
    try_factors(s, args, values, factors);
  }
}

/* Samples a window around a point, and measures the worst inputs found. */
static void try_window(state *s, double point, int samples) {
  const target *t = &s->t;
  double args[INPUTS_MAX] = {1, 1, 1};
  args[t->point] = point;
  if (t->bias >= 0)
    args[t->bias] = 0;
  if (t->rate >= 0)
    split_by_rate(s, point, args);
  if (t->limited >= 0)
    args[t->limited] = to_be_limited(s);
  worst_case worst[ISAS_MAX][OUTPUTS_MAX];
  s->found->inputs += window_sample(t, args, samples, s->isas, s->isa_count, &s->drawn, worst);
  for (size_t isa = 0; isa < s->isa_count; isa++)
    for (int k = 0; k < t->nout; k++) {
      const pool *p = &s->pools[isa][k];
      if (worst[isa][k].error > (p->count < s->e->kept ? -1 : p->least))
        try_args(s, worst[isa][k].args);
    }
}

static void try_ordinal(state *s, int64_t ordinal, int splits, int factors) {
  try_point(s, number_at(s->t.dtype, ordinal), splits, factors);
}

/* ---- The search */

static void try_seeds(state *s, const seeds *found) {
  const effort *e = s->e;
  for (size_t i = 0; i < found->count; i++) {
    const int64_t here = ordinal_of(s->t.dtype, found->at[i].x);
    const int reach = found->at[i].is_special ? e->special_reach : e->many_reach;
    for (int k = -reach; k <= reach; k++)
      try_ordinal(s, here + k, e->splits, e->factors);
    if (i + 1 == found->count)
      break;
    const double x = found->at[i].x, next = found->at[i + 1].x;
    const int64_t there = ordinal_of(s->t.dtype, next);
    for (int k = 0; k < e->between && there - here > 1; k++) {
      const double by_ordinal = (double)(there - here) * uniform(s);
      try_ordinal(s, here + (int64_t)by_ordinal, 1, e->factors);
      if (fabs(x) < 0x1p100 && fabs(next) < 0x1p100)
        try_window(s, rounded_to(s->t.dtype, x + (next - x) * uniform(s)), e->samples);
    }
  }
}

static void try_anywhere(state *s, const seeds *found) {
  const effort *e = s->e;
  for (int i = 0; i < e->anywhere; i++) {
    const double x = found->lo + (found->hi - found->lo) * uniform(s);
    try_window(s, rounded_to(s->t.dtype, x), e->samples);
    try_point(s, rounded_to(s->t.dtype, 2 * x), 1, e->factors);
    try_window(s, rounded_to(s->t.dtype, random_sign(s) * random_magnitude(s, -10, 5)), e->samples);
  }
}

/* An offset of an ordinal whose logarithm is uniform. */
static int64_t offset(state *s, double least_bits, double most_bits) {
  return (int64_t)(random_sign(s) * exp2(least_bits + uniform(s) * (most_bits - least_bits)));
}

static void try_child(state *s, const worst_case *parent) {
  const target *t = &s->t;
  const int bits = gf_formats[t->dtype].mantissa_bits;
  double args[INPUTS_MAX];
  memcpy(args, parent->args, sizeof args);
  const int way = t->nin == 1 ? random_below(s, 2) : random_below(s, 5);
  const int64_t point = ordinal_of(t->dtype, point_of(t, args));
  if (way == 0) {
    try_ordinal(s, point + offset(s, 0, bits - 1), 1, s->e->factors);
    return;
  }
  if (way == 1) {
    const int64_t there = point + offset(s, bits / 2, bits - 2);
    try_window(s, number_at(t->dtype, there), 4 * s->e->samples);
    return;
  }
  if (way == 2) { /* another x with the other inputs of the point */
    args[t->point] =
        number_at(t->dtype, ordinal_of(t->dtype, args[t->point]) + offset(s, 0, bits - 1));
    quad values[OUTPUTS_MAX] = {0};
    values_without_factors(t, args, values);
    try_factors(s, args, values, s->e->factors);
    return;
  }
  if (way == 3) { /* other factors */
    quad values[OUTPUTS_MAX] = {0};
    values_without_factors(t, args, values);
    try_factors(s, args, values, 4 * s->e->factors);
    return;
  }
  for (int i = 0; i < t->nin; i++) /* neighbours in all inputs */
    if (random_below(s, 2))
      args[i] = number_at(t->dtype, ordinal_of(t->dtype, args[i]) + offset(s, 0, 6));
  try_args(s, args);
}

static int worst_first(const void *left, const void *right) {
  const double a = ((const worst_case *)left)->error, b = ((const worst_case *)right)->error;
  return (a < b) - (a > b);
}

/* The worst cases of all have more children, and so have those of a function of one input, which has
 * fewer ways to err. */
static void try_children(state *s) {
  for (size_t isa = 0; isa < s->isa_count; isa++)
    for (int k = 0; k < s->t.nout; k++) {
      pool parents = s->pools[isa][k];
      qsort(parents.at, (size_t)parents.count, sizeof *parents.at, worst_first);
      for (int i = 0; i < parents.count; i++)
        for (int c = 0; c < (i < 3 ? 4 : 1) * (s->t.nin == 1 ? 4 : 1) * s->e->children; c++)
          try_child(s, &parents.at[i]);
    }
}

static void try_neighbours_of_worst(state *s) {
  for (size_t isa = 0; isa < s->isa_count; isa++)
    for (int k = 0; k < s->t.nout; k++) {
      const worst_case worst = s->found->worst[isa][k];
      const int64_t ordinal = ordinal_of(s->t.dtype, worst.args[s->t.point]);
      for (int i = -s->e->dense; i <= s->e->dense; i++) {
        double args[INPUTS_MAX];
        memcpy(args, worst.args, sizeof args);
        args[s->t.point] = number_at(s->t.dtype, ordinal + i);
        quad values[OUTPUTS_MAX] = {0};
        values_without_factors(&s->t, args, values);
        try_factors(s, args, values, s->e->factors);
      }
    }
}

int search(const gf_row *row, const char *seeds_file, const effort *e, const char *const *isas,
           size_t isa_count, findings *found) {
  static state s;
  memset(&s, 0, sizeof s);
  memset(found, 0, sizeof *found);
  s.t = target_of(row);
  s.e = e;
  s.isas = isas;
  s.isa_count = isa_count;
  s.found = found;
  seeds points;
  if (seeds_find(&points, &s.t, seeds_file, e->stride))
    return -1;
  for (size_t isa = 0; isa < isa_count; isa++)
    for (int k = 0; k < s.t.nout; k++)
      found->worst[isa][k].error = -1;
  try_seeds(&s, &points);
  try_anywhere(&s, &points);
  measure_batch(&s);
  seeds_free(&points);
  for (int i = 0; i < e->rounds; i++) {
    try_children(&s);
    measure_batch(&s);
  }
  try_neighbours_of_worst(&s);
  measure_batch(&s);
  return 0;
}
