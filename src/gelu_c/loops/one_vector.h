/* Evaluates one vector, tail included, without raising floating-point flags: for calls that are
 * shorter than a vector, in which raising one would take most of the time (runtime/fpenv.h). The
 * build compiles these functions if the vocabulary has a quiet form of its instructions
 * (V_HAS_QUIET). Results have the same bits, but for NaN: which of two NaNs a product keeps is up to
 * the compiler. So a vector with NaN results is evaluated again by the kernel. */
#ifndef GF_ONE_VECTOR_H
#define GF_ONE_VECTOR_H

#include "loops/evaluate.h"

#if TABLES_ARE_HALF
#include "loops/table_tail.h"
#endif

/* Stores the results from element i on; returns whether all are numbers. */
static GF_ALWAYS_INLINE int store_results(const function f, char *const *out, size_t i,
                                          const v *y) {
  int numbers = 1;
  for (int k = 0; k < f.nout; k++) {
    const v_mask is_number = v_or(v_lt(y[k], v_set(1)), v_lt(v_set(0), y[k]));
    numbers &= v_bits(is_number) == 0xffffffffu >> (32 - V_LANES);
    STORE((ELEMENT *)out[k] + i, y[k]);
  }
  return numbers;
}

static GF_ALWAYS_INLINE int evaluate_one_vector(const function f, const char *const *in,
                                                char *const *out, size_t i) {
  v x[INPUTS_MAX], y[OUTPUTS_MAX];
  load_inputs(f, x, in, i);
  f.evaluate(x, y);
  return store_results(f, out, i, y);
}

static GF_ALWAYS_INLINE int is_any_in_tail(const function f, const char *const *in, size_t i) {
  v x[INPUTS_MAX];
  load_inputs(f, x, in, i);
  return v_any(f.in_tail(x));
}

/* Replaces the results in the tail. */
static GF_ALWAYS_INLINE int correct_one_vector(const function f, const char *const *in,
                                               char *const *out, size_t i) {
  v x[INPUTS_MAX], y[OUTPUTS_MAX];
  load_inputs(f, x, in, i);
  f.tail(x, y);
  for (int k = 0; k < f.nout; k++)
    y[k] = v_select(f.in_tail(x), y[k], LOAD((const ELEMENT *)out[k] + i));
  return store_results(f, out, i, y);
}

/* `body` evaluates the vector from element i on, and sets `numbers` to 0 if it has NaN results. */
#define ONE_VECTOR_LOOP(symbol, body)                                                              \
  int symbol(const char *const *in, char *const *out, size_t n);                                   \
  GF_FLATTEN int symbol(const char *const *in, char *const *out, size_t n) {                       \
    int numbers = 1;                                                                               \
    for (size_t i = 0; i < n; i += V_LANES) {                                                      \
      body;                                                                                        \
    }                                                                                              \
    return numbers;                                                                                \
  }

#define ONE_VECTOR(symbol, name, inputs, outputs)                                                  \
  static const function name##_function = {inputs, outputs, name##_evaluate, NULL, NULL, 0,        \
                                           NULL,   NULL};                                          \
  ONE_VECTOR_LOOP(symbol, numbers &= evaluate_one_vector(name##_function, in, out, i))

#define ONE_VECTOR_WITH_TAIL(symbol, name, inputs, outputs)                                        \
  static const function name##_function = {                                                        \
      inputs, outputs, name##_evaluate, name##_tail, name##_in_tail, 0, NULL, NULL};               \
  static GF_NOINLINE GF_FLATTEN int name##_correct(const char *const *in, char *const *out,        \
                                                   size_t i) {                                     \
    return correct_one_vector(name##_function, in, out, i);                                        \
  }                                                                                                \
  ONE_VECTOR_LOOP(symbol, const int right = evaluate_one_vector(name##_function, in, out, i);      \
                  numbers &=                                                                       \
                  is_any_in_tail(name##_function, in, i) ? name##_correct(in, out, i) : right)

#if TABLES_ARE_HALF
#define ONE_VECTOR_WITH_TABLE_TAIL(symbol, name, inputs, outputs)                                  \
  static const function name##_function = {inputs, outputs, name##_evaluate, NULL, NULL, 0,        \
                                           NULL,   NULL};                                          \
  ONE_VECTOR_LOOP(symbol, numbers &= evaluate_one_vector(name##_function, in, out, i);             \
                  const v_mask tail =                                                              \
                      v_in_table_tail(TABLE_TAIL(name), LOAD((const ELEMENT *)in[0] + i));         \
                  if (v_any(tail)) store_from_table(TABLE_TAIL(name), in[0] + i * sizeof(ELEMENT), \
                                                    out[0] + i * sizeof(ELEMENT), tail))
#endif

#endif
