/* A float32 vector through a float64 function: exact to 0.5 ULP and a bit, at four times the cost. */
#ifndef GF_WIDEN_H
#define GF_WIDEN_H

static inline vf vf_widen(vf x, vd (*f)(vd)) {
  float lanes[VF_LANES];
  vf_store(lanes, x);
  for (int i = 0; i < VF_LANES; i += VD_LANES)
    vd_store_f32(lanes + i, f(vd_load_f32(lanes + i)));
  return vf_load(lanes);
}

#endif
