/* A table of rows (rows.h), laid out as its look-ups read it. ROWS, ROW_MAJOR: the vocabulary's
 * (simd/README.md). Each degree has a type of its own. Where all centres are 0 they are left out. */
#ifndef GF_ROW_TABLE_H
#define GF_ROW_TABLE_H

#define ROW_TABLE_HEAD                                                                             \
  real lo; /* 0, but where a may be negative */                                                    \
  real limit, start, rate, curve;                                                                  \
  unsigned shift;        /* drops the bits of k that are not looked at */                          \
  real slope, slope_end; /* up to slope_end, c[0] is 0 and stands for slope * a */

#ifdef ROW_MAJOR
#define ROW_TABLE(degree)                                                                          \
  struct {                                                                                         \
    ROW_TABLE_HEAD                                                                                 \
    _Alignas(64) real row[ROWS][(degree) + 2]; /* centre, c[0], c[1], ... */                       \
  }
#else
#define ROW_TABLE(degree) ROW_TABLE_WITH(degree, ROWS)
#define ROW_TABLE_WITHOUT_CENTRE(degree) ROW_TABLE_WITH(degree, 1)
#define ROW_TABLE_WITH(degree, centres)                                                            \
  struct {                                                                                         \
    ROW_TABLE_HEAD                                                                                 \
    _Alignas(64) real centre[centres];                                                             \
    _Alignas(64) real c[(degree) + 1][ROWS];                                                       \
  }
#endif

#endif
