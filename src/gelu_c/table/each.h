/* Expands the table with the macros FUNCTION, COMPOUND and ROW of the file that includes this. A
 * macro that it has not defined expands to nothing; all three are undefined at the end. */
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
#define BOUND(name, dtype, bound_ulp) ROW(name, dtype, bound_ulp, -INFINITY, INFINITY, NAN)

#include "functions.def"

#undef FUNCTION
#undef COMPOUND
#undef ROW
#undef BOUND
