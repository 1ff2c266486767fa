/* The table is four parts of 64 bytes. If an index is beyond its part, tbl gives 0 and tbx keeps
 * the old byte; so 64 is subtracted from the indices before each further part. */
#include <arm_neon.h>

typedef struct {
  uint8x16x4_t part[4];
} lookup_table;

typedef uint8x16_t lookup_bytes;

enum { LOOKUP_BLOCK = 16 };
#define LOOKUP_TARGET

static inline lookup_table lookup_prepare(const uint8_t *table) {
  lookup_table t;
  for (int i = 0; i < 16; i++)
    t.part[i / 4].val[i % 4] = vld1q_u8(table + 16 * i);
  return t;
}

static inline lookup_bytes lookup_block(const lookup_table *t, const uint8_t *x) {
  uint8x16_t index = vld1q_u8(x);
  uint8x16_t found = vqtbl4q_u8(t->part[0], index);
  for (int i = 1; i < 4; i++) {
    index = vsubq_u8(index, vdupq_n_u8(64));
    found = vqtbx4q_u8(found, t->part[i], index);
  }
  return found;
}

static inline void lookup_store(uint8_t *out, lookup_bytes v) { vst1q_u8(out, v); }
static inline void lookup_stream(uint8_t *out, lookup_bytes v) { vst1q_u8(out, v); }
static inline void lookup_stream_end(void) {}
