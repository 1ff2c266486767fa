/* The GPU kernels of one function and dtype: NAME_DTYPE_vectors for operands whose elements lie
 * side by side, NAME_DTYPE_elements for all other layouts. gelu_fast/cuda/_source.py writes the
 * definitions and includes before this text.
 *
 * The operands are the inputs and then the outputs. Each has rows of `columns` elements; `outer`
 * dimensions of the given sizes number the rows. Steps are in bytes; a step of 0 repeats an element
 * or a row. A grid may have any size: its threads continue until all is done. */

#include "loops/function.h"

/* NAME_part: the parts of a function have its name */
#define OWN(part) GF_CONCAT(GF_CONCAT(GF_FUNCTION, _), part)

enum {
  OPERANDS = GF_NIN + GF_NOUT,
  OUTER_MAX = GF_OUTER_MAX,
  LANES = 16 / sizeof(ELEMENT),
  THREADS = GF_THREADS, /* of a block */
  /* The least number of blocks that a multiprocessor runs at once. More blocks hide more of the
   * time of memory accesses, but have fewer registers each; no kernel may need more registers than
   * it gets. */
  BLOCKS =
      sizeof(real) == 8 ? (LANES == 8 || OPERANDS > 4 ? 1 : 2) : (LANES == 8 ? 8 : 10) / OPERANDS
};

typedef struct {
  int64_t columns, rows, outer, sizes[OUTER_MAX];
  struct {
    char *at;
    int64_t column_step, steps[OUTER_MAX];
  } operands[OPERANDS];
} layout;

/* ---- One element */

typedef struct {
  ELEMENT of[GF_NIN];
} inputs;
typedef struct {
  ELEMENT of[GF_NOUT];
} outputs;

static inline void load(v *x, const inputs &in) {
  for (int k = 0; k < GF_NIN; k++)
    x[k] = LOAD(&in.of[k]);
}
static inline outputs rounded(const v *y) {
  outputs out;
  for (int k = 0; k < GF_NOUT; k++)
    STORE(&out.of[k], y[k]);
  return out;
}

static GF_ALWAYS_INLINE outputs evaluate(const inputs &in, bool &in_tail) {
  v x[GF_NIN], y[GF_NOUT];
  load(x, in);
  OWN(evaluate)(x, y);
#if !GF_HAS_TAIL
  in_tail = false;
#elif TABLES_ARE_HALF
  in_tail = v_in_table_tail(TABLE_TAIL(GF_FUNCTION), x[0]);
#else
  in_tail = OWN(in_tail)(x);
#endif
  return rounded(y);
}

static GF_ALWAYS_INLINE outputs evaluate_tail(const inputs &in) {
#if !GF_HAS_TAIL
  return {};
#elif TABLES_ARE_HALF
  const table_tail tail = TABLE_TAIL(GF_FUNCTION);
  return {half_from_table(in.of, tail.first, tail.results, tail.count)};
#else
  v x[GF_NIN], y[GF_NOUT];
  load(x, in);
  OWN(tail)(x, y);
  return rounded(y);
#endif
}

/* ---- Rows */

#ifdef __CUDACC__
static inline int lowest_bit(unsigned bits) { return __ffs((int)bits) - 1; }
#else
static inline int lowest_bit(unsigned bits) { return __builtin_ctz(bits); }
#endif

/* Sets at[k] to the beginning of row number `row` of each operand. */
static inline void find_row(const layout &all, int64_t row, char **at) {
  for (int k = 0; k < OPERANDS; k++)
    at[k] = all.operands[k].at;
  for (int64_t d = all.outer - 1; row > 0; d--) {
    const int64_t next = d > 0 ? row / all.sizes[d] : 0, place = row - next * all.sizes[d];
    for (int k = 0; k < OPERANDS; k++)
      at[k] += place * all.operands[k].steps[d];
    row = next;
  }
}

static inline inputs inputs_at(const layout &all, char *const *at, int64_t column) {
  inputs in;
  for (int k = 0; k < GF_NIN; k++)
    in.of[k] = *(const ELEMENT *)(at[k] + column * all.operands[k].column_step);
  return in;
}

static inline void one_element(const layout &all, char *const *at, int64_t column) {
  const inputs in = inputs_at(all, at, column);
  bool in_tail;
  outputs out = evaluate(in, in_tail);
  if (in_tail)
    out = evaluate_tail(in);
  for (int k = 0; k < GF_NOUT; k++)
    *(ELEMENT *)(at[GF_NIN + k] + column * all.operands[GF_NIN + k].column_step) = out.of[k];
}

/* 16 bytes, which are read and written at once */
struct alignas(16) vector {
  ELEMENT of[LANES];
};

static inline void one_vector(const layout &all, char *const *at, int64_t column) {
  vector x[GF_NIN], y[GF_NOUT];
  for (int k = 0; k < GF_NIN; k++) {
    if (all.operands[k].column_step != 0)
      x[k] = *(const vector *)(at[k] + column * (int)sizeof(ELEMENT));
    else
      for (int i = 0; i < LANES; i++)
        x[k].of[i] = *(const ELEMENT *)at[k];
  }
  unsigned tails = 0;
  GF_UNROLL
  for (int i = 0; i < LANES; i++) {
    inputs in;
    for (int k = 0; k < GF_NIN; k++)
      in.of[k] = x[k].of[i];
    bool in_tail;
    const outputs out = evaluate(in, in_tail);
    tails |= (unsigned)in_tail << i;
    for (int k = 0; k < GF_NOUT; k++)
      y[k].of[i] = out.of[k];
  }
  for (; tails != 0; tails &= tails - 1) { /* rare, so one by one, and the inputs are read again */
    const int lane = lowest_bit(tails);
    const outputs out = evaluate_tail(inputs_at(all, at, column + lane));
    GF_UNROLL
    for (int i = 0; i < LANES; i++) /* constant indexes keep y in registers */
      for (int k = 0; k < GF_NOUT; k++)
        y[k].of[i] = i == lane ? out.of[k] : y[k].of[i];
  }
  for (int k = 0; k < GF_NOUT; k++)
    *(vector *)(at[GF_NIN + k] + column * (int)sizeof(ELEMENT)) = y[k];
}

/* ---- Kernels */

#define KERNEL(access) GF_CONCAT(OWN(GF_DTYPE), _##access)

/* Runs body for each row and each column that is a multiple of `width`; the grid shares both. */
#define FOR_EACH(width, body)                                                                      \
  const int64_t first = ((int64_t)blockIdx.x * blockDim.x + threadIdx.x) * (width);                \
  const int64_t stride = (int64_t)gridDim.x * blockDim.x * (width);                                \
  for (int64_t row = (int64_t)blockIdx.y * blockDim.y + threadIdx.y; row < all.rows;               \
       row += (int64_t)gridDim.y * blockDim.y) {                                                   \
    char *at[OPERANDS];                                                                            \
    find_row(all, row, at);                                                                        \
    for (int64_t column = first; column < all.columns; column += stride)                           \
      body;                                                                                        \
  }

/* Every row must begin at a multiple of 16 bytes. The column step must be the size of an element,
 * or 0 for an input. */
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS)
    KERNEL(vectors)(const __grid_constant__ layout all) {
  FOR_EACH(LANES, {
    if (all.columns - column >= LANES)
      one_vector(all, at, column);
    else
      for (int64_t i = column; i < all.columns; i++)
        one_element(all, at, i);
  })
}

extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS)
    KERNEL(elements)(const __grid_constant__ layout all) {
  FOR_EACH(1, one_element(all, at, column))
}
