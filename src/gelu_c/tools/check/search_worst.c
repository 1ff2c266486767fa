/* Searches for the inputs with the largest error of every function, dtype and instruction set,
 * compounds and pairs of 16-bit numbers included:
 *
 *     python src/gelu_c/build_core.py build/libgelu_c.a
 *     cd src/gelu_c/tools/check
 *     python table_seeds.py > seeds.txt
 *     cc -O2 -I../../include -I../.. -o search_worst search_worst.c search.c cases.c window.c seeds.c target.c \
 *       outputs.c reference.c inputs.c ../../../../build/libgelu_c.a -lquadmath -lm -pthread
 *     ./search_worst --seeds seeds.txt --function silu_backward --dtype f64 --effort full
 *
 * Leave out -lquadmath if long double is binary128, as on aarch64. The output is a CSV, the worst
 * line first. The status is 1 if a bound of functions.def is broken or a named instruction set
 * cannot run here, 2 for a wrong option. The same options give the same inputs. */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "search.h"
#include "ulp.h"

typedef struct {
  const char *isa, *function, *dtype, *seeds;
  const effort *effort;
  int jobs;
} options;

static const char *isas[ISAS_MAX];
static size_t isa_count;

/* One line of the CSV. */
typedef struct {
  const gf_row *row;
  size_t isa;
  int output;
  uint64_t inputs;
  worst_case worst;
} line;

/* ---- Rows */

static int wanted(const char *option, const char *name) {
  return strcmp(option, "all") == 0 || strcmp(option, name) == 0;
}

/* error_report measures all 16-bit numbers. */
static int is_wanted(const options *o, const gf_row *row) {
  return wanted(o->function, row->function->name) &&
         wanted(o->dtype, gf_formats[row->dtype].name) &&
         (row->function->nin > 1 || gf_dtype_size(row->dtype) > 2);
}

static void search_row(const gf_row *row, const options *o, line *lines) {
  static findings found;
  if (search(row, o->seeds, o->effort, isas, isa_count, &found))
    _exit(2);
  for (int k = 0; k < row->function->nout; k++)
    for (size_t isa = 0; isa < isa_count; isa++)
      lines[(size_t)k * isa_count + isa] = (line){row, isa, k, found.inputs, found.worst[isa][k]};
}

/* Searches all wanted rows in forked workers; returns the lines in shared memory. */
static line *search_rows(const options *o, size_t *count) {
  const size_t rows = gf_row_count(), each = OUTPUTS_MAX * isa_count;
  line *lines = mmap(NULL, sizeof *lines * rows * each, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  atomic_ullong *next =
      mmap(NULL, sizeof *next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (lines == MAP_FAILED || next == MAP_FAILED) {
    fputs("search_worst: out of memory\n", stderr);
    exit(2);
  }
  int failed = 0;
  for (int job = 0; job < o->jobs; job++) {
    const pid_t pid = fork();
    if (pid == 0) {
      for (size_t i; (i = atomic_fetch_add(next, 1)) < rows;)
        if (is_wanted(o, gf_row_at(i)))
          search_row(gf_row_at(i), o, lines + i * each);
      _exit(0);
    }
    failed |= pid < 0;
  }
  for (int status; wait(&status) >= 0;)
    failed |= status != 0;
  if (failed) {
    fputs("search_worst: a worker failed\n", stderr);
    exit(2);
  }
  *count = 0;
  for (size_t i = 0; i < rows * each; i++)
    if (lines[i].row)
      lines[(*count)++] = lines[i];
  return lines;
}

/* ---- Reporting */

static int is_broken(const line *l) { return !(l->worst.error <= l->row->bound_ulp); }

/* The error as a share of the bound, the largest first. */
static int compare(const void *left, const void *right) {
  const line *a = left, *b = right;
  const double first = a->worst.error / a->row->bound_ulp;
  const double second = b->worst.error / b->row->bound_ulp;
  return first != second ? (first < second) - (first > second) : (a > b) - (a < b);
}

/* Prints the name number k of a list such as "dgate, dup". */
static void print_name(const char *list, int k) {
  for (; k > 0; k--)
    list += strcspn(list, ",") + 2;
  printf("%.*s", (int)strcspn(list, ","), list);
}

static void print_line(const line *l) {
  const gf_function *function = l->row->function;
  printf("%s,%s,%s,", function->name, gf_formats[l->row->dtype].name, isas[l->isa]);
  print_name(function->outputs, l->output);
  printf(",%" PRIu64 ",%.4f,%g,%s,", l->inputs, l->worst.error, l->row->bound_ulp,
         is_broken(l) ? "BROKEN" : "ok");
  for (int i = 0; i < function->nin; i++)
    printf("%s%a", i ? " " : "", l->worst.args[i]);
  printf(",%a,%a\n", l->worst.got, l->worst.want);
}

static int report(const options *o) {
  size_t count;
  line *lines = search_rows(o, &count);
  if (count == 0) {
    fprintf(stderr, "search_worst: no function '%s' with dtype '%s'\n", o->function, o->dtype);
    return 2;
  }
  qsort(lines, count, sizeof *lines, compare);
  puts("function,dtype,isa,output,inputs,max_ulp,bound_ulp,verdict,args,got,want");
  int broken = 0;
  for (size_t i = 0; i < count; i++) {
    print_line(&lines[i]);
    broken |= is_broken(&lines[i]);
  }
  return broken;
}

/* ---- Options */

static int usage(void) {
  fputs(
      "usage: search_worst --seeds FILE [--isa NAME|all] [--function NAME|all]\n"
      "                    [--dtype f16|bf16|f32|f64|all] [--effort quick|medium|full] [--jobs N]\n"
      "  --seeds FILE  the output of table_seeds.py\n"
      "  --effort      for everything quick takes half a minute of one processor, medium several\n"
      "                minutes, full an hour or two\n"
      "  --jobs N      processes (default: as many as processors)\n",
      stderr);
  return 2;
}

/* Chooses the instruction sets to search; returns -1 if the one that was named cannot run here. */
static int choose_isas(const char *option) {
  for (size_t i = 0; i < gf_isa_count() && isa_count < ISAS_MAX; i++)
    if (wanted(option, gf_isa_name(i)) && gf_isa_available(i))
      isas[isa_count++] = gf_isa_name(i);
  if (isa_count > 0)
    return 0;
  fprintf(stderr, "search_worst: instruction set '%s' cannot run here\n", option);
  return -1;
}

int main(int argc, char **argv) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  options o = {
      "all", "all", "all", NULL, effort_named("quick"), processors > 0 ? (int)processors : 1};
  static const struct option names[] = {
      {"isa", 1, NULL, 'i'},   {"function", 1, NULL, 'f'}, {"dtype", 1, NULL, 'd'},
      {"seeds", 1, NULL, 's'}, {"effort", 1, NULL, 'e'},   {"jobs", 1, NULL, 'j'},
      {NULL, 0, NULL, 0},
  };
  for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (option) {
    case 'i':
      o.isa = optarg;
      break;
    case 'f':
      o.function = optarg;
      break;
    case 'd':
      o.dtype = optarg;
      break;
    case 's':
      o.seeds = optarg;
      break;
    case 'e':
      o.effort = effort_named(optarg);
      break;
    case 'j':
      o.jobs = atoi(optarg);
      break;
    default:
      return usage();
    }
  }
  if (optind < argc || !o.seeds || !o.effort || o.jobs < 1 || o.jobs > 1024)
    return usage();
  if (choose_isas(o.isa))
    return 1;
  return report(&o);
}
