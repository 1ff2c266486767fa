/* Describes a function to the loops. Every description is a constant, so the compiler makes code
 * for each function. */
#ifndef GF_FUNCTION_H
#define GF_FUNCTION_H

enum { INPUTS_MAX = 3, OUTPUTS_MAX = 2, OPERANDS_MAX = INPUTS_MAX + OUTPUTS_MAX };

/* Most bytes of buffers on the stack in one call: of all, and of those that run_contiguous uses
 * (late lanes and a padded vector). build_core.py limits what the other frames add. */
enum { BUFFERS_MAX = 10752, CONTIGUOUS_BUFFERS_MAX = 4864 };

/* Computes n results in double from numbers of a 16-bit type that lie side by side; n is rounded up to
 * a multiple of the lanes of double. `out` may be an input. */
typedef void decide(const char *const *in, char *out, size_t n, int is_f16);

/* For one number a call takes little time, so functions share the formulas of their tails. */
#ifdef V_CALLS_TAILS
#define FLATTEN_TAIL
#else
#define FLATTEN_TAIL GF_FLATTEN
#endif

typedef struct {
  int nin, nout;
  void (*evaluate)(const v *in, v *out); /* right for lanes that are not in the tail */
  void (*tail)(const v *in, v *out);     /* right for lanes in the tail; NULL if there is no tail */
  v_mask (*in_tail)(const v *in);        /* which lanes are in the tail; NULL if there is no tail */
  int ulps;                              /* if doubted: the largest error of evaluate and tail */
  decide *in_double;                     /* if doubted; otherwise NULL */
  void (*evaluate_apart)(const v *in,
                         v *out); /* if doubted: evaluate, compiled once for rare calls */
} function;

/* The results of a 16-bit type beyond its pieces are so few that they are stored: the first is the
 * result for the magnitude with the bits `first`, and so on; the last is for all greater magnitudes
 * too. */
typedef struct {
  real limit; /* the end of the pieces */
  int side;   /* -1 or 1: the tail is on the left or on the right only; 0: on both sides */
  const uint16_t *results;
  uint16_t first, count;
} table_tail;

#define TABLE_TAIL_(name)                                                                          \
  ((table_tail){name##_pieces.limit, name##_TAIL_SIDE, name##_half_tail, name##_TAIL_FIRST,        \
                name##_TAIL_COUNT})
#define TABLE_TAIL(name) TABLE_TAIL_(name) /* the table_tail in the coefficients of a function */

static GF_ALWAYS_INLINE v_mask v_in_table_tail(const table_tail tail, v x) {
  const v limit = v_set(tail.limit);
  return tail.side < 0   ? v_lt(x, v_sub(v_set(0), limit))
         : tail.side > 0 ? v_lt(limit, x)
                         : v_lt(limit, v_abs(x));
}

#endif
