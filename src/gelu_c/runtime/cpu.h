/* The features of the CPU that the operating system supports. */
#ifndef GF_CPU_H
#define GF_CPU_H

/* name as printed, name in C, bit */
#define GF_CPU_FEATURES(F)                                                                         \
  F(avx2, AVX2, 0)                                                                                 \
  F(fma, FMA, 1)                                                                                   \
  F(f16c, F16C, 2)                                                                                 \
  F(avx512f, AVX512F, 3)                                                                           \
  F(avx512bw, AVX512BW, 4)                                                                         \
  F(avx512dq, AVX512DQ, 5)                                                                         \
  F(avx512vl, AVX512VL, 6)                                                                         \
  F(neon, NEON, 7)                                                                                 \
  F(avx512vbmi, AVX512VBMI, 8)

enum {
#define F(name, NAME, bit) GF_CPU_##NAME = 1 << bit,
  GF_CPU_FEATURES(F)
#undef F
};

/* Returns an OR of GF_CPU_*: the features that the CPU has and whose registers the operating system
 * saves on a context switch. */
unsigned gf_cpu_detect(void);

#endif
