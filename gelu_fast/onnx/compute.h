/* Calls of operators, in the threads of the session. */
#ifndef GELU_FAST_COMPUTE_H
#define GELU_FAST_COMPUTE_H

#include <stdio.h>

#include "broadcast.h"
#include "operators.h"

static OrtStatus *error_of_shapes(const OrtApi *api, const char *name, const shape *operands,
                                  int count) {
  char text[1024];
  size_t at =
      (size_t)snprintf(text, sizeof text,
                       "gelu_fast.%s: operands could not be broadcast together with shapes", name);
  for (int k = 0; k < count; k++) {
    at += (size_t)snprintf(text + at, sizeof text - at, " (");
    for (size_t i = 0; i < operands[k].ndim && at + 64 < sizeof text; i++)
      at += (size_t)snprintf(text + at, sizeof text - at, i ? ",%lld" : "%lld",
                             (long long)operands[k].lengths[i]);
    at += (size_t)snprintf(text + at, sizeof text - at, operands[k].ndim == 1 ? ",)" : ")");
  }
  return api->CreateStatus(ORT_INVALID_ARGUMENT, text);
}

/* Older interfaces only give a copy of the shape, which costs half a microsecond. */
static OrtStatus *copy_shape(const OrtApi *api, const OrtValue *value, shape *to) {
  OrtShape *copy;
  TRY(api->GetTensorTypeAndShape(value, &copy));
  OrtStatus *status = api->GetDimensionsCount(copy, &to->ndim);
  if (!status && to->ndim <= AXES_MAX)
    status = api->GetDimensions(copy, to->lengths, to->ndim);
  api->ReleaseTensorTypeAndShapeInfo(copy);
  return status;
}

static OrtStatus *read_shape(const operator_of_row *op, const OrtValue *value, shape *to) {
  const OrtApi *api = op->api;
  if (op->has_references) {
    const int64_t *lengths;
    int type;
    TRY(api->GetTensorElementTypeAndShapeDataReference(value, &type, &lengths, &to->ndim));
    for (size_t i = 0; i < to->ndim && i < AXES_MAX; i++)
      to->lengths[i] = lengths[i];
  } else {
    TRY(copy_shape(api, value, to));
  }
  if (to->ndim <= AXES_MAX)
    return NULL;
  char text[256];
  snprintf(text, sizeof text,
           "gelu_fast.%s: an operand has %zu dimensions, but at most %d are allowed",
           op->row->function->name, to->ndim, AXES_MAX);
  return api->CreateStatus(ORT_INVALID_ARGUMENT, text);
}

static OrtStatus *read_input(const operator_of_row *op, const OrtContext *context, size_t i,
                             shape *to, char **data) {
  const OrtValue *value;
  TRY(op->api->KernelContext_GetInput(context, i, &value));
  TRY(op->api->GetTensorMutableData((OrtValue *)(uintptr_t)value, (void **)data));
  return read_shape(op, value, to);
}

/* A part is large enough to be worth another thread, and there are enough parts for many threads. */
enum { PART_BYTES = 64 << 10, PARTS_MAX = 256 };

typedef struct {
  const call *call;
  size_t count; /* of elements of a part */
} parts;

static void compute_one(void *data, size_t i) {
  const parts *p = data;
  const size_t first = i * p->count, left = p->call->n - first;
  compute_part(p->call, first, left < p->count ? left : p->count);
}

static OrtStatus *compute(void *kernel, OrtContext *context) {
  const operator_of_row *op = kernel;
  const OrtApi *api = op->api;
  const gf_function *f = op->row->function;
  shape operands[OPERANDS_MAX], result;
  call c;
  for (int k = 0; k < f->nin; k++)
    TRY(read_input(op, context, (size_t)k, &operands[k], &c.args[k]));
  if (!broadcast(operands, f->nin, &result))
    return error_of_shapes(api, f->name, operands, f->nin);
  for (int k = 0; k < f->nout; k++) {
    OrtValue *value;
    TRY(api->KernelContext_GetOutput(context, (size_t)k, result.lengths, result.ndim, &value));
    TRY(api->GetTensorMutableData(value, (void **)&c.args[f->nin + k]));
  }
  lay_out(&c, operands, &result, op->row);
  const size_t part = PART_BYTES / gf_dtype_size(op->row->dtype);
  parts p = {&c, part * (c.n / part / PARTS_MAX + 1)};
  if (c.n < 2 * part) {
    compute_part(&c, 0, c.n);
    return NULL;
  }
  return api->KernelContext_ParallelFor(context, compute_one, (c.n + p.count - 1) / p.count, 0, &p);
}

#endif
