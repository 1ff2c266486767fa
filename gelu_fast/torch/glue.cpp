/* Registers an operator of PyTorch for each function of the table, torch.ops.gelu_fast.gelu(x). The
 * Python files beside this add derivatives and shapes. */
#include "calls.h"

namespace gelu_fast {
namespace {

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
