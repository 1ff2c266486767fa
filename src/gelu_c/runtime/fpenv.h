/* Saves the caller's floating-point flags and modes while a kernel runs, and restores them. NumPy
 * reads the flags after every loop, and the caller's flush-to-zero or rounding mode would make
 * results wrong.
 *
 *     gf_fpenv saved = gf_fpenv_enter(is_quiet);   // round to nearest, keep subnormals, no traps
 *     ...
 *     gf_fpenv_leave(saved, is_quiet);             // the caller's flags and modes again
 *
 * is_quiet: 1 if the kernel raises no flags (loops/one_vector.h), as a rule
 */
#ifndef GF_FPENV_H
#define GF_FPENV_H

#if defined(__x86_64__) || defined(_M_X64)

#include <xmmintrin.h>

/* On Intel's processors, an instruction that raises a flag takes 100 ns, and to read the register
 * after it was written takes 20 ns; other reads and writes take 1 to 4. So if the kernel would raise
 * the inexact flag, all flags are raised before, and the register is not read again. Mostly the kernel
 * is quiet or the caller's arithmetic has raised the flag: then nothing is written. */
enum { GF_MXCSR_FLAGS = 0x3f, GF_MXCSR_INEXACT = 0x20, GF_MXCSR_DEFAULT = 0x1f80 };

typedef unsigned gf_fpenv;
static inline int gf_fpenv_raises(gf_fpenv saved, int is_quiet) {
  return !is_quiet && !(saved & GF_MXCSR_INEXACT);
}
static inline gf_fpenv gf_fpenv_enter(int is_quiet) {
  const gf_fpenv saved = _mm_getcsr();
  if (gf_fpenv_raises(saved, is_quiet))
    _mm_setcsr(GF_MXCSR_DEFAULT | GF_MXCSR_FLAGS);
  else if ((saved & ~(unsigned)GF_MXCSR_FLAGS) != GF_MXCSR_DEFAULT)
    _mm_setcsr(GF_MXCSR_DEFAULT | (saved & GF_MXCSR_FLAGS));
  return saved;
}
static inline void gf_fpenv_leave(gf_fpenv saved, int is_quiet) {
  if (gf_fpenv_raises(saved, is_quiet) || _mm_getcsr() != saved)
    _mm_setcsr(saved);
}

/* Between enter and leave: whether operands that are subnormal count as 0, and whether an instruction
 * has had one since the last gf_fpenv_forget_subnormals. */
enum { GF_MXCSR_SUBNORMAL = 0x2, GF_MXCSR_SUBNORMALS_ARE_ZERO = 0x40 };
static inline void gf_fpenv_take_subnormals_for_zero(int on) {
  const unsigned others = _mm_getcsr() & ~(unsigned)GF_MXCSR_SUBNORMALS_ARE_ZERO;
  _mm_setcsr(others | (on ? GF_MXCSR_SUBNORMALS_ARE_ZERO : 0));
}
static inline int gf_fpenv_had_subnormals(void) { return _mm_getcsr() & GF_MXCSR_SUBNORMAL; }
static inline void gf_fpenv_forget_subnormals(void) {
  _mm_setcsr(_mm_getcsr() & ~(unsigned)GF_MXCSR_SUBNORMAL);
}

#elif defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__))

#include <stdint.h>

typedef struct {
  uint64_t control, status;
} gf_fpenv;
static inline gf_fpenv gf_fpenv_enter(int is_quiet) {
  (void)is_quiet;
  gf_fpenv saved;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(saved.control), "=r"(saved.status));
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0) : "memory");
  return saved;
}
static inline void gf_fpenv_leave(gf_fpenv saved, int is_quiet) {
  (void)is_quiet;
  __asm__ volatile("msr fpsr, %0\n\tmsr fpcr, %1"
                   :
                   : "r"(saved.status), "r"(saved.control)
                   : "memory");
}

#else

#include <fenv.h>

typedef fenv_t gf_fpenv;
static inline gf_fpenv gf_fpenv_enter(int is_quiet) {
  (void)is_quiet;
  gf_fpenv saved;
  fegetenv(&saved);
  fesetenv(FE_DFL_ENV);
  return saved;
}
static inline void gf_fpenv_leave(gf_fpenv saved, int is_quiet) {
  (void)is_quiet;
  fesetenv(&saved);
}

#endif

#endif
