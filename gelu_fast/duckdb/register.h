/* Registers the functions of the table in a database. */
#ifndef GF_DUCKDB_REGISTER_H
#define GF_DUCKDB_REGISTER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compute.h"
#include "query.h"

enum { NAME_BYTES = 64 };

/* The type of the results: that of a number, or a STRUCT whose members have the names of the outputs. */
static duckdb_type type_of_results(const duckdb_api *api, const gf_row *row, duckdb_type number) {
  const int count = row->function->nout;
  char text[NAME_BYTES * OPERANDS_MAX];
  const char *names[OPERANDS_MAX];
  duckdb_type types[OPERANDS_MAX];
  if (count == 1)
    return number;
  snprintf(text, sizeof text, "%s", row->function->outputs);
  char *at = text;
  for (int k = 0; k < count; k++) {
    types[k] = number;
    names[k] = at;
    at += strcspn(at, ",");
    if (*at)
      *at++ = 0;
    at += strspn(at, " ");
  }
  return api->create_struct(types, names, (uint64_t)count);
}

static int add_overload(const duckdb_api *api, duckdb_function_set set, const char *name,
                        const gf_row *row) {
  duckdb_type number = api->create_type(row->dtype == GF_F32 ? DUCKDB_FLOAT : DUCKDB_DOUBLE);
  duckdb_type results = type_of_results(api, row, number);
  duckdb_function function = api->create_function();
  api->set_name(function, name);
  for (int k = 0; k < row->function->nin; k++)
    api->add_parameter(function, number);
  api->set_return_type(function, results);
  api->set_extra_info(function, (void *)(uintptr_t)row, NULL);
  api->set_callback(function, compute);
  const int status = api->add_to_set(set, function);
  api->destroy_function(&function);
  if (results != number)
    api->destroy_type(&results);
  api->destroy_type(&number);
  return status == DUCKDB_SUCCESS;
}

static int register_function(const duckdb_api *api, duckdb_connection connection, const char *name,
                             const char *function) {
  duckdb_function_set set = api->create_set(name);
  const int done = add_overload(api, set, name, gf_row_of(function, GF_F32)) &&
                   add_overload(api, set, name, gf_row_of(function, GF_F64)) &&
                   api->register_set(connection, set) == DUCKDB_SUCCESS;
  api->destroy_set(&set);
  return done;
}

/* Registers every function as gelu_fast_NAME, and as NAME where DuckDB has no function of this name;
 * or none of them. */
static int register_all(const duckdb_api *api, duckdb_connection connection) {
  char *taken = calloc(gf_row_count(), 1);
  int done = taken && find_taken(api, connection, taken) && run(api, connection, "BEGIN");
  for (size_t i = 0; done && i < gf_row_count(); i++) {
    const gf_row *row = gf_row_at(i);
    const char *function = row->function->name;
    char name[NAME_BYTES];
    if (row->dtype != GF_F32)
      continue;
    snprintf(name, sizeof name, "gelu_fast_%s", function);
    done = register_function(api, connection, name, function) &&
           (taken[i] || register_function(api, connection, function, function));
  }
  free(taken);
  return done && run(api, connection, "COMMIT");
}

#endif
