/* Goes through strided arrays, and calls the C library on their rows. */
#ifndef GELU_FAST_TORCH_LOOP_H
#define GELU_FAST_TORCH_LOOP_H

#include <algorithm>
#include <array>

#include "arrays.h"
#include "gelu_c.h"

namespace gelu_fast {

enum { OPERANDS_MAX = 5 };

/* A loop over all elements, the fastest dimension first; dimensions that all arrays can go through in
 * one are one. */
struct loop {
  const gf_row *row;
  size_t operands, bytes;
  std::array<char *, OPERANDS_MAX> data;
  std::vector<int64_t> sizes;
  std::vector<std::array<ptrdiff_t, OPERANDS_MAX>> steps; /* in bytes */

  loop(const gf_row *function, const std::vector<array> &arrays, const std::vector<int64_t> &shape,
       const std::vector<size_t> &order)
      : row(function), operands(arrays.size()), bytes(gf_dtype_size(function->dtype)), data{} {
    for (size_t k = 0; k < operands; k++)
      data[k] = arrays[k].data;
    for (size_t dimension : order) {
      if (shape[dimension] == 1)
        continue;
      std::array<ptrdiff_t, OPERANDS_MAX> step{};
      bool continues = !sizes.empty();
      for (size_t k = 0; k < operands; k++) {
        step[k] = arrays[k].strides[dimension] * (ptrdiff_t)bytes;
        continues = continues && step[k] == steps.back()[k] * sizes.back();
      }
      if (continues) {
        sizes.back() *= shape[dimension];
      } else {
        sizes.push_back(shape[dimension]);
        steps.push_back(step);
      }
    }
    if (sizes.empty()) {
      sizes.push_back(1);
      steps.push_back({});
    }
  }

  /* Computes the elements `begin` to `end`, without the latter, in this thread: PyTorch has its own. */
  void compute(int64_t begin, int64_t end) const {
    while (begin < end) {
      std::array<char *, OPERANDS_MAX> at = data;
      int64_t rest = begin / sizes[0];
      for (size_t d = 1; d < sizes.size(); d++) {
        for (size_t k = 0; k < operands; k++)
          at[k] += steps[d][k] * (rest % sizes[d]);
        rest /= sizes[d];
      }
      const int64_t first = begin % sizes[0], count = std::min(sizes[0] - first, end - begin);
      gf_call_part(row, at.data(), steps[0].data(), (size_t)sizes[0], (size_t)first, (size_t)count);
      begin += count;
    }
  }
};

} // namespace gelu_fast

#endif
