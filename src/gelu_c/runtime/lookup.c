/* The lookup of bytes with one instruction set, in the words of lookup/GF_ISA.h (see the README
 * there). The build compiles this file once per instruction set. */
#include "runtime/lookup.h"

#include <string.h>

#include "simd/compiler.h"

/* clang-format off */
#include GF_TEXT(runtime/lookup/GF_ISA.h)
/* clang-format on */

enum { FEW = 16 }; /* up to so many are looked up one by one: preparing the table takes longer */

gf_lookup_kernel GF_CONCAT(gf_lookup_, GF_ISA);

static void one_by_one(const uint8_t *table, const uint8_t *x, uint8_t *out, size_t n) {
  for (size_t i = 0; i < n; i++)
    out[i] = table[x[i]];
}

/* How many bytes, at most n, are before the first address that is a multiple of LOOKUP_BLOCK. */
static size_t unaligned(const uint8_t *out, size_t n) {
  const size_t before = -(uintptr_t)out % LOOKUP_BLOCK;
  return before < n ? before : n;
}

LOOKUP_TARGET static void run(const uint8_t *table, const uint8_t *x, uint8_t *out, size_t n,
                              int stream) {
  const lookup_table prepared = lookup_prepare(table);
  if (stream) {
    const size_t head = unaligned(out, n);
    one_by_one(table, x, out, head);
    x += head, out += head, n -= head;
    for (; n >= LOOKUP_BLOCK; x += LOOKUP_BLOCK, out += LOOKUP_BLOCK, n -= LOOKUP_BLOCK)
      lookup_stream(out, lookup_block(&prepared, x));
    lookup_stream_end();
  }
  for (; n >= LOOKUP_BLOCK; x += LOOKUP_BLOCK, out += LOOKUP_BLOCK, n -= LOOKUP_BLOCK)
    lookup_store(out, lookup_block(&prepared, x));
  if (n > 0) {
    uint8_t buffer[LOOKUP_BLOCK] = {0};
    memcpy(buffer, x, n);
    lookup_store(buffer, lookup_block(&prepared, buffer));
    memcpy(out, buffer, n);
  }
}

void GF_CONCAT(gf_lookup_, GF_ISA)(const uint8_t *table, const uint8_t *x, uint8_t *out, size_t n,
                                   int stream) {
#ifdef LOOKUP_NEEDS
  if (!LOOKUP_NEEDS()) {
    LOOKUP_ELSE(table, x, out, n, stream);
    return;
  }
#endif
  if (n <= FEW)
    one_by_one(table, x, out, n);
  else
    run(table, x, out, n, stream);
}
