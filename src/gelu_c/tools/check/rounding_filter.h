#ifndef GF_ROUNDING_FILTER_H
#define GF_ROUNDING_FILTER_H

/* Writes a function of the table at n finite numbers; a zero may have the wrong sign. */
typedef void filter(const float *in, double *out, int n);
filter *filter_of(const char *name); /* NULL if there is no such function */

#endif
