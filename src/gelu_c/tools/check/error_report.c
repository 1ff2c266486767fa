/* Measures the largest error of every function, dtype and instruction set with an independent
 * reference:
 *
 *     python src/gelu_c/build_core.py build/libgelu_c.a
 *     cd src/gelu_c/tools/check
 *     cc -O2 -I../../include -I../.. -o error_report error_report.c inputs.c reference.c \
 *       ../../../../build/libgelu_c.a -lquadmath -lm -pthread
 *     ./error_report --function gelu --dtype f32 --isa all --step 61
 *
 * Leave out -lquadmath if long double is binary128, as on aarch64. The status is 1 if a bound of
 * functions.def is broken or a named instruction set cannot run here, 2 for a wrong option.
 *
 * The reference of each input is computed once and compared with all instruction sets. The
 * reference of float32 is in double, or in quad if neighbouring results differ so much that the
 * definition may cancel. The references of the other dtypes, of all boundaries and of every worst
 * input found are in quad. */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gelu_c.h"
#include "inputs.h"
#include "reference.h"
#include "ulp.h"

enum { ISAS_MAX = 16 };

typedef struct {
  double error, dy, x, got; /* dy: 1 for a function of x alone */
} worst_case;

/* The findings of one worker about one row, in memory that the workers share. */
typedef struct {
  uint64_t blocks_done, inputs_done;
  worst_case worst[ISAS_MAX];
} findings;

typedef struct {
  const char *isa, *function, *dtype;
  uint64_t step, count;
  int jobs, progress, csv;
} options;

static const char *isas[ISAS_MAX];
static size_t isa_count;

static void out_of_memory(void) {
  fputs("error_report: out of memory\n", stderr);
  exit(2);
}

/* ---- Measuring */

/* A definition cancels at a zero crossing. Only there do neighbouring results differ so much, or
 * have different signs. */
static int may_cancel(const double *want, size_t n) {
  double least = INFINITY, most = 0;
  int signs = 0;
  for (size_t i = 0; i < n; i++) {
    const double size = fabs(want[i]);
    if (size < INFINITY) {
      least = size < least ? size : least;
      most = size > most ? size : most;
    }
    signs |= want[i] > 0 ? 1 : want[i] < 0 ? 2 : 0;
  }
  return n < 2 || least < most / 8 || signs == 3;
}

static void measure_block(const gf_row *row, const reference *f, const inputs *in, uint64_t number,
                          findings *found) {
  static union {
    uint64_t align;
    char bytes[INPUT_BLOCK * sizeof(double)];
  } dy, x, got;
  static double want[INPUT_BLOCK], first[INPUT_BLOCK], errors[INPUT_BLOCK];
  static quad exact[INPUT_BLOCK];
  static unsigned char in_quad[INPUT_BLOCK]; /* whether the reference is exact[i], not want[i] */

  const int binary = row->function->nin == 2;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype), steps[] = {size, size, size};
  char *pair[] = {dy.bytes, x.bytes, got.bytes};
  char *const *args = binary ? pair : pair + 1;
  size_t run;
  const size_t n = inputs_fill(in, number, &x, &run);
  for (size_t from = 0, to; from < n; from = to) {
    to = run > 0 && from + run < n ? from + run : n;
    if (run > 0)
      for (size_t i = from; i < to; i++)
        want[i] = reference_fast(f, input_as_double(row->dtype, &x, i));
    memset(in_quad + from, run == 0 || may_cancel(want + from, to - from), to - from);
    for (size_t i = from; i < to; i++)
      if (in_quad[i])
        exact[i] = reference_exact(f, input_as_double(row->dtype, &x, i));
  }
  if (binary) {
    inputs_fill_dy(in, number, n, &dy);
    for (size_t i = 0; i < n; i++) {
      const double dy_i = input_as_double(row->dtype, &dy, i);
      const double x_i = input_as_double(row->dtype, &x, i);
      if (in_quad[i])
        exact[i] = reference_times_exact(f, dy_i, x_i, exact[i]);
      else
        want[i] = reference_times_fast(f, dy_i, x_i, want[i]);
    }
  }

  for (size_t k = 0; k < isa_count; k++) {
    gf_isa_select(isas[k]);
    memset(&got, 0x55, sizeof(double) * n);
    gf_call(row, args, steps, n);
    worst_case *worst = &found->worst[k];
    for (size_t i = 0; i < n; i++) {
      const double result = input_as_double(row->dtype, &got, i);
      /* most results, and so their errors, are the same as on the first instruction set */
      const int known = k > 0 && memcmp(&result, &first[i], sizeof result) == 0;
      const double error = known        ? errors[i]
                           : in_quad[i] ? error_from_quad(result, exact[i], row->dtype)
                                        : error_from_double(result, want[i], row->dtype);
      if (k == 0) {
        first[i] = result;
        errors[i] = error;
      }
      if (error > worst->error)
        *worst = (worst_case){error, binary ? input_as_double(row->dtype, &dy, i) : 1,
                              input_as_double(row->dtype, &x, i), result};
    }
  }
  found->inputs_done += n;
  found->blocks_done++;
}

static void show_progress(const gf_row *row, const findings *found, int jobs, uint64_t blocks) {
  uint64_t done = 0;
  for (int job = 0; job < jobs; job++)
    done += *(volatile const uint64_t *)&found[job].blocks_done;
  fprintf(stderr, "\r%-18s %s %5.1f%%", row->function->name, gf_formats[row->dtype].name,
          100.0 * (double)done / (double)blocks);
}

/* Splits the blocks among forked workers; merges their findings into found[0]. */
static void measure(const gf_row *row, const reference *f, const inputs *in, const options *o,
                    findings *found) {
  const uint64_t blocks = inputs_block_count(in);
  memset(found, 0, sizeof *found * (size_t)o->jobs);
  for (int job = 0; job < o->jobs; job++)
    for (size_t k = 0; k < isa_count; k++)
      found[job].worst[k].error = -1;

  int failed = 0, running = 0;
  for (int job = 0; job < o->jobs; job++) {
    const pid_t pid = fork();
    if (pid == 0) {
      for (uint64_t i = (uint64_t)job; i < blocks; i += (uint64_t)o->jobs)
        measure_block(row, f, in, i, &found[job]);
      _exit(0);
    }
    failed |= pid < 0;
    running += pid > 0;
  }
  while (running > 0) {
    int status;
    const pid_t pid = waitpid(-1, &status, o->progress ? WNOHANG : 0);
    if (pid == 0) {
      show_progress(row, found, o->jobs, blocks);
      usleep(200000);
      continue;
    }
    running--;
    failed |= pid < 0 || status != 0;
  }
  if (o->progress)
    fprintf(stderr, "\r%40s\r", "");
  for (int job = 1; job < o->jobs; job++) {
    found->inputs_done += found[job].inputs_done;
    found->blocks_done += found[job].blocks_done;
    for (size_t k = 0; k < isa_count; k++)
      if (found[job].worst[k].error > found->worst[k].error)
        found->worst[k] = found[job].worst[k];
  }
  if (failed || found->blocks_done != blocks) {
    fprintf(stderr, "error_report: a worker failed on %s %s\n", row->function->name,
            gf_formats[row->dtype].name);
    exit(2);
  }
}

/* ---- Reporting */

static void print_header(const options *o) {
  if (o->csv)
    puts("function,dtype,isa,inputs,max_ulp,bound_ulp,verdict,dy,x,got,want");
  else
    printf("%-18s %-5s %-7s %11s %8s %6s %-7s %-22s %-22s %-24s %s\n", "function", "dtype", "isa",
           "inputs", "max ULP", "bound", "verdict", "at dy", "at x", "got", "want");
}

/* Prints one line; returns 1 if the bound is broken. */
static int print_result(const gf_row *row, const reference *f, const char *isa, uint64_t count,
                        const worst_case *worst, const options *o) {
  const quad want = reference_times_exact(f, worst->dy, worst->x, reference_exact(f, worst->x));
  const double error = error_from_quad(worst->got, want, row->dtype);
  /* An error that is NaN breaks the bound. */
  const int broken = !(error <= row->bound_ulp && worst->error <= row->bound_ulp);
  const char *format = o->csv ? "%s,%s,%s,%" PRIu64 ",%.4f,%g,%s,%a,%a,%a,%a\n"
                              : "%-18s %-5s %-7s %11" PRIu64
                                " %8.4f %6g %-7s %-22a %-22a %-24a %a\n";
  printf(format, row->function->name, gf_formats[row->dtype].name, isa, count, error,
         row->bound_ulp, broken ? "BROKEN" : "ok", worst->dy, worst->x, worst->got, (double)want);
  fflush(stdout);
  return broken;
}

static int wanted(const char *option, const char *name) {
  return strcmp(option, "all") == 0 || strcmp(option, name) == 0;
}

static int report(const options *o) {
  findings *found = mmap(NULL, sizeof *found * (size_t)o->jobs, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (found == MAP_FAILED)
    out_of_memory();
  int broken = 0, rows = 0;
  print_header(o);
  for (size_t i = 0; i < gf_row_count(); i++) {
    const gf_row *row = gf_row_at(i);
    if (row->function->is_compound || !wanted(o->function, row->function->name) ||
        !wanted(o->dtype, gf_formats[row->dtype].name))
      continue;
    const reference *f = reference_of(row->function->name);
    inputs in;
    if (inputs_init(&in, row, f, o->step, o->count))
      out_of_memory();
    fflush(stdout); /* otherwise a worker prints it again */
    measure(row, f, &in, o, found);
    for (size_t k = 0; k < isa_count; k++)
      broken |= print_result(row, f, isas[k], found->inputs_done, &found->worst[k], o);
    inputs_free(&in);
    rows++;
  }
  if (rows == 0) {
    fprintf(stderr, "error_report: no function '%s' with dtype '%s'\n", o->function, o->dtype);
    return 2;
  }
  return broken;
}

/* ---- Options */

static int usage(void) {
  fputs(
      "usage: error_report [--isa NAME|all] [--function NAME|all] [--dtype f16|bf16|f32|f64|all]\n"
      "                    [--step N] [--count N] [--jobs N] [--progress] [--csv]\n"
      "  --step N    float32: every Nth of the 2^32 patterns (default 61), and all boundaries\n"
      "  --count N   float64: N random inputs (default 200000), and all boundaries\n"
      "  --jobs N    processes (default: as many as processors)\n"
      "  --progress  percentages on a terminal\n",
      stderr);
  return 2;
}

/* Chooses the instruction sets to check; returns -1 if the one that was named cannot run here. */
static int choose_isas(const char *option) {
  for (size_t i = 0; i < gf_isa_count() && i < ISAS_MAX; i++)
    if (wanted(option, gf_isa_name(i)) && gf_isa_available(i))
      isas[isa_count++] = gf_isa_name(i);
  if (isa_count > 0)
    return 0;
  fprintf(stderr, "error_report: instruction set '%s' cannot run here; there is:", option);
  for (size_t i = 0; i < gf_isa_count(); i++)
    if (gf_isa_available(i))
      fprintf(stderr, " %s", gf_isa_name(i));
  fputc('\n', stderr);
  return -1;
}

static int positive(const char *text, uint64_t *value) {
  char *end;
  *value = strtoull(text, &end, 10);
  return *value > 0 && *end == '\0' && text[0] != '-';
}

int main(int argc, char **argv) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  options o = {"all", "all", "all", 61, 200000, processors > 0 ? (int)processors : 1, 0, 0};
  static const struct option names[] = {
      {"isa", 1, NULL, 'i'},      {"function", 1, NULL, 'f'}, {"dtype", 1, NULL, 'd'},
      {"step", 1, NULL, 's'},     {"count", 1, NULL, 'n'},    {"jobs", 1, NULL, 'j'},
      {"progress", 0, NULL, 'p'}, {"csv", 0, NULL, 'c'},      {NULL, 0, NULL, 0},
  };
  uint64_t jobs;
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
      if (!positive(optarg, &o.step))
        return usage();
      break;
    case 'n':
      if (!positive(optarg, &o.count))
        return usage();
      break;
    case 'j':
      if (!positive(optarg, &jobs) || jobs > 1024)
        return usage();
      o.jobs = (int)jobs;
      break;
    case 'p':
      o.progress = isatty(STDERR_FILENO);
      break;
    case 'c':
      o.csv = 1;
      break;
    default:
      return usage();
    }
  }
  if (optind < argc)
    return usage();
  if (choose_isas(o.isa))
    return 1;
  return report(&o);
}
