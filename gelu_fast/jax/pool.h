/* XLA's thread pool, which XLA computes in. */
#ifndef GELU_FAST_JAX_POOL_H
#define GELU_FAST_JAX_POOL_H

#include "xla/ffi/api/c_api.h"

/* Returns 1 if there is no error. */
static int is_fine(const XLA_FFI_Api *api, XLA_FFI_Error *error) {
  XLA_FFI_Error_Destroy_Args args = {
      .struct_size = XLA_FFI_Error_Destroy_Args_STRUCT_SIZE,
      .error = error,
  };
  if (error != NULL)
    api->XLA_FFI_Error_Destroy(&args);
  return error == NULL;
}

/* The number of threads; 1 if XLA has none to give. */
static size_t threads_of(const XLA_FFI_CallFrame *frame) {
  const XLA_FFI_Api *api = frame->api;
  int64_t threads = 1;
  XLA_FFI_ThreadPool_NumThreads_Args args = {
      .struct_size = XLA_FFI_ThreadPool_NumThreads_Args_STRUCT_SIZE,
      .ctx = frame->ctx,
      .num_threads = &threads,
  };
  if (api->struct_size < XLA_FFI_STRUCT_SIZE(XLA_FFI_Api, XLA_FFI_ThreadPool_NumThreads) ||
      !is_fine(api, api->XLA_FFI_ThreadPool_NumThreads(&args)) || threads < 1)
    return 1;
  return (size_t)threads;
}

/* Asks for a run of the task, at any time and in any thread. Returns 1, or 0 if it will not run. */
static int schedule(const XLA_FFI_CallFrame *frame, XLA_FFI_Task *task, void *data) {
  XLA_FFI_ThreadPool_Schedule_Args args = {
      .struct_size = XLA_FFI_ThreadPool_Schedule_Args_STRUCT_SIZE,
      .ctx = frame->ctx,
      .task = task,
      .data = data,
  };
  return is_fine(frame->api, frame->api->XLA_FFI_ThreadPool_Schedule(&args));
}

#endif
