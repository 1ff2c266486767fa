/* Shapes of outputs, which are inferred before any call: a length is a number, or -1 and a name, which
 * may be "". */
#ifndef GELU_FAST_INFER_H
#define GELU_FAST_INFER_H

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "broadcast.h"
#include "operators.h"

typedef struct {
  int64_t lengths[AXES_MAX];
  const char *names[AXES_MAX];
} named_shape;

/* Broadcasts axis i of the result with axis j of an operand; returns 0 if their numbers do not fit. */
static int broadcast_axis(named_shape *result, size_t i, const named_shape *operand, size_t j) {
  const int64_t length = result->lengths[i], other = operand->lengths[j];
  if (length > 1 && other > 1 && length != other)
    return 0;
  if (length == 1 || (length < 0 && other != 1 && other >= 0)) {
    result->lengths[i] = other;
    result->names[i] = operand->names[j];
  } else if (length < 0 && other < 0 && strcmp(result->names[i], operand->names[j]) != 0) {
    result->names[i] = ""; /* either may be 1 */
  }
  return 1;
}

/* Sets the shape of the outputs. A length that is unknown gets a name of its own, because ONNX Runtime
 * would take -1 for the length. */
static OrtStatus *set_shapes(const operator_of_row *op, const OrtInferContext *context, int type,
                             size_t ndim, named_shape *result) {
  static atomic_uint unknown;
  const OrtApi *api = op->api;
  char names[AXES_MAX][32];
  OrtShape *made;
  for (size_t i = 0; i < ndim; i++) {
    if (result->lengths[i] < 0 && !*result->names[i]) {
      snprintf(names[i], sizeof names[i], "gelu_fast_%u", atomic_fetch_add(&unknown, 1));
      result->names[i] = names[i];
    }
  }
  TRY(api->CreateTensorTypeAndShapeInfo(&made));
  OrtStatus *status = api->SetTensorElementType(made, type);
  if (!status)
    status = api->SetDimensions(made, result->lengths, ndim);
  if (!status)
    status = api->SetSymbolicDimensions(made, result->names, ndim);
  for (size_t k = 0; k < count_outputs(&op->base) && !status; k++)
    status = api->ShapeInferContext_SetOutputTypeShape(context, k, made);
  api->ReleaseTensorTypeAndShapeInfo(made);
  return status;
}

/* ONNX Runtime may ask the operator of another dtype, so the dtype is that of the inputs. */
static OrtStatus *infer(const operator_of_row *op, const OrtInferContext *context) {
  const OrtApi *api = op->api;
  named_shape operand, result;
  size_t most = 0;
  int type = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t k = 0; k < count_inputs(&op->base); k++) {
      OrtShape *from;
      size_t ndim;
      TRY(api->ShapeInferContext_GetInputTypeShape(context, k, &from));
      TRY(api->GetTensorElementType(from, &type));
      TRY(api->GetDimensionsCount(from, &ndim));
      /* An operand whose number of dimensions is unknown looks like a number. */
      if (ndim == 0 || ndim > AXES_MAX)
        return NULL;
      most = ndim > most ? ndim : most;
      if (pass == 0)
        continue;
      TRY(api->GetDimensions(from, operand.lengths, ndim));
      TRY(api->GetSymbolicDimensions(from, operand.names, ndim));
      for (size_t j = 0; j < ndim; j++)
        if (!broadcast_axis(&result, most - ndim + j, &operand, j))
          return NULL; /* the call will report it */
    }
    for (size_t i = 0; i < most && pass == 0; i++) {
      result.lengths[i] = 1;
      result.names[i] = "";
    }
  }
  return set_shapes(op, context, type, most, &result);
}

#endif
