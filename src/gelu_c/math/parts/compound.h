/* Functions made of others: the same bits as the calls that they stand for, in one pass. A DEFINE_..._TAIL
 * goes with functions that have a tail. */
#ifndef GF_COMPOUND_H
#define GF_COMPOUND_H

/* name(gate, up) = function(gate) * up */
#define DEFINE_GATE(name, function)                                                                \
  static inline v v_##name(v gate, v up) { return v_mul(v_##function(gate), up); }
#define DEFINE_GATE_TAIL(name, function)                                                           \
  static inline v v_##name##_tail(v gate, v up) { return v_mul(v_##function##_tail(gate), up); }   \
  static inline v_mask v_##name##_in_tail(v gate, v up) {                                          \
    (void)up;                                                                                      \
    return v_##function##_in_tail(gate);                                                           \
  }

/* name(dy, gate, up) = function_backward(dy * up, gate), function(gate) * dy */
#define DEFINE_GATE_BACKWARD(name, function)                                                       \
  static inline v_results v_##name(v dy, v gate, v up) {                                           \
    return (v_results){v_##function##_backward(v_mul(dy, up), gate),                               \
                       v_mul(v_##function(gate), dy)};                                             \
  }
/* A lane may be in the tail of one of them only. */
#define DEFINE_GATE_BACKWARD_TAIL(name, function)                                                  \
  static inline v_mask v_##name##_in_tail(v dy, v gate, v up) {                                    \
    (void)up;                                                                                      \
    return v_or(v_##function##_backward_in_tail(dy, gate), v_##function##_in_tail(gate));          \
  }                                                                                                \
  static inline v_results v_##name##_tail(v dy, v gate, v up) {                                    \
    const v dy_up = v_mul(dy, up);                                                                 \
    const v dgate =                                                                                \
        v_select(v_##function##_backward_in_tail(dy_up, gate),                                     \
                 v_##function##_backward_tail(dy_up, gate), v_##function##_backward(dy_up, gate)); \
    const v y =                                                                                    \
        v_select(v_##function##_in_tail(gate), v_##function##_tail(gate), v_##function(gate));     \
    return (v_results){dgate, v_mul(y, dy)};                                                       \
  }

/* name(x, b) = function(x + b), name(x, b) = function(b * x) */
#define DEFINE_OF_TWO(name, function, join)                                                        \
  static inline v v_##name(v x, v b) { return v_##function(join(x, b)); }
#define DEFINE_OF_TWO_TAIL(name, function, join)                                                   \
  static inline v v_##name##_tail(v x, v b) { return v_##function##_tail(join(x, b)); }            \
  static inline v_mask v_##name##_in_tail(v x, v b) { return v_##function##_in_tail(join(x, b)); }
#define DEFINE_BIAS(name, function) DEFINE_OF_TWO(name, function, v_add)
#define DEFINE_BIAS_TAIL(name, function) DEFINE_OF_TWO_TAIL(name, function, v_add)
#define DEFINE_SCALED(name, function) DEFINE_OF_TWO(name, function, v_mul)
#define DEFINE_SCALED_TAIL(name, function) DEFINE_OF_TWO_TAIL(name, function, v_mul)

/* name(dy, x, b) = function_backward(dy, x + b), name(dy, x, b) = function_backward(dy, b * x) */
#define DEFINE_BACKWARD_OF_TWO(name, function, join)                                               \
  static inline v v_##name(v dy, v x, v b) { return v_##function##_backward(dy, join(x, b)); }
#define DEFINE_BACKWARD_OF_TWO_TAIL(name, function, join)                                          \
  static inline v v_##name##_tail(v dy, v x, v b) {                                                \
    return v_##function##_backward_tail(dy, join(x, b));                                           \
  }                                                                                                \
  static inline v_mask v_##name##_in_tail(v dy, v x, v b) {                                        \
    return v_##function##_backward_in_tail(dy, join(x, b));                                        \
  }
#define DEFINE_BIAS_BACKWARD(name, function) DEFINE_BACKWARD_OF_TWO(name, function, v_add)
#define DEFINE_BIAS_BACKWARD_TAIL(name, function) DEFINE_BACKWARD_OF_TWO_TAIL(name, function, v_add)
#define DEFINE_SCALED_BACKWARD(name, function) DEFINE_BACKWARD_OF_TWO(name, function, v_mul)
#define DEFINE_SCALED_BACKWARD_TAIL(name, function)                                                \
  DEFINE_BACKWARD_OF_TWO_TAIL(name, function, v_mul)

#endif
