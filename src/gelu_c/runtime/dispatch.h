/* The rows of the table by number, and what the instruction set in use has for them. */
#ifndef GF_DISPATCH_H
#define GF_DISPATCH_H

#include "include/gelu_c.h"
#include "runtime/kernel.h"
#include "runtime/lookup.h"

#define ROW(name, dtype, ...) GF_ROW_##name##_##dtype,
enum {
#include "table/each.h"
  GF_ROWS
};

extern const gf_row gf_rows[GF_ROWS];

typedef struct {
  const char *name;
  unsigned needs;                  /* CPU features */
  const gf_kernel *const *kernels; /* one for each row */
  gf_lookup_kernel *lookup;
} gf_instruction_set;

const gf_instruction_set *gf_in_use(void);

#endif
