/* Queries to DuckDB. */
#ifndef GF_DUCKDB_QUERY_H
#define GF_DUCKDB_QUERY_H

#include <string.h>

#include "duckdb_api.h"
#include "gelu_c.h"

/* Sets taken[i] if DuckDB has a function of the name of row i already, of its own or of another
 * extension. To register it would change DuckDB's own in some versions. */
static int find_taken(const duckdb_api *api, duckdb_connection connection, char *taken) {
  duckdb_result result;
  const char *sql = "SELECT DISTINCT function_name::VARCHAR FROM duckdb_functions() "
                    "WHERE database_name = 'system' AND function_name IS NOT NULL";
  duckdb_chunk chunk;
  const int status = api->query(connection, sql, &result);
  while (status == DUCKDB_SUCCESS && (chunk = api->fetch_chunk(result)) != NULL) {
    duckdb_string *names = api->data(api->column(chunk, 0));
    const uint64_t n = api->row_count(chunk);
    for (uint64_t k = 0; k < n; k++) {
      const uint32_t length = api->string_length(names[k]);
      const char *name = api->string_data(&names[k]);
      for (size_t i = 0; i < gf_row_count(); i++) {
        const char *ours = gf_row_at(i)->function->name;
        taken[i] |= strlen(ours) == length && memcmp(ours, name, length) == 0;
      }
    }
    api->destroy_chunk(&chunk);
  }
  api->destroy_result(&result);
  return status == DUCKDB_SUCCESS;
}

static int run(const duckdb_api *api, duckdb_connection connection, const char *sql) {
  duckdb_result result;
  const int status = api->query(connection, sql, &result);
  api->destroy_result(&result);
  return status == DUCKDB_SUCCESS;
}

#endif
