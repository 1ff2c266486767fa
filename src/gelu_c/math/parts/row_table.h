/* A table of rows (rows.h), laid out as its look-ups read it. ROWS, ROW_MAJOR: the vocabulary's
 * (simd/README.md). ROWS_DEGREE and ROWS_WITHOUT_CENTRE, which stands for centres that are all 0: the file
 * of coefficients', which defines them first. */
typedef struct {
  real lo; /* 0, but where a may be negative */
  real limit, start, rate, curve;
  unsigned shift;        /* drops the bits of k that are not looked at */
  real slope, slope_end; /* up to slope_end, c[0] is 0 and stands for slope * a */
#ifdef ROW_MAJOR
  _Alignas(64) real row[ROWS][ROWS_DEGREE + 2]; /* centre, c[0], c[1], ... */
#else
#ifndef ROWS_WITHOUT_CENTRE
  _Alignas(64) real centre[ROWS];
#endif
  _Alignas(64) real c[ROWS_DEGREE + 1][ROWS];
#endif
} row_table;
