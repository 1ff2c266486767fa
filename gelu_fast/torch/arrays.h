/* Strided arrays: what overlaps, and the strides of results, as PyTorch's elementwise functions choose
 * them. */
#ifndef GELU_FAST_TORCH_ARRAYS_H
#define GELU_FAST_TORCH_ARRAYS_H

#include <cstdint>
#include <vector>

namespace gelu_fast {

struct array {
  char *data;
  std::vector<int64_t> sizes, strides; /* strides in elements, 0 along broadcast dimensions */
};

/* Whether elements of an array are at the same address. */
inline bool has_repeats(const array &x) {
  for (size_t i = 0; i < x.sizes.size(); i++)
    if (x.sizes[i] > 1 && x.strides[i] == 0)
      return true;
  return false;
}

/* The end of the memory that holds an array; an array without elements has none. */
inline char *end_of(const array &x, size_t bytes) {
  int64_t last = 0;
  for (size_t i = 0; i < x.sizes.size(); i++) {
    if (x.sizes[i] == 0)
      return x.data;
    last += (x.sizes[i] - 1) * x.strides[i];
  }
  return x.data + (last + 1) * (int64_t)bytes;
}

inline bool are_same(const array &x, const array &y) {
  return x.data == y.data && x.sizes == y.sizes && x.strides == y.strides;
}

/* Whether arrays lie in the same memory; interleaved ones do, too. */
inline bool overlap(const array &x, const array &y, size_t bytes) {
  return x.data < end_of(y, bytes) && y.data < end_of(x, bytes);
}

/* Whether dimension i of the results comes before dimension j in memory: -1 if its stride is smaller in
 * the first array that tells, 1 if it is larger, 0 if no array tells. */
inline int order_of(const std::vector<array> &inputs, const std::vector<int64_t> &sizes, size_t i,
                    size_t j) {
  for (const array &input : inputs) {
    const int64_t a = input.strides[i], b = input.strides[j];
    if (a == 0 || b == 0)
      continue;
    if (a != b)
      return a < b ? -1 : 1;
    if (sizes[i] > sizes[j])
      return 1;
  }
  return 0;
}

/* The dimensions in the order of the memory of the results, the innermost first. It is a stable sort,
 * but order_of need not be transitive: results have the strides of PyTorch's only if the same pairs are
 * compared. */
inline std::vector<size_t> memory_order(const std::vector<array> &inputs,
                                        const std::vector<int64_t> &sizes) {
  std::vector<size_t> order(sizes.size());
  for (size_t i = 0; i < order.size(); i++)
    order[i] = order.size() - 1 - i;
  for (size_t i = 1; i < order.size(); i++) {
    size_t moving = i;
    for (size_t before = i; before-- > 0;) {
      const int known = order_of(inputs, sizes, order[before], order[moving]);
      if (known < 0)
        break;
      if (known > 0) {
        std::swap(order[before], order[moving]);
        moving = before;
      }
    }
  }
  return order;
}

/* Strides of an array without gaps whose dimensions lie in this order. PyTorch counts a dimension of no
 * elements as `least`: 1 in the order of rows, else 0. */
inline std::vector<int64_t> dense_strides(const std::vector<int64_t> &sizes,
                                          const std::vector<size_t> &order, int64_t least) {
  std::vector<int64_t> strides(sizes.size());
  int64_t next = 1;
  for (size_t dimension : order) {
    strides[dimension] = next;
    next *= sizes[dimension] > least ? sizes[dimension] : least;
  }
  return strides;
}

} // namespace gelu_fast

#endif
