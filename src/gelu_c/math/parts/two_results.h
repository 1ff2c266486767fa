/* What a function of two outputs gives. */
#ifndef GF_TWO_RESULTS_H
#define GF_TWO_RESULTS_H

typedef struct {
  v first, second;
} v_results;

#endif
