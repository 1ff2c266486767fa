/* A function as the loops see it: a constant, from which the compiler makes code for this function. */
#ifndef GF_FUNCTION_H
#define GF_FUNCTION_H

enum { INPUTS_MAX = 3, OUTPUTS_MAX = 2 };

typedef struct {
  int nin, nout;
  void (*evaluate)(const v *in, v *out); /* except where an input is in the tail */
  void (*tail)(const v *in, v *out);     /* where it is; NULL: there is no tail */
  v_mask (*in_tail)(const v *in);
} function;

/* The results beyond the pieces of a 16-bit type are so few that they are a table: the first entry is the
 * result for the magnitude with the bits `first`, the last one for all greater magnitudes. */
typedef struct {
  real limit; /* of the pieces */
  int side;   /* -1 or 1: the tail is on the left or on the right only; 0: on both sides */
  const uint16_t *results;
  uint16_t first, count;
} table_tail;

#define TABLE_TAIL_(name)                                                                          \
  ((table_tail){name##_pieces.limit, name##_TAIL_SIDE, name##_half_tail, name##_TAIL_FIRST,        \
                name##_TAIL_COUNT})
#define TABLE_TAIL(name) TABLE_TAIL_(name) /* of a function, from its coefficients */

static GF_ALWAYS_INLINE v_mask v_in_table_tail(const table_tail tail, v x) {
  const v limit = v_set(tail.limit);
  return tail.side < 0   ? v_lt(x, v_sub(v_set(0), limit))
         : tail.side > 0 ? v_lt(limit, x)
                         : v_lt(limit, v_abs(x));
}

#endif
