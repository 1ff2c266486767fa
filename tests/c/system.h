/* What the tests ask of the system: pages without access, the environment, new processes. */
#ifndef TESTS_SYSTEM_H
#define TESTS_SYSTEM_H

#include <stdlib.h>

#if defined(_WIN32)

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#define HAS_FORK 0

static inline size_t page_size(void) {
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwPageSize;
}

static inline char *new_pages(size_t bytes) {
  return (char *)VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static inline int forbid(char *pages, size_t bytes) {
  DWORD before;
  return VirtualProtect(pages, bytes, PAGE_NOACCESS, &before) ? 0 : -1;
}

static inline void free_pages(char *pages, size_t bytes) {
  (void)bytes;
  VirtualFree(pages, 0, MEM_RELEASE);
}

static inline void set_variable(const char *name, const char *value) { _putenv_s(name, value); }
static inline void unset_variable(const char *name) { _putenv_s(name, ""); }

#else

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define HAS_FORK 1

static inline size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

/* NULL if there is no memory. */
static inline char *new_pages(size_t bytes) {
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : (char *)pages;
}

static inline int forbid(char *pages, size_t bytes) { return mprotect(pages, bytes, PROT_NONE); }
static inline void free_pages(char *pages, size_t bytes) { munmap(pages, bytes); }
static inline void set_variable(const char *name, const char *value) { setenv(name, value, 1); }
static inline void unset_variable(const char *name) { unsetenv(name); }

#endif

#endif
