/* gelu_tanh_backward(dy, x) = dy * gelu_tanh_grad(x). */
#include "gelu_tanh_grad.h"

static inline vd gelu_tanh_backward_f64(vd dy, vd x) { return vd_mul(dy, gelu_tanh_grad_f64(x)); }

static inline vf gelu_tanh_backward_tail_f32(vf dy, vf x) {
  return vf_mul(dy, gelu_tanh_grad_tail_f32(x));
}

static inline vf gelu_tanh_backward_f32(vf dy, vf x) { return vf_mul(dy, gelu_tanh_grad_f32(x)); }

static inline mf gelu_tanh_backward_in_tail_f32(vf dy, vf x) {
  (void)dy;
  return gelu_tanh_grad_in_tail_f32(x);
}
