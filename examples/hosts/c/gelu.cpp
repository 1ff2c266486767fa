// Prints gelu of a few numbers. examples/hosts/README.md says how to build it.
#include <cstdio>
#include <vector>

#include "gelu_c.h"

int main() {
  const std::vector<float> x{-4, -1, 0, 2};
  std::vector<float> y(x.size());
  gf_gelu_f32(x.data(), y.data(), x.size());
  for (std::size_t i = 0; i < x.size(); i++)
    std::printf("%.9g %.9g\n", x[i], y[i]);
}
