/* A function applied to vectors x[0], x[1] ..., and which lanes are in its tail. Included once for each
 * function, after its mathematics. */

/* f(x[0]), f(x[0], x[1]) ... */
#define APPLY_1(f, x) f((x)[0])
#define APPLY_2(f, x) f((x)[0], (x)[1])
#define APPLY_3(f, x) f((x)[0], (x)[1], (x)[2])
#define APPLY(f, x) GF_CONCAT(APPLY_, GF_NIN)(f, x)

/* y[0], or y[0] and y[1] = f(x[0], ...) */
#define ASSIGN_1(y, value) (y)[0] = value
#define ASSIGN_2(y, value)                                                                         \
  const v_results results = value;                                                                 \
  (y)[0] = results.first;                                                                          \
  (y)[1] = results.second
#define ASSIGN(y, f, x) GF_CONCAT(ASSIGN_, GF_NOUT)(y, APPLY(f, x))

#define EVALUATE GF_CONCAT(v_, GF_FUNCTION)

#if TABLES_ARE_HALF
#define HAS_TAIL OWN(HALF_TAIL) /* without one the rows reach all numbers */
#else
#define HAS_TAIL OWN(HAS_TAIL)
#endif

#if !TABLES_ARE_HALF
#define IN_TAIL(x) APPLY(GF_CONCAT(EVALUATE, _in_tail), x)
#else
#define in_half_tail OWN(in_half_tail)
#define IN_TAIL(x) in_half_tail((x)[0])
#if HAS_TAIL
static inline v_mask in_half_tail(v x) {
  const v limit = v_set(OWN(rows).limit);
  return OWN(TAIL_SIDE) < 0   ? v_lt(x, v_sub(v_set(0), limit))
         : OWN(TAIL_SIDE) > 0 ? v_lt(limit, x)
                              : v_lt(limit, v_abs(x));
}
#endif
#endif
