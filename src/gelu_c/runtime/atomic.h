/* Loads and stores of a variable that several threads use at the same time. */
#ifndef GF_ATOMIC_H
#define GF_ATOMIC_H

#if defined(__GNUC__)
#define GF_ATOMIC_LOAD(x) __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define GF_ATOMIC_STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELEASE)
#else
#define GF_ATOMIC_LOAD(x) (x)
#define GF_ATOMIC_STORE(x, value) ((x) = (value))
#endif

#endif
