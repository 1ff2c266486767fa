/* Evaluates one vector, tail included, without raising floating-point flags: for calls that are
 * shorter than a vector, in which raising one would take most of the time (runtime/fpenv.h). The
 * build compiles these functions if the vocabulary has a quiet form of its instructions (V_HAS_QUIET);
 * results have the same bits. */
#ifndef GF_ONE_VECTOR_H
#define GF_ONE_VECTOR_H

#include "loops/evaluate.h"

#if TABLES_ARE_HALF
#include "loops/table_tail.h"
#endif

static GF_ALWAYS_INLINE void store_results(const function f, char *const *out, const v *y) {
  for (int k = 0; k < f.nout; k++)
    STORE((ELEMENT *)out[k], y[k]);
}

#define ONE_VECTOR_BEGIN(symbol, name, inputs, outputs)                                            \
  void symbol(const char *const *in, char *const *out);                                            \
  GF_FLATTEN void symbol(const char *const *in, char *const *out) {                                \
    static const function f = {inputs, outputs, name##_evaluate, NULL, NULL, 0, NULL};             \
    v x[INPUTS_MAX], y[OUTPUTS_MAX];                                                               \
    load_inputs(f, x, in, 0);                                                                      \
    name##_evaluate(x, y);

#define ONE_VECTOR(symbol, name, inputs, outputs)                                                  \
  ONE_VECTOR_BEGIN(symbol, name, inputs, outputs)                                                  \
  store_results(f, out, y);                                                                        \
  }

#define ONE_VECTOR_WITH_TAIL(symbol, name, inputs, outputs)                                        \
  static GF_NOINLINE GF_FLATTEN void symbol##_tail(const char *const *in, char *const *out) {      \
    static const function f = {inputs, outputs, name##_evaluate, NULL, NULL, 0, NULL};             \
    v x[INPUTS_MAX], y[OUTPUTS_MAX];                                                               \
    load_inputs(f, x, in, 0);                                                                      \
    name##_tail(x, y);                                                                             \
    for (int k = 0; k < f.nout; k++)                                                               \
      y[k] = v_select(name##_in_tail(x), y[k], LOAD((const ELEMENT *)out[k]));                     \
    store_results(f, out, y);                                                                      \
  }                                                                                                \
  ONE_VECTOR_BEGIN(symbol, name, inputs, outputs)                                                  \
  store_results(f, out, y);                                                                        \
  if (v_any(name##_in_tail(x)))                                                                    \
    symbol##_tail(in, out);                                                                        \
  }

#define ONE_VECTOR_WITH_TABLE_TAIL(symbol, name, inputs, outputs)                                  \
  ONE_VECTOR_BEGIN(symbol, name, inputs, outputs)                                                  \
  store_results(f, out, y);                                                                        \
  const v_mask tail = v_in_table_tail(TABLE_TAIL(name), x[0]);                                     \
  if (v_any(tail))                                                                                 \
    store_from_table(TABLE_TAIL(name), in[0], out[0], tail);                                       \
  }

#endif
