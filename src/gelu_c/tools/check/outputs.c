#include "outputs.h"

#include <stdlib.h>
#include <string.h>

#include "words.h"

/* The words that are functions of the table too: a compound calls the functions. The names that C
 * has given away are changed. */
#undef erf
#undef erfc
#undef tanh
#undef sigmoid
#undef sigmoid_grad
#undef softplus
#define erf erf_of_table
#define erfc erfc_of_table
#define tanh tanh_of_table

/* ---- The functions, as compounds call them */

#define CALLABLE_1(name, text)                                                                     \
  __attribute__((unused)) static quad name(quad x) {                                               \
    static const reference *f;                                                                     \
    f = f ? f : reference_of(text);                                                                \
    return reference_exact(f, x);                                                                  \
  }
#define CALLABLE_2(name, text)                                                                     \
  __attribute__((unused)) static quad name(quad dy, quad x) {                                      \
    static const reference *f;                                                                     \
    f = f ? f : reference_of(text);                                                                \
    return reference_times_exact(f, dy, x, reference_exact(f, x));                                 \
  }
#define FUNCTION(name, nin, ...) CALLABLE_##nin(name, #name)
#include "table/each.h"

/* ---- The outputs of the compounds: their definition is one expression or (first, second) */

#define FIRST_OF_1(definition) definition
#define FIRST_OF_2(definition) FIRST definition
#define FIRST(first, second) first
#define SECOND_OF_1(definition) 0
#define SECOND_OF_2(definition) SECOND definition
#define SECOND(first, second) second

#define NAMED(name) const quad name = in.name;
#define UNUSED(name) (void)name;
#define OUTPUT(function, definition)                                                               \
  static quad function(named_inputs in) {                                                          \
    INPUT_NAMES(NAMED)                                                                             \
    INPUT_NAMES(UNUSED)                                                                            \
    return definition;                                                                             \
  }
#define COMPOUND(name, nin, nout, half, inputs, outs, definition, ...)                             \
  OUTPUT(first_of_##name, FIRST_OF_##nout(definition))                                             \
  OUTPUT(second_of_##name, SECOND_OF_##nout(definition))
#include "table/each.h"

static const struct {
  const char *name;
  quad (*of[OUTPUTS_MAX])(named_inputs);
} compounds[] = {
#define COMPOUND(name, ...) {#name, {first_of_##name, second_of_##name}},
#include "table/each.h"
    {NULL, {NULL, NULL}}};

/* ---- Evaluation */

static const struct {
  const char *name;
  size_t place;
} all_names[] = {
#define PLACE(name) {#name, offsetof(named_inputs, name)},
    INPUT_NAMES(PLACE)};

outputs outputs_of(const gf_function *function) {
  outputs f = {.function = function};
  if (!function->is_compound)
    f.reference = reference_of(function->name);
  for (size_t i = 0; compounds[i].name; i++)
    if (strcmp(compounds[i].name, function->name) == 0)
      memcpy(f.compound, compounds[i].of, sizeof f.compound);
  const char *text = function->inputs;
  for (int k = 0; k < function->nin; k++) {
    const size_t length = strcspn(text, ",");
    size_t i = 0, last = sizeof all_names / sizeof *all_names;
    while (i < last &&
           (strlen(all_names[i].name) != length || strncmp(all_names[i].name, text, length) != 0))
      i++;
    if (i == last)
      abort(); /* INPUT_NAMES lacks a name of functions.def */
    f.names[k] = all_names[i].name;
    f.places[k] = all_names[i].place;
    text += length + strspn(text + length, ", ");
  }
  return f;
}

quad output_exact(const outputs *f, int k, const quad *args) {
  if (f->reference) {
    const int binary = f->function->nin == 2;
    const quad x = args[binary], value = reference_exact(f->reference, x);
    return binary ? reference_times_exact(f->reference, args[0], x, value) : value;
  }
  named_inputs in = {0};
  for (int i = 0; i < f->function->nin; i++)
    memcpy((char *)&in + f->places[i], &args[i], sizeof args[i]);
  return f->compound[k](in);
}
