/* The conversion of float16 for clang. It looks through the intrinsic and compares the halves instead
 * of the floats: clang 22 then widens the masks, clang 14 compares one by one for AVX-512. */
static inline reg reg_load_F16(const uint16_t *p) {
  typedef struct {
    uint16_t lane[REG_LANES];
  } halves;
  reg x;
  __asm__("vcvtph2ps %1, %0" : "=v"(x) : "m"(*(const halves *)p));
  return x;
}
