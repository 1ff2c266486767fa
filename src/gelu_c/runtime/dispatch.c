/* The table as data, and the choice of an instruction set. */
#include "include/gelu_c.h"

#include <math.h> /* INFINITY, in functions.def */
#include <string.h>

#include "runtime/atomic.h"
#include "runtime/cpu.h"
#include "runtime/dispatch.h"
#include "runtime/environment.h"

int gf_version(void) { return GELU_C_VERSION; }

/* ---- functions.def as data ---- */

#define FUNCTION(name, ...) FUNCTION_##name,
#define COMPOUND FUNCTION
enum {
#include "table/each.h"
};

#define INPUTS_1 "x"
#define INPUTS_2 "dy, x"
static const gf_function functions[] = {
#define FUNCTION(name, nin, half, definition, left, right, ...)                                    \
  {#name, nin, 1, #half, INPUTS_##nin, "out", 0, #definition, #left, #right, __VA_ARGS__},
#define COMPOUND(name, nin, nout, half, inputs, outputs, definition, ...)                          \
  {#name, nin, nout, #half, inputs, outputs, 1, #definition, NULL, NULL, __VA_ARGS__},
#include "table/each.h"
};

const gf_row gf_rows[GF_ROWS] = {
#define ROW(name, dtype, bound_ulp, lo, hi, worst)                                                 \
  {&functions[FUNCTION_##name], GF_##dtype, bound_ulp, lo, hi, worst},
#include "table/each.h"
};

size_t gf_dtype_size(gf_dtype dtype) {
  static const size_t sizes[GF_DTYPES] = {[GF_F16] = 2, [GF_BF16] = 2, [GF_F32] = 4, [GF_F64] = 8};
  return sizes[dtype];
}

size_t gf_row_count(void) { return GF_ROWS; }
const gf_row *gf_row_at(size_t i) { return i < GF_ROWS ? &gf_rows[i] : NULL; }

const gf_row *gf_row_of(const char *function, gf_dtype dtype) {
  for (size_t i = 0; i < GF_ROWS; i++)
    if (gf_rows[i].dtype == dtype && strcmp(gf_rows[i].function->name, function) == 0)
      return &gf_rows[i];
  return NULL;
}

/* ---- Instruction sets compiled in: the build defines GF_WITH_avx2 as 1 or 0, and so on for every
 *      line of isa.def */

#define ISA_1(name, needs) {#name, needs, gf_kernels_##name, gf_lookup_##name},
#define ISA_0(name, needs)
#define ISA_IF(with) ISA_##with
#define ISA_WITH(with) ISA_IF(with)

#define ISA(name, ...)                                                                             \
  extern const gf_kernel *const gf_kernels_##name[];                                               \
  extern gf_lookup_kernel gf_lookup_##name;
#include "table/isa.def"
#undef ISA

static const gf_instruction_set isas[] = {
#define ISA(name, architecture, flags, tuning, needs) ISA_WITH(GF_WITH_##name)(name, needs)
#include "table/isa.def"
#undef ISA
};

enum { ISAS = sizeof isas / sizeof isas[0] };

/* Chosen at the first call. Threads that choose at the same time choose the same, and do not replace
 * what gf_isa_select has set meanwhile. */
static const gf_instruction_set *current;

static int runs_here(const gf_instruction_set *isa) {
  return (gf_cpu_detect() & isa->needs) == isa->needs;
}

static const gf_instruction_set *find(const char *name) {
  for (size_t i = 0; i < ISAS; i++)
    if (strcmp(isas[i].name, name) == 0)
      return runs_here(&isas[i]) ? &isas[i] : NULL;
  return NULL;
}

static const char VARIABLE[] = "GELU_FAST_ISA";

static const gf_instruction_set *choose(void) {
  char room[GF_VARIABLE_ROOM];
  const char *forced = gf_variable(VARIABLE, room);
  const gf_instruction_set *isa = forced ? find(forced) : NULL;
  for (size_t i = 0; !isa; i++) /* scalar, the last one, runs everywhere */
    if (runs_here(&isas[i]))
      isa = &isas[i];
  const gf_instruction_set *chosen = NULL;
  return GF_ATOMIC_STORE_IF(current, chosen, isa) ? isa : chosen;
}

const gf_instruction_set *gf_in_use(void) {
  const gf_instruction_set *isa = GF_ATOMIC_LOAD(current);
  return isa ? isa : choose();
}

size_t gf_isa_count(void) { return ISAS; }
const char *gf_isa_name(size_t i) { return i < ISAS ? isas[i].name : NULL; }
int gf_isa_available(size_t i) { return i < ISAS && runs_here(&isas[i]); }
const char *gf_isa(void) { return gf_in_use()->name; }

int gf_isa_select(const char *name) {
  const gf_instruction_set *isa = find(name);
  if (!isa)
    return -1;
  GF_ATOMIC_STORE(current, isa);
  return 0;
}

/* It reads the environment anew and keeps nothing, so that a program can correct the variable. */
const char *gf_isa_error(void) {
  static char room[GF_VARIABLE_ROOM];
  const char *forced = gf_variable(VARIABLE, room);
  return forced && *forced && !find(forced) ? forced : NULL;
}

/* The text is written once, when the library is loaded: later, a thread could read it while another
 * one writes. A compiler without constructors writes it at the first call. */
#if defined(__GNUC__) || defined(__clang__)
#define AT_LOAD __attribute__((constructor))
#else
#define AT_LOAD
#endif

#define F(name, NAME, bit) #name " "
static char features[sizeof "" GF_CPU_FEATURES(F)];
#undef F
static int features_are_written;

AT_LOAD static void write_features(void) {
  const unsigned found = gf_cpu_detect();
  char *end = features;
#define F(name, NAME, bit)                                                                         \
  if (found & GF_CPU_##NAME) {                                                                     \
    if (end != features)                                                                           \
      *end++ = ' ';                                                                                \
    memcpy(end, #name, sizeof #name);                                                              \
    end += sizeof #name - 1;                                                                       \
  }
  GF_CPU_FEATURES(F)
#undef F
  features_are_written = 1;
}

const char *gf_cpu_features(void) {
  if (!features_are_written) /* an earlier constructor calls */
    write_features();
  return features;
}
