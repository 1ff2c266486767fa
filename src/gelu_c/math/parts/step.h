/* Heaviside's step function: 1 for x > 0, 0 for x <= 0, NaN for NaN. */
#ifndef GF_STEP_H
#define GF_STEP_H

/* 0, or NaN if x is NaN */
static inline v v_zero_like(v x) { return v_min(v_set(0), v_abs(x)); }

static inline v v_step(v x) { return v_select(v_lt(v_set(0), x), v_set(1), v_zero_like(x)); }

#endif
