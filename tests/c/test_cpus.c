/* Tests how many CPUs the core believes that it may use: the affinity of the thread, and quotas of
 * control groups in folders made for this test. It is built like test_api.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>
#elif defined(_WIN32)
#include <windows.h>
#endif

#include "runtime/cpus.h"

static int failures;

static void check(int got, int want, const char *what) {
  if (got != want) {
    printf("FAILED %s: %d, not %d\n", what, got, want);
    failures++;
  }
}

#if defined(__linux__)

static char root[] = "/tmp/gelu_fast-cpus-XXXXXX";

/* Writes a file below the root, and the folders around it. */
static void put(const char *path, const char *text) {
  char whole[1024];
  snprintf(whole, sizeof whole, "%s%s", root, path);
  for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = 0;
    mkdir(whole, 0700);
    *slash = '/';
  }
  FILE *file = fopen(whole, "w");
  if (!file || fputs(text, file) == EOF || fclose(file) == EOF)
    exit(2);
}

static void clear(void) {
  char command[256];
  snprintf(command, sizeof command, "rm -rf %s/*", root);
  if (system(command))
    exit(2);
}

#define GROUP "/proc/self/cgroup"
#define FILES "/sys/fs/cgroup"

static void test_quotas(void) {
  check(gf_cpu_quota(root), 0, "no files");
  put(GROUP, "0::/\n");
  check(gf_cpu_quota(root), 0, "version 2, no quota file");
  put(FILES "/cpu.max", "max 100000\n");
  check(gf_cpu_quota(root), 0, "version 2, max");
  put(FILES "/cpu.max", "300000 100000\n");
  check(gf_cpu_quota(root), 3, "version 2, the root of a container");
  put(FILES "/cpu.max", "250000 100000\n");
  check(gf_cpu_quota(root), 2, "a part of a CPU is left out");
  put(FILES "/cpu.max", "50000 100000\n");
  check(gf_cpu_quota(root), 1, "at least one");
  put(FILES "/cpu.max", "9223372036854775807 1\n");
  check(gf_cpu_quota(root), 0, "a quota that limits nothing");
  put(FILES "/cpu.max", "nonsense\n");
  check(gf_cpu_quota(root), 0, "version 2, nonsense");
  put(FILES "/cpu.max", "800000 100000\n");
  put(GROUP, "0::/user.slice/job/step\n");
  check(gf_cpu_quota(root), 8, "version 2, a path that does not exist");
  put(FILES "/user.slice/job/cpu.max", "400000 100000\n");
  put(FILES "/user.slice/job/step/cpu.max", "max 100000\n");
  check(gf_cpu_quota(root), 4, "version 2, the quota of a group around it");
  put(FILES "/user.slice/job/step/cpu.max", "600000 100000\n");
  check(gf_cpu_quota(root), 4, "version 2, the smallest one");
  put(GROUP, "0::/../../other\n");
  check(gf_cpu_quota(root), 8, "version 2, a path above the root");
  clear();

  put(GROUP, "12:cpuset:/a\n4:cpu,cpuacct:/a/b\n1:name=systemd:/a\n0::/\n");
  put(FILES "/cpu/a/b/cpu.cfs_quota_us", "-1\n");
  put(FILES "/cpu/a/b/cpu.cfs_period_us", "100000\n");
  check(gf_cpu_quota(root), 0, "version 1, no quota");
  put(FILES "/cpu/a/b/cpu.cfs_quota_us", "500000\n");
  check(gf_cpu_quota(root), 5, "version 1");
  put(FILES "/cpu/a/cpu.cfs_quota_us", "100000\n");
  put(FILES "/cpu/a/cpu.cfs_period_us", "50000\n");
  check(gf_cpu_quota(root), 2, "version 1, the quota of a group around it");
  clear();
  put(GROUP, "4:cpuacct,cpu:/\n");
  put(FILES "/cpu,cpuacct/cpu.cfs_quota_us", "700000\n");
  put(FILES "/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  check(gf_cpu_quota(root), 7, "version 1, a folder of two controllers");
  put(GROUP, "4:cpuset,cpuacct:/\n");
  check(gf_cpu_quota(root), 0, "version 1, other controllers");
  put(GROUP, "nonsense\n:\n::\n\n");
  check(gf_cpu_quota(root), 0, "nonsense");
  clear();
}

#endif

static void test_affinity(void) {
  const int all = gf_cpus();
  check(all >= 1, 1, "at least one CPU");
#if defined(__linux__)
  cpu_set_t before, one;
  if (sched_getaffinity(0, sizeof before, &before))
    return; /* more than 1,024 CPUs */
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
    if (CPU_ISSET(cpu, &before))
      CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
  check(gf_cpus(), 1, "one CPU");
  sched_setaffinity(0, sizeof before, &before);
  check(gf_cpus(), all, "all again");
  check(all <= CPU_COUNT(&before), 1, "not more than the affinity");
#elif defined(_WIN32)
  SetProcessAffinityMask(GetCurrentProcess(), 1);
  check(gf_cpus(), 1, "one CPU");
#endif
}

int main(void) {
#if defined(__linux__)
  if (!mkdtemp(root))
    return 2;
  test_quotas();
  rmdir(root);
#endif
  test_affinity();
  printf("%s cpus: %d\n", failures ? "FAILED" : "ok    ", gf_cpus());
  return failures > 0;
}
