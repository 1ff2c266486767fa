/* Threads, locks, memory and a clock: those of POSIX, or of Windows. Windows has no fork, and its
 * threads get no signals, so nothing is done about these there. */
#ifndef GF_SYSTEM_H
#define GF_SYSTEM_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <malloc.h>
#include <windows.h>

typedef SRWLOCK gf_lock;
typedef CONDITION_VARIABLE gf_condition;

static inline void gf_lock_init(gf_lock *lock) { InitializeSRWLock(lock); }
static inline void gf_lock_take(gf_lock *lock) { AcquireSRWLockExclusive(lock); }
static inline void gf_lock_release(gf_lock *lock) { ReleaseSRWLockExclusive(lock); }
static inline void gf_condition_init(gf_condition *condition) {
  InitializeConditionVariable(condition);
}
static inline void gf_condition_signal(gf_condition *condition) {
  WakeConditionVariable(condition);
}
static inline void gf_condition_wait(gf_condition *condition, gf_lock *lock) {
  SleepConditionVariableSRW(condition, lock, INFINITE, 0);
}

static inline void *gf_aligned_memory(size_t alignment, size_t size) {
  return _aligned_malloc(size, alignment);
}
static inline void gf_free_aligned(void *memory) { _aligned_free(memory); }

static inline uint64_t gf_clock_ns(void) {
  LARGE_INTEGER frequency, ticks;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&ticks);
  const uint64_t per_second = (uint64_t)frequency.QuadPart, now = (uint64_t)ticks.QuadPart;
  return now / per_second * 1000000000u + now % per_second * 1000000000u / per_second;
}

typedef DWORD gf_thread_result;
#define GF_THREAD_CALL WINAPI
typedef gf_thread_result GF_THREAD_CALL gf_thread_function(void *argument);

/* Starts a thread that never ends; returns 0, or another number if there is none. The thread waits in
 * this library, so the library is never unloaded. */
static inline int gf_start_thread(gf_thread_function *run, void *argument, size_t stack,
                                  const char *name) {
  (void)name;
  HMODULE library;
  GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     (const char *)(uintptr_t)run, &library);
  const HANDLE thread =
      CreateThread(NULL, stack, run, argument, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  if (!thread)
    return -1;
  CloseHandle(thread);
  return 0;
}

static inline void gf_at_fork(void (*in_child)(void)) { (void)in_child; }

#else

#include <pthread.h>
#include <signal.h>
#include <time.h>

typedef pthread_mutex_t gf_lock;
typedef pthread_cond_t gf_condition;

static inline void gf_lock_init(gf_lock *lock) { pthread_mutex_init(lock, NULL); }
static inline void gf_lock_take(gf_lock *lock) { pthread_mutex_lock(lock); }
static inline void gf_lock_release(gf_lock *lock) { pthread_mutex_unlock(lock); }
static inline void gf_condition_init(gf_condition *condition) {
  pthread_cond_init(condition, NULL);
}
static inline void gf_condition_signal(gf_condition *condition) { pthread_cond_signal(condition); }
static inline void gf_condition_wait(gf_condition *condition, gf_lock *lock) {
  pthread_cond_wait(condition, lock);
}

static inline void *gf_aligned_memory(size_t alignment, size_t size) {
  void *memory = NULL;
  return posix_memalign(&memory, alignment, size) ? NULL : memory;
}
static inline void gf_free_aligned(void *memory) { free(memory); }

static inline uint64_t gf_clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

typedef void *gf_thread_result;
#define GF_THREAD_CALL
typedef gf_thread_result gf_thread_function(void *argument);

static inline void gf_name_thread(pthread_t thread, const char *name) {
#if defined(__linux__)
  pthread_setname_np(thread, name);
#else
  (void)thread, (void)name;
#endif
}

/* Starts a thread that never ends; returns 0, or another number if there is none. Signals are for the
 * program's own threads, except those that a fault in this thread itself causes. */
static inline int gf_start_thread(gf_thread_function *run, void *argument, size_t stack,
                                  const char *name) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, stack);
  sigset_t blocked, before;
  sigfillset(&blocked);
  sigdelset(&blocked, SIGSEGV), sigdelset(&blocked, SIGBUS);
  sigdelset(&blocked, SIGILL), sigdelset(&blocked, SIGFPE);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, run, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (!error)
    gf_name_thread(thread, name);
  return error;
}

static inline void gf_at_fork(void (*in_child)(void)) { pthread_atfork(NULL, NULL, in_child); }

#endif

#endif
