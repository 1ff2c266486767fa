#include "inputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ulp.h"

enum { SMALL_BLOCK = 4096 }; /* for inputs with a slow reference, so that each worker gets some */

/* ---- Numbers as patterns */

static const unsigned bits_of[GF_DTYPES] = {
    [GF_F16] = 16, [GF_BF16] = 16, [GF_F32] = 32, [GF_F64] = 64};

static int is_half(gf_dtype dtype) { return bits_of[dtype] == 16; }

void input_put(gf_dtype dtype, void *block, size_t i, uint64_t pattern) {
  if (is_half(dtype))
    ((uint16_t *)block)[i] = (uint16_t)pattern;
  else if (dtype == GF_F32)
    ((uint32_t *)block)[i] = (uint32_t)pattern;
  else
    ((uint64_t *)block)[i] = pattern;
}

static double half_as_double(uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const double magnitude = exponent == 31 ? (fraction ? NAN : INFINITY)
                           : exponent     ? ldexp(1024 + fraction, exponent - 25)
                                          : ldexp(fraction, -24);
  return half & 0x8000 ? -magnitude : magnitude;
}

static double bfloat_as_double(uint16_t half) {
  const uint32_t pattern = (uint32_t)half << 16;
  float x;
  memcpy(&x, &pattern, sizeof x);
  return x;
}

double input_as_double(gf_dtype dtype, const void *block, size_t i) {
  return dtype == GF_F16    ? half_as_double(((const uint16_t *)block)[i])
         : dtype == GF_BF16 ? bfloat_as_double(((const uint16_t *)block)[i])
         : dtype == GF_F32  ? ((const float *)block)[i]
                            : ((const double *)block)[i];
}

/* Of a number of a 16-bit type. */
static uint64_t half_pattern(gf_dtype dtype, double x) {
  const gf_format format = gf_formats[dtype];
  int exponent;
  frexp(x, &exponent);
  exponent = x == 0 || exponent - 1 < format.emin ? format.emin : exponent - 1;
  const uint64_t steps = (uint64_t)ldexp(fabs(x), format.mantissa_bits - exponent);
  const uint64_t size = ((uint64_t)(exponent - format.emin) << format.mantissa_bits) + steps;
  return size | (signbit(x) ? 0x8000 : 0);
}

uint64_t input_pattern(gf_dtype dtype, double x) {
  if (is_half(dtype))
    return half_pattern(dtype, x);
  if (dtype == GF_F32) {
    const float single = (float)x;
    uint32_t pattern;
    memcpy(&pattern, &single, sizeof pattern);
    return pattern;
  }
  uint64_t pattern;
  memcpy(&pattern, &x, sizeof pattern);
  return pattern;
}

/* ---- Points of interest */

static int add_point(inputs *in, double x) {
  if (x == 0 || isinf(x))
    return 0; /* inputs_init adds these */
  double *more = realloc(in->points, (in->point_count + 1) * sizeof *more);
  if (!more)
    return -1;
  in->points = more;
  in->points[in->point_count++] = x;
  return 0;
}

/* Adds the zeros of f other than 0, found as changes of sign on a grid. */
static int add_zero_crossings(inputs *in, const reference *f, double lo, double hi) {
  const int cells = 4001;
  for (int i = 0; i < cells; i++) {
    double a = lo + (hi - lo) * i / cells, b = lo + (hi - lo) * (i + 1) / cells;
    const quad at_a = reference_exact(f, a), at_b = reference_exact(f, b);
    if (!(at_a * at_b < 0) || (a <= 0 && b >= 0))
      continue;
    for (;;) {
      const double middle = a + (b - a) / 2;
      if (middle == a || middle == b)
        break;
      if (reference_exact(f, middle) * at_a > 0)
        a = middle;
      else
        b = middle;
    }
    if (add_point(in, a))
      return -1;
  }
  return 0;
}

static int add_neighbours(inputs *in, double x, unsigned reach) {
  const uint64_t center = input_pattern(in->dtype, x);
  const uint64_t all = bits_of[in->dtype] == 64 ? UINT64_MAX : (1ull << bits_of[in->dtype]) - 1;
  const size_t needed = in->boundary_count + 2 * reach + 1;
  if (needed > in->boundary_room) {
    uint64_t *more = realloc(in->boundaries, 2 * needed * sizeof *more);
    if (!more)
      return -1;
    in->boundaries = more;
    in->boundary_room = 2 * needed;
  }
  for (uint64_t i = 0; i <= 2 * (uint64_t)reach; i++)
    in->boundaries[in->boundary_count++] = (center - reach + i) & all; /* wraps */
  return 0;
}

/* ---- The public functions */

int inputs_init(inputs *in, const gf_row *row, const reference *f, uint64_t step, uint64_t count) {
  *in = (inputs){.dtype = row->dtype, .step = step, .count = count};
  in->lo = (isinf(row->lo) ? -fabs(row->hi) : row->lo) - 1;
  in->hi = (isinf(row->hi) ? fabs(row->lo) : row->hi) + 1;
  if (is_half(row->dtype))
    return 0;

  for (size_t i = 0; i < gf_row_count(); i++) {
    const gf_row *other = gf_row_at(i);
    if (other->function == row->function &&
        (add_point(in, other->lo) || add_point(in, other->hi) || add_point(in, other->worst)))
      return -1;
  }
  if (add_zero_crossings(in, f, in->lo, in->hi))
    return -1;
  for (size_t i = 0; i < in->point_count; i++)
    if (add_neighbours(in, in->points[i], 2048) || add_neighbours(in, -in->points[i], 2048))
      return -1;
  if (add_neighbours(in, 0.0, 2048) || add_neighbours(in, -0.0, 2048) ||
      add_neighbours(in, INFINITY, 64) || add_neighbours(in, -INFINITY, 64) ||
      add_neighbours(in, NAN, 64))
    return -1;
  const int smallest = row->dtype == GF_F32 ? -149 : -1074;
  const int largest = row->dtype == GF_F32 ? 127 : 1023;
  for (int e = smallest; e <= largest; e++)
    if (add_neighbours(in, ldexp(1, e), 8) || add_neighbours(in, -ldexp(1, e), 8))
      return -1;
  return 0;
}

void inputs_free(inputs *in) {
  free(in->points);
  free(in->boundaries);
}

static uint64_t blocks_for(uint64_t count, uint64_t size) { return (count + size - 1) / size; }

/* The number of patterns or random numbers, without the boundaries */
static uint64_t regular_count(const inputs *in) {
  return is_half(in->dtype)    ? 65536
         : in->dtype == GF_F32 ? blocks_for(1ull << 32, in->step)
                               : in->count;
}

static uint64_t regular_block(const inputs *in) {
  return in->dtype == GF_F32 ? INPUT_BLOCK : SMALL_BLOCK;
}

uint64_t inputs_block_count(const inputs *in) {
  return blocks_for(regular_count(in), regular_block(in)) +
         blocks_for(in->boundary_count, SMALL_BLOCK);
}

/* splitmix64: number i of a sequence without state. */
uint64_t input_random(uint64_t i) {
  uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static double random_unit(uint64_t i) { return (double)(input_random(i) >> 11) * 0x1p-53; }

/* A quarter of the inputs each: any pattern, uniform in [lo, hi], any magnitude, near a point. */
static uint64_t random_input(const inputs *in, uint64_t i) {
  const uint64_t r = 3 * i;
  const double u = random_unit(r), sign = input_random(r + 1) & 1 ? -1 : 1;
  switch (i % 4) {
  case 0:
    return input_random(r);
  case 1:
    return input_pattern(GF_F64, in->lo + (in->hi - in->lo) * u);
  case 2:
    return input_pattern(GF_F64, sign * exp2(-60 + 72 * u));
  default:
    return input_pattern(GF_F64, in->points[input_random(r + 2) % in->point_count] *
                                     (1 + sign * exp2(-53 * u)));
  }
}

static size_t run_length(const inputs *in) {
  const uint64_t quarter = 1 << 21; /* patterns of float32 */
  size_t length = INPUT_BLOCK;
  while (length > 1 && length * in->step > quarter)
    length /= 2;
  return length > 1 ? length : 0;
}

size_t inputs_fill(const inputs *in, uint64_t number, void *block, size_t *run) {
  const uint64_t size = regular_block(in), count = regular_count(in);
  const uint64_t regular_blocks = blocks_for(count, size);
  const int regular = number < regular_blocks;
  *run = regular && in->dtype == GF_F32 ? run_length(in) : 0;
  const uint64_t first = regular ? number * size : (number - regular_blocks) * SMALL_BLOCK;
  const uint64_t left = (regular ? count : in->boundary_count) - first;
  const size_t n = left < (regular ? size : SMALL_BLOCK) ? left : (regular ? size : SMALL_BLOCK);
  for (size_t i = 0; i < n; i++) {
    const uint64_t at = first + i;
    input_put(in->dtype, block, i,
              !regular              ? in->boundaries[at]
              : is_half(in->dtype)  ? at
              : in->dtype == GF_F32 ? at * in->step
                                    : random_input(in, at));
  }
  return n;
}

/* One of these numbers, rounded to the dtype; half of them with their sign changed. */
static uint64_t special_dy(gf_dtype dtype, uint64_t random) {
  enum { SPECIALS = 15, HALVES = 12 };
  static const double specials[SPECIALS] = {
      0,       1,         1,        0x1.fffffep0, 0x1.fffffffffffffp-1,
      3,       0x1p-24,   0x1p-126, 0x1p-149,     0x1p-1074,
      0x1p-60, 0x1.8p127, 1e300,    INFINITY,     NAN};
  static const uint16_t float16[HALVES] = {0x0000, 0x3c00, 0x3fff, 0x3bff, 0x4200, 0x0001,
                                           0x0400, 0x03ff, 0x7bff, 0x7800, 0x7c00, 0x7e00};
  static const uint16_t bfloat16[HALVES] = {0x0000, 0x3f80, 0x3fff, 0x3f7f, 0x4040, 0x0001,
                                            0x0080, 0x007f, 0x7f7f, 0x7f00, 0x7f80, 0x7fc0};
  const uint64_t sign = (random >> 32 & 1) << (bits_of[dtype] - 1);
  const uint32_t which = (uint32_t)random;
  return sign ^ (dtype == GF_F16    ? float16[which % HALVES]
                 : dtype == GF_BF16 ? bfloat16[which % HALVES]
                                    : input_pattern(dtype, specials[which % SPECIALS]));
}

/* Half of the numbers are in [2^-8, 2^8), a quarter are special, a quarter any pattern. */
void inputs_fill_dy(const inputs *in, uint64_t number, size_t n, void *block) {
  const unsigned bits = bits_of[in->dtype], mantissa = gf_formats[in->dtype].mantissa_bits;
  for (size_t i = 0; i < n; i++) {
    const uint64_t random = input_random(~(number * INPUT_BLOCK + i)),
                   pattern = random >> (64 - bits);
    const uint64_t one = (1ull << (bits - 2)) - (1ull << mantissa);
    const uint64_t kept = (1ull << (bits - 1)) | ((1ull << mantissa) - 1);
    const uint64_t exponent = ((random & 15) - 8) << mantissa; /* wraps */
    input_put(in->dtype, block, i,
              i % 4 == 0   ? special_dy(in->dtype, random)
              : i % 4 == 1 ? pattern
                           : (pattern & kept) | ((one + exponent) & ~kept));
  }
}
