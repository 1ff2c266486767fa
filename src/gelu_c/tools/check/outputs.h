/* Exact values of every output of every function of the table, compounds included, in quadruple
 * precision (reference.h). */
#ifndef GF_OUTPUTS_H
#define GF_OUTPUTS_H

#include <stddef.h>

#include "gelu_c.h"
#include "reference.h"

enum { INPUTS_MAX = 3, OUTPUTS_MAX = 2 };

/* A number for each name of an input in the table. A compound with another name adds it here. */
#define INPUT_NAMES(_) _(dy) _(x) _(gate) _(up) _(b) _(beta) _(negative_slope)
typedef struct {
#define MEMBER(name) quad name;
  INPUT_NAMES(MEMBER)
#undef MEMBER
} named_inputs;

typedef struct {
  const gf_function *function;
  const char *names[INPUTS_MAX];
  size_t places[INPUTS_MAX];                   /* offsets of the inputs in named_inputs */
  quad (*compound[OUTPUTS_MAX])(named_inputs); /* NULL unless it is a compound */
  const reference *reference;                  /* NULL if it is */
} outputs;

outputs outputs_of(const gf_function *function);

/* Output k for the inputs in their order. */
quad output_exact(const outputs *f, int k, const quad *args);

#endif
