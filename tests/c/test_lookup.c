/* Tests gf_lookup_u8 on every instruction set of this machine: at every length and alignment, in
 * place, with and without streaming stores, and as on a CPU without AVX-512 VBMI. Arrays begin and
 * end at pages without access. It is built like test_api.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The CPU detection of this program: that of the library, without the hidden features. */
#define gf_cpu_detect detect_all
#include "runtime/cpu.c"
#undef gf_cpu_detect

#include "gelu_c.h"
#include "runtime/stream.h"
#include "system.h"

static unsigned hidden;

unsigned gf_cpu_detect(void);
unsigned gf_cpu_detect(void) { return detect_all() & ~hidden; }

enum { LONGEST = 700, OFFSETS = 70 };

static uint8_t table[256];

/* Every byte occurs. */
static uint8_t input(size_t i) { return (uint8_t)(i * 167 + i / 256 + 13); }

/* A page with pages without access before and after it; NULL if that fails. */
static uint8_t *guarded_page(size_t page) {
  char *at = new_pages(3 * page);
  if (!at || forbid(at, page) || forbid(at + 2 * page, page))
    return NULL;
  return (uint8_t *)at + page;
}

/* Whether the outputs are right and nothing else on their page was written. */
static int as_wanted(const uint8_t *page, size_t size, const uint8_t *out, size_t n) {
  for (size_t i = 0; i < size; i++) {
    const uint8_t *at = page + i;
    if (*at != (at >= out && at < out + n ? table[input((size_t)(at - out))] : 0x5a))
      return 0;
  }
  return 1;
}

/* Looks up n bytes from x to out, which may be the same; returns whether all is right. */
static int looked_up(uint8_t *page, size_t size, uint8_t *x, uint8_t *out, size_t n) {
  memset(page, 0x5a, size);
  for (size_t i = 0; i < n; i++)
    x[i] = input(i);
  gf_lookup_u8(table, x, out, n);
  return as_wanted(page, size, out, n);
}

static int every_length(uint8_t *in, uint8_t *out, size_t page) {
  int wrong = 0;
  for (size_t n = 0; n <= LONGEST; n += n < 300 ? 1 : 37) {
    wrong += !looked_up(out, page, in, out, n);
    wrong += !looked_up(out, page, in + page - n, out + page - n, n);
    wrong += !looked_up(out, page, out, out, n);
    wrong += !looked_up(out, page, out + page - n, out + page - n, n);
    for (size_t k = 0; k < OFFSETS; k += 1 + n / 16)
      wrong += !looked_up(out, page, in + page - n - OFFSETS + k, out + page - n - k, n);
  }
  return wrong;
}

static int every_isa(const char *on) {
  const size_t page = page_size();
  uint8_t *in = guarded_page(page), *out = guarded_page(page);
  int failed = 0;
  if (!in || !out) {
    perror("mmap");
    return 1;
  }
  for (size_t k = 0; k < gf_isa_count(); k++) {
    if (!gf_isa_available(k))
      continue;
    gf_isa_select(gf_isa_name(k));
    int wrong = 0;
    for (size_t least = 1; least; least = least == 1 ? SIZE_MAX : 0) { /* streamed, then not */
      gf_set_stream_bytes(least);
      wrong += every_length(in, out, page);
    }
    printf("%s lookup on %s%s", wrong ? "FAILED" : "ok    ", gf_isa(), on);
    printf(wrong ? ": %d calls\n" : "\n", wrong);
    failed += wrong > 0;
  }
  fflush(stdout);
  return failed;
}

int main(void) {
  for (size_t i = 0; i < sizeof table; i++)
    table[i] = (uint8_t)(i * i * 7 + (i >> 3) + 91);
  int status = 0;
#if HAS_FORK
  const pid_t child = fork(); /* because the library detects the features only once */
  if (child == 0) {
    hidden = GF_CPU_AVX512VBMI;
    _exit(every_isa(" without avx512vbmi") > 0);
  }
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    perror("fork");
    status = 1;
  }
#endif
  return every_isa("") > 0 || status != 0;
}
