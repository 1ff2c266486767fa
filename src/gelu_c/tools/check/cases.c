#include "cases.h"

#include <math.h>
#include <string.h>

#include "inputs.h"
#include "ulp.h"

/* A niche is a 64th of a binade of the points. */
static int64_t niche_of(const state *s, const double *args) {
  const int shift = gf_formats[s->t.dtype].mantissa_bits - 6;
  return ordinal_of(s->t.dtype, point_of(&s->t, args)) >> (shift > 0 ? shift : 0);
}

static void keep(const state *s, pool *p, const worst_case *found) {
  if (p->count == s->e->kept && found->error <= p->least)
    return;
  int least = 0;
  for (int i = 1; i < p->count; i++)
    if (p->at[i].error < p->at[least].error)
      least = i;
  const int64_t niche = niche_of(s, found->args);
  int place = p->count < s->e->kept ? p->count : least;
  for (int i = 0; i < p->count; i++)
    if (p->niches[i] == niche) {
      if (found->error <= p->at[i].error)
        return;
      place = i;
    }
  p->at[place] = *found;
  p->niches[place] = niche;
  p->count += place == p->count;
  p->least = INFINITY;
  for (int i = 0; i < p->count; i++)
    p->least = fmin(p->least, p->at[i].error);
}

/* Whether help() promises the bound: the product dy * up or dy * (up + 1), which a definition
 * writes, must be a normal number of the type in which the function is computed, and so must gate,
 * unless it is 0; and the result must not be so large that an error within the bound decides whether
 * it is infinite. */
static int is_promised(const state *s, int k, const double *args, quad want) {
  const gf_format own = gf_formats[s->t.dtype],
                  format = gf_formats[s->t.dtype == GF_F64 ? GF_F64 : GF_F32];
  const quad ulp = (quad)ldexp(1, 1 - own.emin - own.mantissa_bits);
  const quad to_infinity = size_of(want) - overflow(s->t.dtype);
  if (size_of(to_infinity) <= ulp * s->t.row->bound_ulp)
    return 0;
  const double gate = s->t.gate < 0 ? 0 : fabs(args[s->t.gate]);
  if (gate != 0 && gate < ldexp(1, format.emin) && s->t.row->bound_ulp > 0.5)
    return 0;
  int factors = s->t.limited >= 0;
  quad product = factors ? 1 + (quad)args[s->t.limited] : 1;
  for (int i = 0; i < s->t.nin; i++)
    if (s->t.is_factor[k][i]) {
      product *= args[i];
      factors++;
    }
  return factors < 2 || (size_of(product) >= (quad)ldexp(1, format.emin) &&
                         size_of(product) < (quad)ldexp(1, -format.emin) * 2);
}

void measure_batch(state *s) {
  static union {
    uint64_t align;
    char bytes[BATCH * sizeof(double)];
  } arrays[INPUTS_MAX + OUTPUTS_MAX];
  static quad exact[OUTPUTS_MAX][BATCH];
  static double first[OUTPUTS_MAX][BATCH], errors[OUTPUTS_MAX][BATCH];
  const target *t = &s->t;
  const int operands = t->nin + t->nout;
  char *args[INPUTS_MAX + OUTPUTS_MAX];
  ptrdiff_t steps[INPUTS_MAX + OUTPUTS_MAX];
  for (int i = 0; i < operands; i++) {
    args[i] = arrays[i].bytes;
    steps[i] = (ptrdiff_t)gf_dtype_size(t->dtype);
  }
  for (size_t n = 0; n < s->batched; n++) {
    const probe *p = &s->batch[n];
    for (int i = 0; i < t->nin; i++)
      input_put(t->dtype, args[i], n, input_pattern(t->dtype, p->args[i]));
    for (int k = 0; k < t->nout; k++) {
      exact[k][n] = p->values[k];
      for (int i = 0; i < t->nin; i++)
        if (t->is_factor[k][i])
          exact[k][n] *= p->args[i];
    }
  }
  for (size_t isa = 0; isa < s->isa_count; isa++) {
    gf_isa_select(s->isas[isa]);
    gf_call(t->row, args, steps, s->batched);
    for (int k = 0; k < t->nout; k++)
      for (size_t n = 0; n < s->batched; n++) {
        const double got = input_as_double(t->dtype, args[t->nin + k], n);
        /* most results, and so their errors, are the same as on the first instruction set */
        const int known = isa > 0 && memcmp(&got, &first[k][n], sizeof got) == 0;
        const double error = known ? errors[k][n]
                             : is_promised(s, k, s->batch[n].args, exact[k][n])
                                 ? error_from_quad(got, exact[k][n], t->dtype)
                                 : -1;
        if (isa == 0) {
          first[k][n] = got;
          errors[k][n] = error;
        }
        if (error < 0)
          continue;
        worst_case found = {.error = error, .got = got, .want = (double)exact[k][n]};
        memcpy(found.args, s->batch[n].args, sizeof found.args);
        keep(s, &s->pools[isa][k], &found);
        worst_case *worst = &s->found->worst[isa][k];
        if (!(error <= worst->error))
          *worst = found;
      }
  }
  s->found->inputs += s->batched;
  s->batched = 0;
}

void add_probe(state *s, const double *args, const quad *values) {
  probe *p = &s->batch[s->batched++];
  memcpy(p->args, args, sizeof p->args);
  memcpy(p->values, values, sizeof p->values);
  if (s->batched == BATCH)
    measure_batch(s);
}
