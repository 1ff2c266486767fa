/* Tensors of PyTorch, by the C interface that later versions keep. The oldest version is 2.10, whose
 * interface is the first one with threads. */
#ifndef GELU_FAST_TORCH_TENSORS_H
#define GELU_FAST_TORCH_TENSORS_H

#define TORCH_TARGET_VERSION 0x020a000000000000
#include <torch/csrc/stable/c/shim.h>
#include <torch/headeronly/version.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gelu_fast {

inline void check(AOTITorchError error, const char *what) {
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

inline tensor empty(const std::vector<int64_t> &sizes, const std::vector<int64_t> &strides,
                    int32_t dtype) {
  AtenTensorHandle made;
  check(aoti_torch_empty_strided((int64_t)sizes.size(), sizes.data(), strides.data(), dtype,
                                 aoti_torch_device_type_cpu(), 0, &made),
        "make a tensor");
  return tensor(made);
}

} // namespace gelu_fast

#endif
