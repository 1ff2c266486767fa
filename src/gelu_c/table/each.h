/* Expands the table with the macros FUNCTION, COMPOUND and ROW of the file that includes this. A
 * macro that it has not defined expands to nothing; all are undefined at the end. EXACT and EXACT_ROW
 * are for the correctly rounded twins of functions; a file that does not define them takes them for
 * functions and rows like others. */
#include "sources.h"

#ifndef FUNCTION
#define FUNCTION(...)
#endif
#ifndef COMPOUND
#define COMPOUND(...)
#endif
#ifndef ROW
#define ROW(...)
#endif
#ifndef EXACT
#define EXACT(name, base, ...) FUNCTION(name, __VA_ARGS__)
#endif
#ifndef EXACT_ROW
#define EXACT_ROW(base, ...) ROW(exact_##base, __VA_ARGS__)
#endif
#define FUNCTION_AND_EXACT(name, ...)                                                              \
  FUNCTION(name, __VA_ARGS__) EXACT(exact_##name, name, __VA_ARGS__)
#define BOUND(name, dtype, bound_ulp) ROW(name, dtype, bound_ulp, -INFINITY, INFINITY, NAN)

#include "functions.def"

#undef FUNCTION
#undef COMPOUND
#undef ROW
#undef BOUND
#undef EXACT
#undef EXACT_ROW
#undef FUNCTION_AND_EXACT
