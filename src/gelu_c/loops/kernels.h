/* Defines the kernel of a function: compiles the parts of a gf_kernel (runtime/kernel.h) for it.
 * The parts are not inlined into each other, because the constants of the tail would take the
 * registers that the other loops need. */
#ifndef GF_KERNELS_H
#define GF_KERNELS_H

#include "loops/strided.h"

#if HAS_FAR
#define FAR_PART(name, f)                                                                          \
  static GF_NOINLINE GF_FLATTEN uint64_t name##_evaluate_far(                                      \
      const char *const *in, char *const *out, size_t n, int stream) {                             \
    return evaluate_vectors(f, in, out, n, 1, stream);                                             \
  }
#define FAR_MEMBER(name) .evaluate_far = name##_evaluate_far
#else
#define FAR_PART(name, f)
#define FAR_MEMBER(name) .evaluate_far = NULL
#endif

#define EVALUATE_PARTS(name, f)                                                                    \
  static GF_NOINLINE GF_FLATTEN uint64_t name##_evaluate_vectors(const char *const *in,            \
                                                                 char *const *out, size_t n) {     \
    return evaluate_vectors(f, in, out, n, 0, 0);                                                  \
  }                                                                                                \
  FAR_PART(name, f)

#define TAIL_PARTS(name, f, evaluate_tail_body, are_in_tail)                                       \
  static GF_NOINLINE FLATTEN_TAIL void name##_evaluate_tail(const char *const *in,                 \
                                                            char *const *out, size_t n) {          \
    evaluate_tail_body;                                                                            \
  }                                                                                                \
  static GF_NOINLINE int name##_all_in_tail(const char *const *in, size_t n) {                     \
    return are_in_tail(f, in, n);                                                                  \
  }
#define LATE_PART(name, f)                                                                         \
  static GF_NOINLINE void name##_find_wrong_lanes(const char *const *in, uint64_t flags,           \
                                                  uint32_t *lanes) {                               \
    find_wrong_lanes(f, in, flags, lanes);                                                         \
  }
#define TABLE_PART(name)                                                                           \
  static GF_NOINLINE size_t name##_correct_tail(const char *const *in, char *const *out,           \
                                                uint64_t flags) {                                  \
    return correct_by_table(TABLE_TAIL(name), in[0], out[0], flags);                               \
  }

#define EVALUATE_MEMBERS(name, inputs, outputs, what)                                              \
  .run = run_any, .nin = inputs, .nout = outputs, .lanes = V_LANES,                                \
  .near_zero = GF_NEAR_ZERO_##what, .evaluate = name##_evaluate_vectors, FAR_MEMBER(name)
#define TAIL_MEMBERS(name) .evaluate_tail = name##_evaluate_tail, .all_in_tail = name##_all_in_tail
#define LATE_MEMBERS(name) TAIL_MEMBERS(name), .find_wrong_lanes = name##_find_wrong_lanes
#define TABLE_MEMBERS(name) TAIL_MEMBERS(name), .correct_tail = name##_correct_tail

#ifdef V_HAS_QUIET
#define DECLARE_ONE(symbol)                                                                        \
  extern int symbol##_one(const char *const *in, char *const *out, size_t n);
#define ONE_MEMBER(symbol) .evaluate_one = symbol##_one
#else
#define DECLARE_ONE(symbol)
#define ONE_MEMBER(symbol) .evaluate_one = NULL
#endif

/* A function without a tail */
#define KERNEL(symbol, name, inputs, outputs, what)                                                \
  static const function name##_function = {inputs, outputs, name##_evaluate, NULL, NULL, 0,        \
                                           NULL,   NULL};                                          \
  EVALUATE_PARTS(name, name##_function)                                                            \
  DECLARE_ONE(symbol)                                                                              \
  extern const gf_kernel symbol;                                                                   \
  const gf_kernel symbol = {EVALUATE_MEMBERS(name, inputs, outputs, what), ONE_MEMBER(symbol)};

/* A function with a tail, whose lanes are computed late (late_lanes.h) */
#define KERNEL_WITH_TAIL(symbol, name, inputs, outputs, what)                                      \
  static const function name##_function = {                                                        \
      inputs, outputs, name##_evaluate, name##_tail, name##_in_tail, 0, NULL, NULL};               \
  EVALUATE_PARTS(name, name##_function)                                                            \
  TAIL_PARTS(name, name##_function, evaluate_tail_vectors(name##_function, in, out, n),            \
             are_all_in_tail)                                                                      \
  LATE_PART(name, name##_function)                                                                 \
  DECLARE_ONE(symbol)                                                                              \
  extern const gf_kernel symbol;                                                                   \
  const gf_kernel symbol = {EVALUATE_MEMBERS(name, inputs, outputs, what), LATE_MEMBERS(name),     \
                            ONE_MEMBER(symbol)};

#if IS_DOUBTED
/* A function of a 16-bit type whose results are decided by in_double where they are in doubt; tail
 * and in_tail may be NULL. */
#define KERNEL_WITH_DOUBT(symbol, name, inputs, outputs, tail, in_tail, ulps, in_double)           \
  decide in_double;                                                                                \
  static GF_NOINLINE GF_FLATTEN void name##_evaluate_apart(const v *in, v *out) {                  \
    name##_evaluate(in, out);                                                                      \
  }                                                                                                \
  static const function name##_function = {inputs, outputs,   name##_evaluate,      tail, in_tail, \
                                           ulps,   in_double, name##_evaluate_apart};              \
  EVALUATE_PARTS(name, name##_function)                                                            \
  TAIL_PARTS(name, name##_function, evaluate_with_doubt(name##_function, in, out, n),              \
             are_many_in_tail)                                                                     \
  LATE_PART(name, name##_function)                                                                 \
  extern const gf_kernel symbol;                                                                   \
  const gf_kernel symbol = {EVALUATE_MEMBERS(name, inputs, outputs, UNKNOWN), LATE_MEMBERS(name)};
#endif

#if TABLES_ARE_HALF
#include "loops/table_tail.h"

/* A function of a 16-bit type whose results beyond its pieces are stored (coeffs/NAME_bf16.h) */
#define KERNEL_WITH_TABLE_TAIL(symbol, name, inputs, outputs, what)                                \
  static GF_ALWAYS_INLINE v_mask name##_in_table_tail(const v *x) {                                \
    return v_in_table_tail(TABLE_TAIL(name), x[0]);                                                \
  }                                                                                                \
  static const function name##_function = {                                                        \
      inputs, outputs, name##_evaluate, NULL, name##_in_table_tail, 0, NULL, NULL};                \
  EVALUATE_PARTS(name, name##_function)                                                            \
  TAIL_PARTS(name, name##_function, evaluate_table_vectors(TABLE_TAIL(name), in[0], out[0], n),    \
             are_all_in_tail)                                                                      \
  TABLE_PART(name)                                                                                 \
  DECLARE_ONE(symbol)                                                                              \
  extern const gf_kernel symbol;                                                                   \
  const gf_kernel symbol = {EVALUATE_MEMBERS(name, inputs, outputs, what), TABLE_MEMBERS(name),    \
                            ONE_MEMBER(symbol)};
#endif

#endif
