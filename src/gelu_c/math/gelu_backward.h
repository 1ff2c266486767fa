/* gelu_backward(dy, x) = dy * gelu_grad(x). */
#include "gelu_grad.h"

static inline vd gelu_backward_f64(vd dy, vd x) { return vd_mul(dy, gelu_grad_f64(x)); }

static inline vf gelu_backward_tail_f32(vf dy, vf x) { return vf_mul(dy, gelu_grad_tail_f32(x)); }

static inline vf gelu_backward_f32(vf dy, vf x) { return vf_mul(dy, gelu_grad_f32(x)); }

static inline mf gelu_backward_in_tail_f32(vf dy, vf x) {
  (void)dy;
  return gelu_grad_in_tail_f32(x);
}
