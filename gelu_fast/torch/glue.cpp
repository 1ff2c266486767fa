/* Registers an operator of PyTorch for each function of the table, torch.ops.gelu_fast.gelu(x), with
 * the C interface of PyTorch that later versions keep. The oldest version is 2.10, whose interface is
 * the first one with threads. The Python files beside this add derivatives and shapes. */
#define TORCH_TARGET_VERSION 0x020a000000000000
#include <torch/csrc/stable/c/shim.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include "arrays.h"

namespace gelu_fast {
namespace {

/* ---- Tensors */

void check(AOTITorchError error, const char *what) {
  if (error != AOTI_TORCH_SUCCESS)
    throw std::runtime_error(std::string("gelu_fast: PyTorch refused to ") + what);
}

class tensor {
public:
  explicit tensor(AtenTensorHandle owned = nullptr) : handle(owned) {}
  tensor(tensor &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  tensor(const tensor &) = delete;
  ~tensor() {
    if (handle)
      aoti_torch_delete_tensor_object(handle);
  }

  AtenTensorHandle get() const { return handle; }
  StableIValue give() {
    StableIValue value = 0;
    std::memcpy(&value, &handle, sizeof handle);
    handle = nullptr;
    return value;
  }
  static tensor take(StableIValue value) {
    AtenTensorHandle owned;
    std::memcpy(&owned, &value, sizeof owned);
    return tensor(owned);
  }

  int32_t dtype() const {
    int32_t found;
    check(aoti_torch_get_dtype(handle, &found), "give a dtype");
    return found;
  }
  bool is_contiguous() const {
    bool found;
    check(aoti_torch_is_contiguous(handle, &found), "describe a tensor");
    return found;
  }
  std::vector<int64_t> numbers(AOTITorchError (*get)(AtenTensorHandle, int64_t **)) const {
    int64_t n, *first;
    check(aoti_torch_get_dim(handle, &n), "give a shape");
    check(get(handle, &first), "give a shape");
    return std::vector<int64_t>(first, first + n);
  }
  std::vector<int64_t> sizes() const { return numbers(aoti_torch_get_sizes); }
  std::vector<int64_t> strides() const { return numbers(aoti_torch_get_strides); }
  char *data() const {
    void *found;
    check(torch_get_mutable_data_ptr(handle, &found), "give data");
    return (char *)found;
  }
  char *const_data() const {
    const void *found;
    check(torch_get_const_data_ptr(handle, &found), "give data");
    return (char *)found;
  }

private:
  AtenTensorHandle handle;
};

tensor empty(const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides,
             int32_t dtype) {
  AtenTensorHandle made;
  check(aoti_torch_empty_strided((int64_t)sizes.size(), sizes.data(), strides.data(), dtype,
                                 aoti_torch_device_type_cpu(), 0, &made),
        "make a tensor");
  return tensor(made);
}

/* ---- Calls */

gf_dtype dtype_of(const gf_function *f, const std::vector<tensor> &inputs) {
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
  return (gf_dtype)(found - dtypes);
}

std::vector<int64_t> broadcast_shape(const gf_function *f, const std::vector<array> &inputs) {
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

void broadcast(array &input, const std::vector<int64_t> &shape) {
  const size_t missing = shape.size() - input.sizes.size();
  input.strides.insert(input.strides.begin(), missing, 0);
  for (size_t i = 0; i < input.sizes.size(); i++)
    if (input.sizes[i] == 1 && shape[missing + i] != 1)
      input.strides[missing + i] = 0;
}

void compute(const loop &all, const std::vector<int64_t> &shape) {
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

std::vector<array> arrays_of(const std::vector<tensor> &inputs) {
  std::vector<array> arrays;
  for (const tensor &input : inputs)
    arrays.push_back({input.const_data(), input.sizes(), input.strides()});
  return arrays;
}

/* The operator: it returns new tensors. */
void call(const gf_function *f, StableIValue *stack) {
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
  const std::vector<int64_t> strides = dense_strides(shape, order);
  for (int k = 0; k < f->nout; k++) {
    outs.push_back(empty(shape, strides, inputs[0].dtype()));
    arrays.push_back({outs.back().data(), shape, strides});
  }
  compute(loop(gf_row_of(f->name, dtype), arrays, shape, order), shape);
  for (int k = 0; k < f->nout; k++)
    stack[k] = outs[k].give();
}

/* The operator with `out`. */
void call_out(const gf_function *f, StableIValue *stack) {
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
  for (size_t k = f->nin; k < arrays.size(); k++)
    for (size_t other = 0; other <= k; other++)
      if (other == k ? has_repeats(arrays[k])
                     : overlap(arrays[other], arrays[k], gf_dtype_size(dtype)))
        throw std::runtime_error(std::string("gelu_fast::") + f->name +
                                 ".out: a result overlaps another tensor, or itself");
  compute(loop(gf_row_of(f->name, dtype), arrays, shape, memory_order({arrays[f->nin]}, shape)),
          shape);
}

/* ---- Registration */

#define FUNCTION(name, ...) #name,
#define COMPOUND(name, ...) #name,
constexpr const char *NAMES[] = {
#include "table/each.h"
};

constexpr size_t COUNT = sizeof NAMES / sizeof *NAMES;

using kernel = void(StableIValue *, uint64_t, uint64_t);

template <size_t I, void (*compute)(const gf_function *, StableIValue *)>
void run(StableIValue *stack, uint64_t, uint64_t) {
  static const gf_function *const f = gf_row_of(NAMES[I], GF_F32)->function;
  compute(f, stack);
}

/* "Tensor dy, Tensor x" for "dy, x". */
std::string declared(const std::string &names, const char *type) {
  std::string list;
  for (size_t at = 0, end; at < names.size(); at = end + 2) {
    end = std::min(names.find(", ", at), names.size());
    list += (at ? ", " : "") + std::string(type) + " " + names.substr(at, end - at);
  }
  return list;
}

std::string schema(const gf_function *f) {
  const std::string outputs = f->nout == 1 ? "Tensor" : "(" + declared(f->outputs, "Tensor") + ")";
  return std::string(f->name) + "(" + declared(f->inputs, "Tensor") + ") -> " + outputs;
}

std::string schema_out(const gf_function *f) {
  std::string outs = f->nout == 1 ? "Tensor(a!) out" : declared(f->outputs, "Tensor(&!)");
  for (char letter = 'a'; outs.find('&') != std::string::npos; letter++)
    outs[outs.find('&')] = letter;
  return std::string(f->name) + ".out(" + declared(f->inputs, "Tensor") + ", *, " + outs +
         ") -> ()";
}

template <size_t I> void define(TorchLibraryHandle definitions, TorchLibraryHandle cpu) {
  const gf_function *const f = gf_row_of(NAMES[I], GF_F32)->function;
  const std::string out = std::string(f->name) + ".out";
  check(aoti_torch_library_def(definitions, schema(f).c_str()), "define an operator");
  check(aoti_torch_library_def(definitions, schema_out(f).c_str()), "define an operator");
  check(torch_library_impl(cpu, f->name, run<I, call>, TORCH_ABI_VERSION), "take a kernel");
  check(torch_library_impl(cpu, out.c_str(), run<I, call_out>, TORCH_ABI_VERSION), "take a kernel");
}

template <size_t... I>
void define_all(TorchLibraryHandle definitions, TorchLibraryHandle cpu, std::index_sequence<I...>) {
  (define<I>(definitions, cpu), ...);
}

/* Registers all when the library is loaded, and returns what went wrong. The handles are never freed,
 * because that would remove the operators while the program ends. */
std::string register_all() {
  try {
    TorchLibraryHandle definitions, cpu;
    check(aoti_torch_library_init_def("gelu_fast", __FILE__, __LINE__, &definitions),
          "make a library");
    check(aoti_torch_library_init_impl("gelu_fast", "CPU", __FILE__, __LINE__, &cpu),
          "make a library");
    define_all(definitions, cpu, std::make_index_sequence<COUNT>());
    return "";
  } catch (const std::exception &error) {
    return error.what();
  }
}

const std::string problem = register_all();

} // namespace
} // namespace gelu_fast

/* What went wrong when the operators were registered, or an empty text. */
extern "C" __attribute__((visibility("default"))) const char *gelu_fast_torch_problem(void) {
  return gelu_fast::problem.c_str();
}
