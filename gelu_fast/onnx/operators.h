/* An operator: a row of the table in an ONNX Runtime. */
#ifndef GELU_FAST_OPERATORS_H
#define GELU_FAST_OPERATORS_H

#include "gelu_c.h"
#include "ort.h"

/* Returns from the function that contains it if ONNX Runtime reports an error. */
#define TRY(call)                                                                                  \
  do {                                                                                             \
    OrtStatus *status = (call);                                                                    \
    if (status)                                                                                    \
      return status;                                                                               \
  } while (0)

typedef struct {
  OrtOp base;
  const OrtApi *api;
  const gf_row *row;
  int has_references; /* whether the table has ORT_VERSION_OF_REFERENCES */
} operator_of_row;

static const int TYPES[GF_DTYPES] = {[GF_F16] = ORT_FLOAT16,
                                     [GF_BF16] = ORT_BFLOAT16,
                                     [GF_F32] = ORT_FLOAT32,
                                     [GF_F64] = ORT_FLOAT64};

static const gf_row *row_of(const OrtOp *op) { return ((const operator_of_row *)op)->row; }

static size_t count_inputs(const OrtOp *op) { return (size_t)row_of(op)->function->nin; }
static size_t count_outputs(const OrtOp *op) { return (size_t)row_of(op)->function->nout; }
static int type_of(const OrtOp *op, size_t i) { return (void)i, TYPES[row_of(op)->dtype]; }

#endif
