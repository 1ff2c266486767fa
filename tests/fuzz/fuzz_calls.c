/* A fuzz target for libFuzzer: calls any row of the table through gf_call and gf_call_part on arrays
 * with any strides, places and overlaps that gelu_c.h allows, with any instruction set, number of
 * threads and kind of stores; and gf_lookup_u8.
 *
 * Each result must have the bits of a call on one element; no other byte and no floating-point flag
 * may change. Arrays fill their memory, whose ends are red zones of AddressSanitizer, or pages
 * without access: masked loads and stores are seen only there. fuzz.py builds and runs this. */
#define _GNU_SOURCE
#include <fenv.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "gelu_c.h"

enum { ARGS_MAX = 5, LONGEST = 2200, ROOM = 1 << 16, PAGE = 1 << 16, SHIFT_MAX = 96 };

#define REQUIRE(condition)                                                                         \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                    \
      describe();                                                                                  \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

/* ---- The input is a list of decisions; after its end all are 0. */

static const uint8_t *next, *end;

static unsigned pick(unsigned below) { /* below: at most 65536 */
  const unsigned high = next < end ? *next++ : 0;
  const unsigned low = below > 256 && next < end ? *next++ : 0;
  return (below > 256 ? high << 8 | low : high) % below;
}

static uint64_t state;

static uint64_t random_bits(void) { /* splitmix64 */
  uint64_t x = state += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* ---- Memory: a place is one allocation, which one or several arrays fill. */

typedef struct {
  char *start, *model; /* the second has the expected bytes */
  size_t size;
  int is_paged;
} place;

static char *pages[ARGS_MAX]; /* ROOM bytes each, between pages without access */

static char *make_pages(void) {
  char *at = mmap(NULL, PAGE + ROOM + PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED || mprotect(at + PAGE, ROOM, PROT_READ | PROT_WRITE))
    exit(2);
  return at + PAGE;
}

static place make_place(int k, size_t size, unsigned kind) {
  if (!pages[k])
    pages[k] = make_pages();
  place p = {NULL, malloc(size), size, kind > 0};
  p.start = kind == 0 ? malloc(size) : kind == 1 ? pages[k] + ROOM - size : pages[k];
  return p;
}

static void free_place(place *p) {
  if (!p->is_paged)
    free(p->start);
  free(p->model);
}

/* ---- A call */

static struct {
  const gf_row *row;
  size_t n, size;
  int nin, count;
  int place_of[ARGS_MAX];
  ptrdiff_t from[ARGS_MAX]; /* where the first element lies in its place */
  ptrdiff_t steps[ARGS_MAX];
  place places[ARGS_MAX];
  int place_count;
} call;

static void describe(void) {
  fprintf(stderr, "%s, dtype %d, on %s, n = %zu, threads %d\n",
          call.row ? call.row->function->name : "lookup", call.row ? (int)call.row->dtype : -1,
          gf_isa(), call.n, gf_num_threads());
  for (int k = 0; k < call.count; k++)
    fprintf(stderr, "  array %d: place %d (%zu bytes), from %td, step %td\n", k, call.place_of[k],
            call.places[call.place_of[k]].size, call.from[k], call.steps[k]);
}

static char *element(char *start, int k, size_t i) {
  return start + call.from[k] + call.steps[k] * (ptrdiff_t)i;
}

static ptrdiff_t pick_step(void) {
  const ptrdiff_t size = (ptrdiff_t)call.size;
  const ptrdiff_t most = call.n > 1 ? (ROOM - 512) / (ptrdiff_t)call.n : 64;
  ptrdiff_t step = size;
  switch (pick(6)) {
  case 1:
    step = 0;
    break;
  case 2:
    step = -size;
    break;
  case 3:
    step = size * ((ptrdiff_t)pick(17) - 8);
    break;
  case 4:
    step = (ptrdiff_t)pick(129) - 64;
    break;
  }
  return step > most ? most : step < -most ? -most : step;
}

/* Chooses strides and places; an array may share the place of an earlier one. */
static void arrange(void) {
  ptrdiff_t lowest[ARGS_MAX], highest[ARGS_MAX];
  call.place_count = 0;
  for (int k = 0; k < call.count; k++) {
    const int earlier = k > 0 && pick(3) == 1 ? (int)pick((unsigned)k) : -1;
    if (earlier < 0) {
      call.place_of[k] = call.place_count++;
      call.steps[k] = pick_step();
      call.from[k] = 0;
    } else {
      call.place_of[k] = call.place_of[earlier];
      call.steps[k] = pick(3) == 2 ? pick_step() : call.steps[earlier];
      call.from[k] = call.from[earlier];
      switch (pick(4)) {
      case 1:
        call.from[k] -= call.steps[earlier] * (ptrdiff_t)(1 + pick(40));
        break;
      case 2:
        call.from[k] += call.steps[earlier];
        break; /* a chain */
      case 3:
        call.from[k] += (ptrdiff_t)pick(2 * SHIFT_MAX + 1) - SHIFT_MAX;
        break;
      }
    }
    const ptrdiff_t last = call.from[k] + call.steps[k] * (ptrdiff_t)(call.n - 1);
    const ptrdiff_t low = last < call.from[k] ? last : call.from[k];
    const ptrdiff_t high = (last < call.from[k] ? call.from[k] : last) + (ptrdiff_t)call.size;
    const int p = call.place_of[k];
    lowest[p] = earlier < 0 || low < lowest[p] ? low : lowest[p];
    highest[p] = earlier < 0 || high > highest[p] ? high : highest[p];
  }
  for (int k = 0; k < call.count; k++)
    call.from[k] -= lowest[call.place_of[k]];
  for (int p = 0; p < call.place_count; p++) {
    /* Bytes before the arrays change their alignment. */
    const unsigned kind = pick(3);
    const ptrdiff_t before = kind == 1 ? 0 : (ptrdiff_t)pick(9);
    const size_t size = (size_t)(highest[p] - lowest[p] + before);
    for (int k = 0; k < call.count; k++)
      call.from[k] += call.place_of[k] == p ? before : 0;
    call.places[p] = make_place(p, size, size > ROOM ? 0 : kind);
  }
}

static int is_chain(void) {
  return call.nin == 2 && call.count == 3 && call.place_of[0] == call.place_of[2] &&
         call.steps[0] == call.steps[2] && call.from[0] + call.steps[0] == call.from[2] &&
         (call.steps[0] == 0 || (size_t)labs(call.steps[0]) >= call.size);
}

/* Whether gelu_c.h allows the overlaps: a result lies where no later element of an input lies, and
 * no other result. */
static int is_allowed(void) {
  for (int p = 0; p < call.place_count; p++) {
    static int last_read[4 * ROOM], is_written[4 * ROOM];
    if (call.places[p].size > 4 * ROOM)
      return 0;
    memset(last_read, -1, call.places[p].size * sizeof(int));
    memset(is_written, 0, call.places[p].size * sizeof(int));
    for (int k = is_chain() ? 1 : 0; k < call.nin; k++)
      for (size_t i = 0; call.place_of[k] == p && i < call.n; i++)
        for (size_t b = 0; b < call.size; b++) {
          int *last = &last_read[(size_t)(call.from[k] + call.steps[k] * (ptrdiff_t)i) + b];
          *last = *last > (int)i ? *last : (int)i;
        }
    for (int k = call.nin; k < call.count; k++)
      for (size_t i = 0; call.place_of[k] == p && i < call.n; i++)
        for (size_t b = 0; b < call.size; b++) {
          const size_t at = (size_t)(call.from[k] + call.steps[k] * (ptrdiff_t)i) + b;
          if (last_read[at] > (int)i || (is_written[at] && !(is_chain() && call.steps[k] == 0)))
            return 0;
          is_written[at] = 1;
        }
  }
  return 1;
}

/* Whether every input is apart from the outputs or is one of them. */
static int may_be_parted(void) {
  for (int k = 0; k < call.nin; k++)
    for (int l = call.nin; l < call.count; l++)
      if (call.place_of[k] == call.place_of[l] &&
          (call.from[k] != call.from[l] || call.steps[k] != call.steps[l]))
        return 0;
  return 1;
}

/* ---- Numbers */

static void put_number(char *at, gf_dtype dtype, unsigned kind) {
  const uint64_t any = random_bits();
  const double unit = (double)(any >> 11) * 0x1p-53;
  static const double specials[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 1.0, -1.0, 0.5};
  double x = 0;
  switch (kind == 0 ? random_bits() % 6 : kind) {
  case 1:
    x = specials[any % 8];
    break;
  case 2:
    x = 8 * unit - 4;
    break;
  case 3:
    x = -4 - 40 * unit;
    break; /* in the tail of most functions */
  case 4:
    x = ldexp(unit - 0.5, dtype == GF_F64 ? -1030 : -130);
    break;
  default:
    memcpy(at, &any, gf_dtype_size(dtype));
    return; /* any bits */
  }
  const float single = (float)x;
  if (dtype == GF_F64)
    memcpy(at, &x, sizeof x);
  else if (dtype == GF_F32)
    memcpy(at, &single, sizeof single);
  else if (dtype == GF_BF16)
    memcpy(at, (const char *)&single + 2, 2); /* on little-endian machines */
  else
    memcpy(at, &any, 2);
}

static void fill(void) {
  state = pick(256);
  for (int p = 0; p < call.place_count; p++)
    for (size_t b = 0; b < call.places[p].size; b++)
      call.places[p].start[b] = (char)random_bits();
  for (int k = 0; k < call.nin; k++) {
    const unsigned kind = pick(6);
    for (size_t i = 0; i < call.n; i++) {
      char number[sizeof(double)];
      put_number(number, call.row->dtype, kind);
      memcpy(element(call.places[call.place_of[k]].start, k, i), number, call.size);
    }
  }
  for (int p = 0; p < call.place_count; p++)
    memcpy(call.places[p].model, call.places[p].start, call.places[p].size);
}

/* ---- The expected bytes, and the call */

/* Whether an element may be one of several NaNs: if two factors of a product are NaN, either may be
 * the result. One may come of 0 * inf, inside a function of three inputs. */
static char may_be_other_nan[LONGEST + 2];

static int is_nan(const char *at) {
  static const int mantissas[] = {10, 7, 23, 52};
  const int mantissa = mantissas[call.row->dtype];
  uint64_t bits = 0;
  memcpy(&bits, at, call.size); /* on little-endian machines */
  const uint64_t magnitude = bits << (64 - 8 * call.size) << 1 >> 1 >> (64 - 8 * call.size);
  const uint64_t infinity = (((uint64_t)1 << (8 * call.size - 1)) - 1) >> mantissa << mantissa;
  return magnitude > infinity;
}

static void compute_model(void) {
  static const ptrdiff_t no_steps[ARGS_MAX];
  for (size_t i = 0; i < call.n; i++) {
    double numbers[ARGS_MAX]; /* aligned */
    char *args[ARGS_MAX];
    for (int k = 0; k < call.count; k++) {
      args[k] = (char *)&numbers[k];
      if (k < call.nin)
        memcpy(args[k], element(call.places[call.place_of[k]].model, k, i), call.size);
    }
    int nans = is_chain() && i > 0 && may_be_other_nan[i - 1]; /* another NaN may be the input */
    for (int k = 0; k < call.nin; k++)
      nans += is_nan(args[k]);
    may_be_other_nan[i] = nans > (call.nin < 3);
    gf_call(call.row, args, no_steps, 1);
    for (int k = call.nin; k < call.count; k++)
      memcpy(element(call.places[call.place_of[k]].model, k, i), args[k], call.size);
  }
}

static void compute(void) {
  char *args[ARGS_MAX];
  for (int k = 0; k < call.count; k++)
    args[k] = element(call.places[call.place_of[k]].start, k, 0);
  const int in_parts = pick(3) == 1 && !is_chain() && may_be_parted();
  const size_t border = in_parts ? pick((unsigned)call.n + 1) : 0;
  feclearexcept(FE_ALL_EXCEPT);
  feraiseexcept(in_parts ? FE_INEXACT : 0);
  const int flags = fetestexcept(FE_ALL_EXCEPT);
  if (in_parts) {
    gf_call_part(call.row, args, call.steps, call.n, border, call.n - border);
    gf_call_part(call.row, args, call.steps, call.n, 0, border);
  } else {
    gf_call(call.row, args, call.steps, call.n);
  }
  REQUIRE(fetestexcept(FE_ALL_EXCEPT) == flags);
}

static uint64_t number_at(char *start, int k, size_t i) {
  uint64_t bits = 0;
  memcpy(&bits, element(start, k, i), call.size); /* on little-endian machines */
  return bits;
}

static void compare(void) {
  for (int k = call.nin; k < call.count; k++) {
    const place *p = &call.places[call.place_of[k]];
    for (size_t i = 0; i < call.n; i++) {
      char *got = element(p->start, k, i), *want = element(p->model, k, i);
      if (may_be_other_nan[i] && is_nan(got) && is_nan(want))
        memcpy(want, got, call.size);
      if (memcmp(got, want, call.size) == 0)
        continue;
      fprintf(stderr, "array %d, element %zu: %#" PRIx64 " instead of %#" PRIx64 " of", k, i,
              number_at(p->start, k, i), number_at(p->model, k, i));
      for (int in = 0; in < call.nin; in++) /* unless a result lies there */
        fprintf(stderr, " %#" PRIx64, number_at(call.places[call.place_of[in]].model, in, i));
      fprintf(stderr, "\n");
    }
  }
  for (int p = 0; p < call.place_count; p++)
    REQUIRE(memcmp(call.places[p].start, call.places[p].model, call.places[p].size) == 0);
}

static void call_row(size_t number) {
  call.row = gf_row_at(number);
  call.nin = call.row->function->nin;
  call.count = call.nin + call.row->function->nout;
  call.size = gf_dtype_size(call.row->dtype);
  call.n = 1 + (pick(2) ? pick(LONGEST) : pick(70));
  arrange();
  if (is_allowed()) {
    fill();
    compute_model();
    compute();
    compare();
  }
  for (int p = 0; p < call.place_count; p++)
    free_place(&call.places[p]);
}

static void look_up(void) {
  uint8_t table[256];
  call.row = NULL, call.count = 0;
  call.n = pick(LONGEST);
  state = pick(256);
  for (int i = 0; i < 256; i++)
    table[i] = (uint8_t)random_bits();
  const unsigned kind = pick(3), in_place = pick(2);
  place x = make_place(0, call.n, kind), out = make_place(1, call.n, kind);
  for (size_t i = 0; i < call.n; i++) {
    x.start[i] = (char)random_bits();
    out.model[i] = (char)table[(uint8_t)x.start[i]];
  }
  char *into = in_place ? x.start : out.start;
  gf_lookup_u8(table, (uint8_t *)x.start, (uint8_t *)into, call.n);
  REQUIRE(memcmp(into, out.model, call.n) == 0);
  free_place(&x);
  free_place(&out);
}

static void empty_call(size_t number) { /* pointers may be anything */
  static char *const nowhere[ARGS_MAX];
  static const ptrdiff_t steps[ARGS_MAX] = {4, -4, 0, 8, 2};
  call.row = gf_row_at(number);
  gf_call(call.row, nowhere, steps, 0);
  gf_call_part(call.row, nowhere, steps, 0, 0, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  next = data, end = data + size;
  const char *isa = gf_isa_name(pick((unsigned)gf_isa_count()));
  if (gf_isa_select(isa))
    return 0; /* this CPU cannot run it */
  gf_set_num_threads(pick(4) == 3 ? 3 : 1);
  gf_set_share_ns(0);
  gf_set_stream_bytes(pick(2) ? 1 : (size_t)1 << 40);
  const size_t number = pick((unsigned)gf_row_count() + 1);
  if (number == gf_row_count())
    look_up();
  else if (pick(32) == 31)
    empty_call(number);
  else
    call_row(number);
  return 0;
}
