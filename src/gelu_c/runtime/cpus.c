#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "runtime/cpus.h"

#if defined(__linux__)

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The quota of control groups */

enum { PATH = 640, LINE = 512 }; /* longer ones are not read: the stack of a caller may be small */

typedef struct {
  const char *root, *mount; /* the group is a folder in root/sys/fs/cgroup/mount */
  const char *path;
  size_t length; /* of the path */
} control_group;

/* The numbers in a file of a group, such as "150000 100000"; returns how many there are. */
static int numbers_in(const control_group *group, const char *name, long *first, long *second) {
  char path[PATH];
  const int length = snprintf(path, sizeof path, "%s/sys/fs/cgroup%s%.*s/%s", group->root,
                              group->mount, (int)group->length, group->path, name);
  FILE *file = length > 0 && length < PATH ? fopen(path, "re") : NULL;
  if (!file)
    return 0;
  const int found = fscanf(file, "%ld %ld", first, second);
  fclose(file);
  return found;
}

/* quota / period in whole CPUs, at least 1; 0 if there is no quota. A part of a CPU is left out: the
 * system would stop all threads of the process in the middle of calls. */
static int whole_cpus(long quota, long period) {
  enum { MANY = 1 << 20 };
  if (quota <= 0 || period <= 0 || quota / period > MANY)
    return 0;
  return quota < period ? 1 : (int)(quota / period);
}

static int quota_of(const control_group *group) {
  long quota = 0, period = 0, other;
  if (numbers_in(group, "cpu.max", &quota, &period) == 2) /* "max 100000" has no quota */
    return whole_cpus(quota, period);
  if (numbers_in(group, "cpu.cfs_quota_us", &quota, &other) > 0 && /* version 1; -1: no quota */
      numbers_in(group, "cpu.cfs_period_us", &period, &other) > 0)
    return whole_cpus(quota, period);
  return 0;
}

static int smaller(int quota, int other) {
  return quota == 0 || (other != 0 && other < quota) ? other : quota;
}

/* The smallest quota of a group and of those around it. In a container the path may not exist: the
 * group of the container is then the root of what is mounted. */
static int smallest_quota(control_group group) {
  for (int smallest = 0;; group.length--) {
    smallest = smaller(smallest, quota_of(&group));
    while (group.length > 0 && group.path[group.length - 1] != '/')
      group.length--;
    if (group.length == 0)
      return smallest;
  }
}

/* Whether a list such as "cpu,cpuacct" has the controller cpu. */
static int has_cpu(const char *list) {
  while (list && (strncmp(list, "cpu", 3) != 0 || (list[3] != ',' && list[3] != 0))) {
    list = strchr(list, ',');
    list += list != NULL;
  }
  return list != NULL;
}

/* A line of /proc/self/cgroup: "0::/group" in version 2, "4:cpu,cpuacct:/group" in version 1. */
static int quota_of_line(const char *root, char *line) {
  line[strcspn(line, "\n")] = 0;
  char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
  if (!path)
    return 0;
  *path++ = 0;
  const size_t length = strcmp(path, "/") == 0 ? 0 : strlen(path);
  if (*++controllers == 0)
    return smallest_quota((control_group){root, "", path, length});
  if (!has_cpu(controllers))
    return 0;
  return smaller(smallest_quota((control_group){root, "/cpu", path, length}),
                 smallest_quota((control_group){root, "/cpu,cpuacct", path, length}));
}

int gf_cpu_quota(const char *root) {
  char path[PATH], line[LINE];
  snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
  FILE *file = fopen(path, "re");
  int smallest = 0;
  if (file) {
    while (fgets(line, sizeof line, file))
      smallest = smaller(smallest, quota_of_line(root, line));
    fclose(file);
  }
  return smallest;
}

/* ---- Affinity */

/* The kernel refuses a set that is smaller than its own. */
static int allowed_cpus(void) {
  for (int most = 1024; most <= 1 << 20; most *= 2) {
    cpu_set_t *set = CPU_ALLOC(most);
    if (!set)
      return 1;
    const size_t size = CPU_ALLOC_SIZE(most);
    const int allowed = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (allowed > 0)
      return allowed;
  }
  return 1;
}

int gf_cpus(void) { return smaller(allowed_cpus(), gf_cpu_quota("")); }

#elif defined(__unix__) || defined(__APPLE__)

#include <unistd.h>

int gf_cpu_quota(const char *root) {
  (void)root;
  return 0;
}

int gf_cpus(void) {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : online > 1 << 20 ? 1 << 20 : (int)online;
}

#elif defined(_WIN32)

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include "simd/compiler.h"

int gf_cpu_quota(const char *root) {
  (void)root;
  return 0;
}

/* A group of Windows has at most 64 CPUs, and a thread runs in one group. */
int gf_cpus(void) {
  DWORD_PTR allowed = 0, of_system;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &allowed, &of_system) || allowed == 0)
    return 1;
  return (int)gf_bit_count(allowed);
}

#else

int gf_cpu_quota(const char *root) {
  (void)root;
  return 0;
}

int gf_cpus(void) { return 1; }

#endif
