/* Saves the caller's floating-point flags and modes while a kernel runs, and restores them. NumPy
 * reads the flags after every loop, and the caller's flush-to-zero or rounding mode would make
 * results wrong.
 *
 *     gf_fpenv saved = gf_fpenv_enter();   // round to nearest, keep subnormals, no traps
 *     ...
 *     gf_fpenv_leave(saved);               // the caller's flags and modes again
 */
#ifndef GF_FPENV_H
#define GF_FPENV_H

#if defined(__x86_64__) || defined(_M_X64)

#include <xmmintrin.h>

typedef unsigned gf_fpenv;
static inline gf_fpenv gf_fpenv_enter(void) {
  const gf_fpenv saved = _mm_getcsr();
  if ((saved & ~0x3fu) != 0x1f80) /* but for the flags; writing takes longer than a short call */
    _mm_setcsr(0x1f80);
  return saved;
}
static inline void gf_fpenv_leave(gf_fpenv saved) {
  if (_mm_getcsr() != saved)
    _mm_setcsr(saved);
}

#elif defined(__aarch64__) && defined(__GNUC__)

#include <stdint.h>

typedef struct {
  uint64_t control, status;
} gf_fpenv;
static inline gf_fpenv gf_fpenv_enter(void) {
  gf_fpenv saved;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(saved.control), "=r"(saved.status));
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0) : "memory");
  return saved;
}
static inline void gf_fpenv_leave(gf_fpenv saved) {
  __asm__ volatile("msr fpsr, %0\n\tmsr fpcr, %1"
                   :
                   : "r"(saved.status), "r"(saved.control)
                   : "memory");
}

#else

#include <fenv.h>

typedef fenv_t gf_fpenv;
static inline gf_fpenv gf_fpenv_enter(void) {
  gf_fpenv saved;
  fegetenv(&saved);
  fesetenv(FE_DFL_ENV);
  return saved;
}
static inline void gf_fpenv_leave(gf_fpenv saved) { fesetenv(&saved); }

#endif

#endif
