/* A library of operators for ONNX Runtime: each function of the table, in each dtype, in the domain
 * gelu_fast. The threads are those of the session. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broadcast.h"
#include "gelu_c.h"
#include "ort.h"

/* Returns from the function that contains it if ONNX Runtime reports an error. */
#define TRY(call)                                                                                  \
  do {                                                                                             \
    OrtStatus *status = (call);                                                                    \
    if (status)                                                                                    \
      return status;                                                                               \
  } while (0)

/* The operators of one ONNX Runtime. A process has one, as a rule. They are never freed, because any
 * session may use them. */
typedef struct {
  OrtOp base;
  const OrtApi *api;
  const gf_row *row;
} operator_of_row;

typedef struct registry {
  const OrtApi *api;
  OrtDomain *domain;
  struct registry *next;
  operator_of_row operators[];
} registry;

static const int TYPES[GF_DTYPES] = {[GF_F16] = ORT_FLOAT16,
                                     [GF_BF16] = ORT_BFLOAT16,
                                     [GF_F32] = ORT_FLOAT32,
                                     [GF_F64] = ORT_FLOAT64};

static const gf_row *row_of(const OrtOp *op) { return ((const operator_of_row *)op)->row; }

static size_t count_inputs(const OrtOp *op) { return (size_t)row_of(op)->function->nin; }
static size_t count_outputs(const OrtOp *op) { return (size_t)row_of(op)->function->nout; }
static int type_of(const OrtOp *op, size_t i) { return (void)i, TYPES[row_of(op)->dtype]; }

/* ---- Calls */

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

static OrtStatus *error_of(const OrtApi *api, const char *name, const char *what) {
  char text[256];
  snprintf(text, sizeof text, "gelu_fast.%s: %s", name, what);
  return api->CreateStatus(ORT_INVALID_ARGUMENT, text);
}

/* Reads the shape of an operand, without names of lengths. */
static OrtStatus *read_shape(const OrtApi *api, const char *name, const OrtShape *from, shape *to) {
  TRY(api->GetDimensionsCount(from, &to->ndim));
  if (to->ndim > AXES_MAX)
    return error_of(api, name, "an operand has more than 32 dimensions");
  return api->GetDimensions(from, to->lengths, to->ndim);
}

static OrtStatus *read_input(const OrtApi *api, const char *name, const OrtContext *context,
                             size_t i, shape *to, char **data) {
  const OrtValue *value = NULL;
  OrtShape *from;
  TRY(api->KernelContext_GetInput(context, i, &value));
  if (!value)
    return error_of(api, name, "an input is missing");
  TRY(api->GetTensorMutableData((OrtValue *)(uintptr_t)value, (void **)data));
  TRY(api->GetTensorTypeAndShape(value, &from));
  OrtStatus *status = read_shape(api, name, from, to);
  api->ReleaseTensorTypeAndShapeInfo(from);
  return status;
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
    TRY(read_input(api, f->name, context, (size_t)k, &operands[k], &c.args[k]));
  if (!broadcast(operands, f->nin, &result))
    return error_of_shapes(api, f->name, operands, f->nin);
  for (int k = 0; k < f->nout; k++) {
    OrtValue *value = NULL;
    TRY(api->KernelContext_GetOutput(context, (size_t)k, result.lengths, result.ndim, &value));
    if (!value)
      return error_of(api, f->name, "an output is missing");
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

/* ---- Shapes before a call: a length is a number, or -1 and a name, which may be "" */

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

/* ---- What ONNX Runtime asks an operator */

static const char *name_of(const OrtOp *op) { return row_of(op)->function->name; }
static const char *provider_of(const OrtOp *op) { return (void)op, NULL; }
static int usual(const OrtOp *op, size_t i) { return (void)op, (void)i, 0; }

/* ONNX Runtime ignores what this function returns. */
static OrtStatus *infer_shape(const OrtOp *op, OrtInferContext *context) {
  const operator_of_row *own = (const operator_of_row *)op;
  OrtStatus *status = infer(own, context);
  if (status)
    own->api->ReleaseStatus(status);
  return NULL;
}

static OrtStatus *create_kernel(const OrtOp *op, const OrtApi *api, const void *info,
                                void **kernel) {
  (void)api, (void)info;
  *kernel = (void *)(uintptr_t)op;
  return NULL;
}

static void destroy_kernel(void *kernel) { (void)kernel; }

/* The first output may be in the memory of the first input, if they have one shape. */
static size_t may_share_memory(int **inputs, int **outputs) {
  static int first;
  *inputs = *outputs = &first;
  return 1;
}

static void release_pairs(int *inputs, int *outputs) { (void)inputs, (void)outputs; }

static const OrtOp OPERATOR = {
    .version = ORT_VERSION,
    .GetName = name_of,
    .GetExecutionProviderType = provider_of,
    .GetInputType = type_of,
    .GetInputTypeCount = count_inputs,
    .GetOutputType = type_of,
    .GetOutputTypeCount = count_outputs,
    .KernelDestroy = destroy_kernel,
    .GetInputCharacteristic = usual,
    .GetOutputCharacteristic = usual,
    .GetInputMemoryType = usual,
    .CreateKernelV2 = create_kernel,
    .KernelComputeV2 = compute,
    .InferOutputShapeFn = infer_shape,
    .GetMayInplace = may_share_memory,
    .ReleaseMayInplace = release_pairs,
};

/* ---- Registration */

static OrtStatus *make_registry(const OrtApi *api, registry **out) {
  const size_t count = gf_row_count();
  registry *made = malloc(sizeof *made + count * sizeof made->operators[0]);
  if (!made)
    return api->CreateStatus(ORT_INVALID_ARGUMENT, "gelu_fast: out of memory");
  made->api = api;
  TRY(api->CreateCustomOpDomain("gelu_fast", &made->domain));
  for (size_t i = 0; i < count; i++) {
    made->operators[i] = (operator_of_row){OPERATOR, api, gf_row_at(i)};
    TRY(api->CustomOpDomain_Add(made->domain, &made->operators[i]));
  }
  *out = made;
  return NULL;
}

static OrtStatus *add_operators(const OrtApi *api, OrtSessionOptions *options) {
  static registry *_Atomic all;
  registry *found = atomic_load(&all);
  while (found && found->api != api)
    found = found->next;
  if (!found) {
    TRY(make_registry(api, &found));
    found->next = atomic_load(&all);
    while (!atomic_compare_exchange_weak(&all, &found->next, found)) {
    }
  }
  return api->AddCustomOpDomain(options, found->domain);
}

/* Whether functions of the table do what their declarations say. */
static int is_as_declared(const OrtApi *api) {
  const int64_t lengths[] = {2, 3};
  int64_t read[2] = {0};
  size_t ndim = 0;
  int type = 0;
  OrtShape *s = NULL;
  OrtStatus *status = api->CreateStatus(ORT_NOT_IMPLEMENTED, "gelu_fast");
  if (!status || api->GetErrorCode(status) != ORT_NOT_IMPLEMENTED ||
      strcmp(api->GetErrorMessage(status), "gelu_fast") != 0)
    return 0;
  api->ReleaseStatus(status);
  if (api->CreateTensorTypeAndShapeInfo(&s) || api->SetTensorElementType(s, ORT_BFLOAT16) ||
      api->SetDimensions(s, lengths, 2) || api->GetTensorElementType(s, &type) ||
      api->GetDimensionsCount(s, &ndim) || ndim != 2 || api->GetDimensions(s, read, 2))
    return 0;
  api->ReleaseTensorTypeAndShapeInfo(s);
  return type == ORT_BFLOAT16 && read[0] == 2 && read[1] == 3;
}

static OrtStatus *refusal(const OrtApiBase *base, const char *why) {
  char text[256];
  const OrtApi *api = base->GetApi(1);
  if (!api)
    return NULL; /* then the operators are unknown in the session */
  snprintf(text, sizeof text,
           "gelu_fast needs ONNX Runtime 1.%d or newer of series 1; this is %s%s", ORT_VERSION,
           base->GetVersionString(), why);
  return api->CreateStatus(ORT_NOT_IMPLEMENTED, text);
}

/* ONNX Runtime calls this function by its name. */
GF_API OrtStatus *RegisterCustomOps(OrtSessionOptions *options, const OrtApiBase *base);

OrtStatus *RegisterCustomOps(OrtSessionOptions *options, const OrtApiBase *base) {
  int major = 0, minor = 0;
  const char *version = base->GetVersionString();
  if (!version || sscanf(version, "%d.%d", &major, &minor) != 2 || major != 1 ||
      minor < ORT_VERSION)
    return refusal(base, "");
  const OrtApi *api = base->GetApi(ORT_VERSION);
  if (!api || !is_as_declared(api))
    return refusal(base, ", whose interface is another");
  return add_operators(api, options);
}
