/* How many CPUs this process may use. */
#ifndef GF_CPUS_H
#define GF_CPUS_H

/* At least 1: the CPUs that the calling thread may run on, and not more than the quota. */
int gf_cpus(void);

/* The quota of CPU time that Linux control groups (version 1 or 2) give this process, in whole CPUs
 * and at least 1; 0 if there is none. `root` is put before the paths /proc and /sys; "" is the
 * system's. */
int gf_cpu_quota(const char *root);

#endif
