#include "parts/erfc_tail.h"
#include "parts/widen.h"

static inline vd erfc_f64(vd x) {
  const vd tail = vd_erfc_tail(vd_min(vd_set(ERFC_Z_MAX), vd_abs(x)));
  return vd_select(vd_lt(x, vd_set(0)), vd_sub(vd_set(2), tail), tail);
}

static inline vf erfc_f32(vf x) { return vf_widen(x, erfc_f64); }
