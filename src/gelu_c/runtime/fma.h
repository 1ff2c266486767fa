/* x * y + z, rounded once, in integers: for C libraries whose fma rounds twice. */
#ifndef GF_FMA_H
#define GF_FMA_H

double gf_fma(double x, double y, double z);

#endif
