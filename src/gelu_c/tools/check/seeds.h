/* The points where the error of a function may be largest, and between which search_worst looks. */
#ifndef GF_SEEDS_H
#define GF_SEEDS_H

#include <stddef.h>

#include "target.h"

typedef struct {
  double x;
  int is_special; /* not one of many, such as the powers of two */
} seed;

typedef struct {
  seed *at; /* sorted, each number once */
  size_t count, room;
  double lo, hi; /* where the function varies */
} seeds;

/* Finds the seeds of a row: the numbers that table_seeds.py wrote into `file`, powers of two, the
 * numbers of the table, zeros and extrema, where a value becomes subnormal, and every stride-th
 * place where a value or the exponential of a tail passes a power of two. Returns -1 and prints
 * why if that fails. */
int seeds_find(seeds *found, const target *t, const char *file, int stride);

void seeds_free(seeds *found);

#endif
