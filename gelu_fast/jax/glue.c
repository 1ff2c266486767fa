/* gelu_fast.jax for XLA: one handler of XLA's foreign function interface computes every function.
 * The attribute `function` names it, and the operands have its dtype.
 *
 * Operands and results are dense arrays in C order, with the same number of dimensions. An operand
 * may have the length 1 where the results have another: it is broadcast, without being copied. */
#include <string.h>

#include "axes.h"
#include "gelu_c.h"
#include "parallel.h"
#include "xla/ffi/api/c_api.h"

enum { NAME = 64 };

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
  call c;
  c.operands = n;
  for (int k = 0; k < n; k++) {
    arrays[k] = k < nin ? frame->args.args[k] : frame->rets.rets[k - nin];
    c.args[k] = arrays[k]->data;
  }
  const gf_dtype dtype = dtype_of(arrays[0]);
  c.row = row_of(&frame->attrs, dtype);
  if (c.row == NULL || c.row->function->nin != nin || c.row->function->nout != nout)
    return error(frame, "gelu_fast: the installed version has no such function");
  for (int k = 1; k < n; k++)
    if (dtype_of(arrays[k]) != dtype)
      return error(frame, "gelu_fast: operands and results differ in dtype");

  c.count = axes_of(arrays, n, gf_dtype_size(dtype), c.axes);
  if (c.count == 0)
    return error(frame, "gelu_fast: the shapes of operands and results do not fit");
  avoid_short_lines(c.axes, c.count);
  compute_in_parallel(frame, &c, elements_of(&c));
  return NULL;
}
