/* A vector of two registers, for processors with many registers. The mathematics is one long chain
 * of dependent operations, and a processor does not look far enough ahead to fill its pipes with
 * the chains of the next vectors. Two registers give it two chains at once. */
#ifndef GF_PAIR_H
#define GF_PAIR_H

#ifndef reg_mul_in_order
#define reg_mul_in_order reg_mul
#endif

enum { V_LANES = 2 * REG_LANES };
typedef struct {
  reg a, b;
} v;
typedef struct {
  reg_mask a, b;
} v_mask;
typedef struct {
  reg_piece a, b;
} v_piece;

#define EACH_1(f, x) ((v){f((x).a), f((x).b)})
#define EACH_2(f, x, y) ((v){f((x).a, (y).a), f((x).b, (y).b)})
#define EACH_3(f, x, y, z) ((v){f((x).a, (y).a, (z).a), f((x).b, (y).b, (z).b)})

#define DEFINE_MEMORY(suffix, element)                                                             \
  static inline v v_load##suffix(const element *p) {                                               \
    return (v){reg_load##suffix(p), reg_load##suffix(p + REG_LANES)};                              \
  }                                                                                                \
  static inline void v_store##suffix(element *p, v x) {                                            \
    reg_store##suffix(p, x.a);                                                                     \
    reg_store##suffix(p + REG_LANES, x.b);                                                         \
  }                                                                                                \
  static inline void v_stream##suffix(element *p, v x) {                                           \
    reg_stream##suffix(p, x.a);                                                                    \
    reg_stream##suffix(p + REG_LANES, x.b);                                                        \
  }
DEFINE_MEMORY(, real)
DEFINE_MEMORY(_F16, uint16_t)
#ifndef REAL_IS_FLOAT
DEFINE_MEMORY(_BF16, uint16_t)
#endif

static inline v v_set(real c) { return (v){reg_set(c), reg_set(c)}; }
static inline v v_add(v x, v y) { return EACH_2(reg_add, x, y); }
static inline v v_sub(v x, v y) { return EACH_2(reg_sub, x, y); }
static inline v v_mul(v x, v y) { return EACH_2(reg_mul, x, y); }
static inline v v_mul_in_order(v x, v y) { return EACH_2(reg_mul_in_order, x, y); }
static inline v v_div(v x, v y) { return EACH_2(reg_div, x, y); }
static inline v v_fma(v x, v y, v z) { return EACH_3(reg_fma, x, y, z); }
static inline v v_fnma(v x, v y, v z) { return EACH_3(reg_fnma, x, y, z); }
static inline v v_min(v x, v y) { return EACH_2(reg_min, x, y); }
static inline v v_max(v x, v y) { return EACH_2(reg_max, x, y); }
static inline v v_min_abs(v x, v y) { return EACH_2(reg_min_abs, x, y); }
static inline v v_abs(v x) { return EACH_1(reg_abs, x); }
static inline v v_copysign(v x, v s) { return EACH_2(reg_copysign, x, s); }
static inline v v_round(v x) { return EACH_1(reg_round, x); }
static inline v v_exponent(v x) { return EACH_1(reg_exponent, x); }
static inline v v_exp2i(v n) { return EACH_1(reg_exp2i, n); }
static inline v v_scale(v m, v n) { return EACH_2(reg_scale, m, n); }

static inline v_mask v_lt(v x, v y) { return (v_mask){reg_lt(x.a, y.a), reg_lt(x.b, y.b)}; }
static inline int v_differ(v x, v y) { return reg_differ(x.a, y.a, x.b, y.b); }
#ifdef REAL_IS_FLOAT
static inline v_mask v_near_tie_F16(v x, int ulps) {
  return (v_mask){reg_near_tie_F16(x.a, ulps), reg_near_tie_F16(x.b, ulps)};
}
static inline v_mask v_near_tie_BF16(v x, int ulps) {
  return (v_mask){reg_near_tie_BF16(x.a, ulps), reg_near_tie_BF16(x.b, ulps)};
}
#endif
static inline v_mask v_or(v_mask m, v_mask n) {
  return (v_mask){reg_or(m.a, n.a), reg_or(m.b, n.b)};
}
static inline v v_select(v_mask m, v x, v y) { return EACH_3(reg_select, m, x, y); }
#ifdef V_SELECTS_BY_SIGN
static inline v_mask v_negative(v x) { return (v_mask){x.a, x.b}; }
#else
static inline v_mask v_negative(v x) { return v_lt(x, v_set(0)); }
#endif
static inline int v_any(v_mask m) { return reg_any(m.a, m.b); }
static inline unsigned v_bits(v_mask m) { return reg_bits(m.a) | reg_bits(m.b) << REG_LANES; }

static inline v_piece v_piece_of(v k, unsigned shift) {
  return (v_piece){reg_piece_of(k.a, shift), reg_piece_of(k.b, shift)};
}
#ifdef LOOKS_UP_ROWS
static inline v v_low_half(v x) { return EACH_1(reg_low_half, x); }
static inline void v_lookup_row(const real *row, v number, v *c0, v *c1, v *c2, v *c3) {
  reg_lookup_row(row, number.a, &c0->a, &c1->a, &c2->a, &c3->a);
  reg_lookup_row(row, number.b, &c0->b, &c1->b, &c2->b, &c3->b);
}
#endif
#ifdef PIECE_MAJOR
static inline void v_lookup(const real *pieces, size_t stride, v_piece piece, v *first, v *second) {
  reg_lookup(pieces, stride, piece.a, &first->a, &second->a);
  reg_lookup(pieces, stride, piece.b, &first->b, &second->b);
}
#else
static inline v v_lookup(const real *column, v_piece piece) {
  return (v){reg_lookup(column, piece.a), reg_lookup(column, piece.b)};
}
#endif

#endif
