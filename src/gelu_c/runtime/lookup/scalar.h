/* Looks up one byte after another; four are loaded before the first is stored. */
typedef struct {
  const uint8_t *of;
} lookup_table;

typedef struct {
  uint8_t at[4];
} lookup_bytes;

enum { LOOKUP_BLOCK = 4 };
#define LOOKUP_TARGET

static inline lookup_table lookup_prepare(const uint8_t *table) { return (lookup_table){table}; }

static inline lookup_bytes lookup_block(const lookup_table *t, const uint8_t *x) {
  return (lookup_bytes){{t->of[x[0]], t->of[x[1]], t->of[x[2]], t->of[x[3]]}};
}

static inline void lookup_store(uint8_t *out, lookup_bytes v) {
  for (int i = 0; i < LOOKUP_BLOCK; i++)
    out[i] = v.at[i];
}

static inline void lookup_stream(uint8_t *out, lookup_bytes v) { lookup_store(out, v); }
static inline void lookup_stream_end(void) {}
