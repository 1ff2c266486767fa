/* An extension for DuckDB: each function of the table on FLOAT and DOUBLE. The threads are those of
 * DuckDB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "register.h"

/* Whether functions do what their declarations say. */
static int is_as_declared(const duckdb_api *api) {
  duckdb_type type = api->create_type(DUCKDB_DOUBLE);
  const int number = type ? api->type_number(type) : -1;
  if (type)
    api->destroy_type(&type);
  return number == DUCKDB_DOUBLE && !type;
}

/* Keeps the pointers for the functions. Returns NULL, or why not. */
static const char *keep(const duckdb_api *api) {
  const duckdb_api *old = NULL;
  duckdb_api *copy = malloc(sizeof *copy);
  if (!copy)
    return "out of memory";
  *copy = *api;
  if (atomic_compare_exchange_strong(&loaded, &old, copy))
    return NULL;
  free(copy);
  return memcmp(old, api, sizeof *api) == 0
             ? NULL
             : "another DuckDB library of this process has loaded this file";
}

static const char *load(const void *table, void *database) {
  duckdb_api api;
  if (!duckdb_read(table, &api) || !is_as_declared(&api))
    return "the C interface " DUCKDB_API_VERSION " of this DuckDB is not as documented";
  const char *error = keep(&api);
  if (error)
    return error;
  duckdb_connection connection;
  if (api.connect(database, &connection) != DUCKDB_SUCCESS)
    return "there is no connection to the database";
  const int done = register_all(&api, connection);
  api.disconnect(&connection);
  return done ? NULL : "DuckDB does not take the functions";
}

/* DuckDB calls this function by its name, which begins with the name of the file. It reports itself
 * that it lacks the version of the interface. */
GF_API bool gelu_fast_init_c_api(duckdb_load info, const duckdb_access *access);

bool gelu_fast_init_c_api(duckdb_load info, const duckdb_access *access) {
  const void *table = access->table(info, DUCKDB_API_VERSION);
  if (!table)
    return false;
  const char *error = load(table, *access->database(info));
  if (error) {
    char text[256];
    snprintf(text, sizeof text, "gelu_fast is not loaded: %s", error);
    access->set_error(info, text);
  }
  return !error;
}
