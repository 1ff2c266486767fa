static inline vd erfc_f64(vd x) { return x; }
static inline vf erfc_f32(vf x) { return x; }
