/* What the operators use of ONNX Runtime's C interface, whose header is in no package. The interface
 * is stable: a table of functions, to which releases only append, and a structure for an operator,
 * whose member `version` says how many members it has. glue.c tests that the table is as declared
 * here before it uses it. */
#ifndef GELU_FAST_ORT_H
#define GELU_FAST_ORT_H

#include <stddef.h>
#include <stdint.h>

/* The version of the interface; that of ONNX Runtime 1.N is N. 18 has all members below but the last one
 * of the table. */
enum { ORT_VERSION = 18, ORT_VERSION_OF_REFERENCES = 24 };

typedef struct OrtStatus OrtStatus; /* an error; NULL means success */
typedef struct OrtValue OrtValue;
typedef struct OrtShape OrtShape; /* a dtype and a shape */
typedef struct OrtDomain OrtDomain;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtContext OrtContext;           /* of a call of an operator */
typedef struct OrtInferContext OrtInferContext; /* of the inference of its shapes */

enum { ORT_INVALID_ARGUMENT = 2, ORT_NOT_IMPLEMENTED = 9 };
enum { ORT_FLOAT32 = 1, ORT_FLOAT16 = 10, ORT_FLOAT64 = 11, ORT_BFLOAT16 = 16 };

/* The table. The comments give the index of the next member. */
typedef struct {
  OrtStatus *(*CreateStatus)(int code, const char *message);
  int (*GetErrorCode)(const OrtStatus *status);
  const char *(*GetErrorMessage)(const OrtStatus *status);
  void *unused_3[23]; /* 26 */
  OrtStatus *(*CreateCustomOpDomain)(const char *name, OrtDomain **out);
  OrtStatus *(*CustomOpDomain_Add)(OrtDomain *domain, const void *op);
  OrtStatus *(*AddCustomOpDomain)(OrtSessionOptions *options, OrtDomain *domain);
  void *unused_29[22]; /* 51 */
  OrtStatus *(*GetTensorMutableData)(OrtValue *value, void **out);
  void *unused_52[5]; /* 57 */
  OrtStatus *(*CreateTensorTypeAndShapeInfo)(OrtShape **out);
  OrtStatus *(*SetTensorElementType)(OrtShape *shape, int type);
  OrtStatus *(*SetDimensions)(OrtShape *shape, const int64_t *lengths, size_t count);
  OrtStatus *(*GetTensorElementType)(const OrtShape *shape, int *out);
  OrtStatus *(*GetDimensionsCount)(const OrtShape *shape, size_t *out);
  OrtStatus *(*GetDimensions)(const OrtShape *shape, int64_t *lengths, size_t count);
  OrtStatus *(*GetSymbolicDimensions)(const OrtShape *shape, const char **names, size_t count);
  void *unused_64[1]; /* 65 */
  OrtStatus *(*GetTensorTypeAndShape)(const OrtValue *value, OrtShape **out);
  void *unused_66[24]; /* 90 */
  OrtStatus *(*KernelContext_GetInput)(const OrtContext *context, size_t i, const OrtValue **out);
  OrtStatus *(*KernelContext_GetOutput)(OrtContext *context, size_t i, const int64_t *lengths,
                                        size_t count, OrtValue **out);
  void *unused_92[1]; /* 93 */
  void (*ReleaseStatus)(OrtStatus *status);
  void *unused_94[5]; /* 99 */
  void (*ReleaseTensorTypeAndShapeInfo)(OrtShape *shape);
  void *unused_100[168]; /* 268 */
  OrtStatus *(*ShapeInferContext_GetInputTypeShape)(const OrtInferContext *context, size_t i,
                                                    OrtShape **out);
  void *unused_269[1]; /* 270 */
  OrtStatus *(*ShapeInferContext_SetOutputTypeShape)(const OrtInferContext *context, size_t i,
                                                     const OrtShape *shape);
  OrtStatus *(*SetSymbolicDimensions)(OrtShape *shape, const char **names, size_t count);
  void *unused_272[2]; /* 274 */
  OrtStatus *(*KernelContext_ParallelFor)(const OrtContext *context, void (*run)(void *, size_t),
                                          size_t count, size_t batches, void *data);
  void *unused_275[139]; /* 414 */
  OrtStatus *(*GetTensorElementTypeAndShapeDataReference)(const OrtValue *value, int *type,
                                                          const int64_t **lengths, size_t *count);
} OrtApi;

_Static_assert(offsetof(OrtApi, GetTensorElementTypeAndShapeDataReference) == 414 * sizeof(void *),
               "an index");

/* What ONNX Runtime gives to a library of operators. */
typedef struct {
  const OrtApi *(*GetApi)(uint32_t version); /* NULL if it has no such version */
  const char *(*GetVersionString)(void);
} OrtApiBase;

/* An operator for one dtype. Operators of one name have different dtypes. */
typedef struct OrtOp {
  uint32_t version;
  void *CreateKernel; /* CreateKernelV2 instead */
  const char *(*GetName)(const struct OrtOp *op);
  const char *(*GetExecutionProviderType)(const struct OrtOp *op); /* NULL: the CPU */
  int (*GetInputType)(const struct OrtOp *op, size_t i);
  size_t (*GetInputTypeCount)(const struct OrtOp *op);
  int (*GetOutputType)(const struct OrtOp *op, size_t i);
  size_t (*GetOutputTypeCount)(const struct OrtOp *op);
  void *KernelCompute; /* KernelComputeV2 instead */
  void (*KernelDestroy)(void *kernel);
  int (*GetInputCharacteristic)(const struct OrtOp *op, size_t i); /* 0: the input is required */
  int (*GetOutputCharacteristic)(const struct OrtOp *op, size_t i);
  int (*GetInputMemoryType)(const struct OrtOp *op, size_t i); /* 0: the usual one */
  void *variadic[4];
  OrtStatus *(*CreateKernelV2)(const struct OrtOp *op, const OrtApi *api, const void *info,
                               void **kernel);
  OrtStatus *(*KernelComputeV2)(void *kernel, OrtContext *context);
  OrtStatus *(*InferOutputShapeFn)(const struct OrtOp *op, OrtInferContext *context);
  void *versions[2];
  size_t (*GetMayInplace)(int **inputs, int **outputs); /* pairs that may share memory */
  void (*ReleaseMayInplace)(int *inputs, int *outputs);
  void *aliases[2];
} OrtOp;

_Static_assert(sizeof(OrtOp) == 26 * sizeof(void *), "a member");

#endif
