/* Calls of operators: they take the tensors on PyTorch's stack and put the results there. */
#ifndef GELU_FAST_TORCH_CALLS_H
#define GELU_FAST_TORCH_CALLS_H

#include "loop.h"
#include "tensors.h"

namespace gelu_fast {

inline gf_dtype dtype_of(const gf_function *f, const std::vector<tensor> &inputs) {
  const int32_t dtypes[] = {aoti_torch_dtype_float16(), aoti_torch_dtype_bfloat16(),
                            aoti_torch_dtype_float32(), aoti_torch_dtype_float64()};
  const int32_t first = inputs[0].dtype();
  for (const tensor &input : inputs)
    if (input.dtype() != first)
      throw std::runtime_error(std::string("gelu_fast::") + f->name +
                               ": tensors of one dtype are "
                               "needed (gelu_fast.torch." +
                               f->name + " converts them)");
  const int32_t *found = std::find(dtypes, dtypes + GF_DTYPES, first);
  if (found == dtypes + GF_DTYPES)
    throw std::runtime_error(std::string("gelu_fast::") + f->name +
                             ": the tensors must be float16, bfloat16, float32 or float64");
  const gf_dtype dtype = (gf_dtype)(found - dtypes);
  if (!gf_row_of(f->name, dtype))
    throw std::runtime_error(std::string("gelu_fast::") + f->name +
                             ": float64 has no correctly rounded results; the tensors must be "
                             "float16, bfloat16 or float32");
  return dtype;
}

inline std::vector<int64_t> broadcast_shape(const gf_function *f,
                                            const std::vector<array> &inputs) {
  std::vector<int64_t> shape;
  for (const array &input : inputs) {
    if (input.sizes.size() > shape.size())
      shape.insert(shape.begin(), input.sizes.size() - shape.size(), 1);
    const size_t offset = shape.size() - input.sizes.size();
    for (size_t i = 0; i < input.sizes.size(); i++) {
      int64_t &size = shape[offset + i];
      if (size != input.sizes[i] && size != 1 && input.sizes[i] != 1)
        throw std::runtime_error(std::string("gelu_fast::") + f->name + ": sizes " +
                                 std::to_string(size) + " and " + std::to_string(input.sizes[i]) +
                                 " of a dimension cannot be broadcast together");
      size = size == 1 ? input.sizes[i] : size;
    }
  }
  return shape;
}

inline void broadcast(array &input, const std::vector<int64_t> &shape) {
  const size_t missing = shape.size() - input.sizes.size();
  input.strides.insert(input.strides.begin(), missing, 0);
  for (size_t i = 0; i < input.sizes.size(); i++)
    if (input.sizes[i] == 1 && shape[missing + i] != 1)
      input.strides[missing + i] = 0;
}

inline void compute(const loop &all, const std::vector<int64_t> &shape) {
  enum { GRAIN = 32768 }; /* elements for each thread, as in PyTorch's own functions */
  int64_t n = 1;
  for (int64_t size : shape)
    n *= size;
  if (n <= GRAIN) {
    all.compute(0, n);
    return;
  }
  const auto part = [](int64_t begin, int64_t end, void *context) {
    ((const loop *)context)->compute(begin, end);
  };
  check(torch_parallel_for(0, n, GRAIN, part, (void *)&all), "start threads");
}

inline std::vector<array> arrays_of(const std::vector<tensor> &inputs) {
  std::vector<array> arrays;
  for (const tensor &input : inputs)
    arrays.push_back({input.const_data(), input.sizes(), input.strides()});
  return arrays;
}

/* The operator: it returns new tensors. */
inline void call(const gf_function *f, StableIValue *stack) {
  std::vector<tensor> inputs, outs;
  for (int k = 0; k < f->nin; k++)
    inputs.push_back(tensor::take(stack[k]));
  const gf_dtype dtype = dtype_of(f, inputs);
  std::vector<array> arrays = arrays_of(inputs);
  const std::vector<int64_t> shape = broadcast_shape(f, arrays);
  bool are_contiguous = true;
  for (size_t k = 0; k < inputs.size(); k++)
    are_contiguous = are_contiguous && arrays[k].sizes == shape && inputs[k].is_contiguous();
  for (array &input : arrays)
    broadcast(input, shape);
  const std::vector<size_t> order =
      memory_order(are_contiguous ? std::vector<array>() : arrays, shape);
  const bool is_row_major = std::is_sorted(order.rbegin(), order.rend());
  const std::vector<int64_t> strides = dense_strides(shape, order, is_row_major);
  for (int k = 0; k < f->nout; k++) {
    outs.push_back(empty(shape, strides, inputs[0].dtype()));
    arrays.push_back({outs.back().data(), shape, strides});
  }
  compute(loop(gf_row_of(f->name, dtype), arrays, shape, order), shape);
  for (int k = 0; k < f->nout; k++)
    stack[k] = outs[k].give();
}

/* The operator with `out`. */
inline void call_out(const gf_function *f, StableIValue *stack) {
  std::vector<tensor> tensors;
  for (int k = 0; k < f->nin + f->nout; k++)
    tensors.push_back(tensor::take(stack[k]));
  const gf_dtype dtype = dtype_of(f, tensors);
  std::vector<array> arrays = arrays_of(tensors);
  const std::vector<int64_t> shape = arrays[f->nin].sizes;
  for (int k = 0; k < f->nin + f->nout; k++)
    if (k >= f->nin ? arrays[k].sizes != shape
                    : broadcast_shape(f, {arrays[k], arrays[f->nin]}) != shape)
      throw std::runtime_error(std::string("gelu_fast::") + f->name + ".out: a shape does not fit");
  for (array &each : arrays)
    broadcast(each, shape);
  for (int k = f->nin; k < f->nin + f->nout; k++)
    arrays[k].data = tensors[k].data();
  for (size_t k = f->nin; k < arrays.size(); k++) {
    bool is_wrong = has_repeats(arrays[k]);
    for (size_t other = 0; other < k; other++)
      is_wrong = is_wrong || (overlap(arrays[other], arrays[k], gf_dtype_size(dtype)) &&
                              !(other < (size_t)f->nin && are_same(arrays[other], arrays[k])));
    if (is_wrong)
      throw std::runtime_error(std::string("gelu_fast::") + f->name +
                               ".out: a result overlaps another tensor, or itself");
  }
  compute(loop(gf_row_of(f->name, dtype), arrays, shape, memory_order({arrays[f->nin]}, shape)),
          shape);
}

} // namespace gelu_fast

#endif
