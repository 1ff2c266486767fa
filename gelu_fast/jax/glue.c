/* gelu_fast.jax for XLA: one handler of XLA's foreign function interface computes every function.
 * The attribute `function` names it, and the operands have its dtype.
 *
 * Operands and results are dense arrays in C order, with the same number of dimensions. An operand
 * may have the length 1 where the results have another: it is broadcast, without being copied. */
#include <string.h>

#include "gelu_c.h"
#include "xla/ffi/api/c_api.h"

enum { OPERANDS = 5, AXES = 64, NAME = 64, SHORT = 16 };

/* An axis of the results: its length, and the step of every operand and result along it in bytes. */
typedef struct {
  size_t length;
  ptrdiff_t steps[OPERANDS];
} axis;

static XLA_FFI_Error *error(const XLA_FFI_CallFrame *frame, const char *message) {
  XLA_FFI_Error_Create_Args args = {
      .struct_size = XLA_FFI_Error_Create_Args_STRUCT_SIZE,
      .message = message,
      .errc = XLA_FFI_Error_Code_INVALID_ARGUMENT,
  };
  return frame->api->XLA_FFI_Error_Create(&args);
}

static gf_dtype dtype_of(const XLA_FFI_Buffer *buffer) {
  switch (buffer->dtype) {
  case XLA_FFI_DataType_F16:
    return GF_F16;
  case XLA_FFI_DataType_BF16:
    return GF_BF16;
  case XLA_FFI_DataType_F32:
    return GF_F32;
  case XLA_FFI_DataType_F64:
    return GF_F64;
  default:
    return GF_DTYPES;
  }
}

/* The row of the table for the attribute `function`, or NULL. Names, and not addresses or indices,
 * keep their meaning in compiled programs that JAX stores in files. */
static const gf_row *row_of(const XLA_FFI_Attrs *attrs, gf_dtype dtype) {
  char name[NAME] = "";
  if (attrs->size == 1 && attrs->types[0] == XLA_FFI_AttrType_STRING) {
    const XLA_FFI_ByteSpan *text = attrs->attrs[0];
    if (text->len < NAME)
      memcpy(name, text->ptr, text->len);
  }
  return gf_row_of(name, dtype);
}

/* Writes the axes of a call, the innermost first; axes that all arrays walk through in one go become
 * one. The last of the n arrays is a result. Returns their number, or 0 if shapes do not fit. */
static int axes_of(XLA_FFI_Buffer *const *arrays, int n, size_t size, axis *axes) {
  const XLA_FFI_Buffer *out = arrays[n - 1];
  ptrdiff_t strides[OPERANDS];
  int count = 0;
  axes[count++] = (axis){.length = 1};
  for (int k = 0; k < n; k++) {
    strides[k] = (ptrdiff_t)size;
    if (arrays[k]->rank != out->rank || out->rank >= AXES)
      return 0;
  }
  for (int64_t d = out->rank - 1; d >= 0; d--) {
    axis next = {.length = (size_t)out->dims[d]}, *last = &axes[count - 1];
    int joins = 1;
    for (int k = 0; k < n; k++) {
      const int64_t length = arrays[k]->dims[d];
      if (length != out->dims[d] && length != 1)
        return 0;
      next.steps[k] = length == 1 ? 0 : strides[k];
      strides[k] *= length;
      joins &= next.steps[k] == last->steps[k] * (ptrdiff_t)last->length;
    }
    if (last->length == 1)
      *last = next;
    else if (joins)
      last->length *= next.length;
    else if (next.length != 1)
      axes[count++] = next;
  }
  return count;
}

/* Calls the function for each line along the innermost axis. */
static void call(const gf_row *row, char *const *args, const axis *axes, int count, int n) {
  if (count == 1) {
    gf_call(row, args, axes->steps, axes->length);
    return;
  }
  const axis *outer = &axes[count - 1];
  char *at[OPERANDS];
  memcpy(at, args, sizeof at);
  for (size_t i = 0; i < outer->length; i++) {
    call(row, at, axes, count - 1, n);
    for (int k = 0; k < n; k++)
      at[k] += outer->steps[k];
  }
}

/* A call on few elements costs as much as one on some hundreds: a short innermost axis changes its
 * place with the longest. */
static void avoid_short_lines(axis *axes, int count) {
  int longest = 0;
  for (int i = 1; i < count; i++)
    if (axes[i].length > axes[longest].length)
      longest = i;
  if (axes[0].length < SHORT) {
    const axis first = axes[0];
    axes[0] = axes[longest];
    axes[longest] = first;
  }
}

/* The minor version of the interface that the handler claims. JAX before 0.9 takes only its own, and
 * minor versions change nothing that the handler uses: so _glue.py writes that of the host here. */
GF_API int gelu_fast_jax_minor_version = XLA_FFI_API_MINOR;

/* XLA asks for the version once. */
static void describe(const XLA_FFI_CallFrame *frame) {
  XLA_FFI_Metadata *metadata = ((XLA_FFI_Metadata_Extension *)frame->extension_start)->metadata;
  metadata->api_version.major_version = XLA_FFI_API_MAJOR;
  metadata->api_version.minor_version = gelu_fast_jax_minor_version;
}

GF_API XLA_FFI_Error *gelu_fast_jax(XLA_FFI_CallFrame *frame) {
  if (frame->extension_start != NULL &&
      frame->extension_start->type == XLA_FFI_Extension_Metadata) {
    describe(frame);
    return NULL;
  }
  if (frame->struct_size < XLA_FFI_CallFrame_STRUCT_SIZE)
    return error(frame, "gelu_fast: XLA has another interface than gelu_fast was built for");
  const int nin = (int)frame->args.size, nout = (int)frame->rets.size, n = nin + nout;
  if (frame->stage != XLA_FFI_ExecutionStage_EXECUTE || nin < 1 || nout < 1 || n > OPERANDS)
    return error(frame, "gelu_fast: this is not a call of a function of the table");

  XLA_FFI_Buffer *arrays[OPERANDS];
  char *args[OPERANDS] = {0};
  for (int k = 0; k < n; k++) {
    arrays[k] = k < nin ? frame->args.args[k] : frame->rets.rets[k - nin];
    args[k] = arrays[k]->data;
  }
  const gf_dtype dtype = dtype_of(arrays[0]);
  const gf_row *row = row_of(&frame->attrs, dtype);
  if (row == NULL || row->function->nin != nin || row->function->nout != nout)
    return error(frame, "gelu_fast: the installed version has no such function");
  for (int k = 1; k < n; k++)
    if (dtype_of(arrays[k]) != dtype)
      return error(frame, "gelu_fast: operands and results differ in dtype");

  axis axes[AXES];
  const int count = axes_of(arrays, n, gf_dtype_size(dtype), axes);
  if (count == 0)
    return error(frame, "gelu_fast: the shapes of operands and results do not fit");
  avoid_short_lines(axes, count);
  call(row, args, axes, count, n);
  return NULL;
}
