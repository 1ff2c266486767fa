/* Loads and stores of a variable that several threads use at the same time.
 *
 * GF_ATOMIC_STORE_IF(x, old, value) stores the value if x equals the variable `old`; otherwise it
 * puts what x is into `old`, and returns 0. */
#ifndef GF_ATOMIC_H
#define GF_ATOMIC_H

#if defined(__GNUC__) || defined(__clang__)
#define GF_ATOMIC_LOAD(x) __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define GF_ATOMIC_STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELEASE)
#define GF_ATOMIC_STORE_IF(x, old, value)                                                          \
  __atomic_compare_exchange_n(&(x), &(old), value, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
#else
#define GF_ATOMIC_LOAD(x) (x)
#define GF_ATOMIC_STORE(x, value) ((x) = (value))
#define GF_ATOMIC_STORE_IF(x, old, value) ((x) == (old) ? ((x) = (value), 1) : ((old) = (x), 0))
#endif

#endif
