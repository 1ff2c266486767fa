/* A table of pieces (piecewise.h), laid out as its look-ups read it. PIECES, PIECE_MAJOR: the vocabulary's
 * (simd/README.md). Each degree has a type of its own. Where all centres are 0 they are left out. */
#ifndef GF_PIECES_H
#define GF_PIECES_H

#define PIECEWISE_HEAD                                                                             \
  real lo; /* 0, but where a may be negative */                                                    \
  real limit, start, rate, curve;                                                                  \
  unsigned shift;        /* drops the bits of k that are not looked at */                          \
  real slope, slope_end; /* up to slope_end, c[0] is 0 and stands for slope * a */

#ifdef PIECE_MAJOR
#define PIECEWISE(degree)                                                                          \
  struct {                                                                                         \
    PIECEWISE_HEAD                                                                                 \
    _Alignas(64) real piece[PIECES][(degree) + 2]; /* centre, c[0], c[1], ... */                   \
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
