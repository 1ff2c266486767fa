/* A library of operators for ONNX Runtime: each function of the table, in each dtype, in the domain
 * gelu_fast. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compute.h"
#include "infer.h"
#include "operators.h"

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

/* The operators of one ONNX Runtime. A process has one, as a rule. They are never freed, because any
 * session may use them. */
typedef struct registry {
  const OrtApi *api;
  OrtDomain *domain;
  struct registry *next;
  operator_of_row operators[];
} registry;

static OrtStatus *make_registry(const OrtApi *api, int has_references, registry **out) {
  const size_t count = gf_row_count();
  registry *made = malloc(sizeof *made + count * sizeof made->operators[0]);
  if (!made)
    return api->CreateStatus(ORT_INVALID_ARGUMENT, "gelu_fast: out of memory");
  made->api = api;
  TRY(api->CreateCustomOpDomain("gelu_fast", &made->domain));
  for (size_t i = 0; i < count; i++) {
    made->operators[i] = (operator_of_row){OPERATOR, api, gf_row_at(i), has_references};
    TRY(api->CustomOpDomain_Add(made->domain, &made->operators[i]));
  }
  *out = made;
  return NULL;
}

static OrtStatus *add_operators(const OrtApi *api, int has_references, OrtSessionOptions *options) {
  static registry *_Atomic all;
  registry *found = atomic_load(&all);
  while (found && found->api != api)
    found = found->next;
  if (!found) {
    TRY(make_registry(api, has_references, &found));
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
  const int has_references =
      minor >= ORT_VERSION_OF_REFERENCES && base->GetApi(ORT_VERSION_OF_REFERENCES) == api;
  return add_operators(api, has_references, options);
}
