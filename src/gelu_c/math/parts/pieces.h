/* The type of the pieces of a function (piecewise.h), laid out as the lookups of an instruction set
 * read them; simd/README.md explains PIECES, PIECE_MAJOR and LOOKS_UP_ROWS. Each degree has a type of its own, and
 * so has a function whose centres are all 0: they are left out. */
#ifndef GF_PIECES_H
#define GF_PIECES_H

#include "simd/compiler.h"

#define PIECEWISE_HEAD                                                                             \
  real lo; /* 0, unless a may be negative */                                                       \
  real limit, start, rate, curve;                                                                  \
  unsigned shift;        /* drops the bits of k that do not number pieces */                       \
  real slope, slope_end; /* up to slope_end, c[0] is 0 and slope * a takes its place */

#ifdef LOOKS_UP_ROWS
/* An ULP of a - shift + start is the width of a piece, and its lower bits are the number of the
 * piece (rows.h). The numbers of the rows are in memory once for all kernels (coeffs/NAME_rows.h). */
typedef struct {
  real lo, limit, start, shift;
  const real (*row)[4];
} piece_rows;
#endif

#ifdef PIECE_MAJOR
/* The numbers are in memory once for all kernels: generate.py moves them from coeffs/NAME_f64.h into a
 * file of their own. */
#define PIECEWISE(degree)                                                                          \
  struct {                                                                                         \
    PIECEWISE_HEAD                                                                                 \
    const real (*piece)[(degree) + 2]; /* centre, c[0], c[1], ... */                               \
  }
#else
#define PIECEWISE(degree) PIECEWISE_WITH(degree, PIECES)
#define PIECEWISE_WITHOUT_CENTRE(degree) PIECEWISE_WITH(degree, 1)
#define PIECEWISE_WITH(degree, centres)                                                            \
  struct {                                                                                         \
    PIECEWISE_HEAD                                                                                 \
    _Alignas(64) real centre[centres];                                                             \
    _Alignas(64) real c[(degree) + 1][PIECES];                                                     \
  }
#endif

#endif
