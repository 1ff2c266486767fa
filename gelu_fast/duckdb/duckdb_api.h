/* What the glue uses of DuckDB's C interface for extensions, which is a table of function pointers.
 * Those of version 1.2.0 keep their positions and types in all later versions. */
#ifndef GF_DUCKDB_API_H
#define GF_DUCKDB_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUCKDB_API_VERSION "v1.2.0"

enum { DUCKDB_SUCCESS = 0, DUCKDB_FLOAT = 10, DUCKDB_DOUBLE = 11 };

typedef struct duckdb_connection *duckdb_connection;
typedef struct duckdb_type *duckdb_type;
typedef struct duckdb_chunk *duckdb_chunk;
typedef struct duckdb_vector *duckdb_vector;
typedef struct duckdb_function *duckdb_function;
typedef struct duckdb_function_set *duckdb_function_set;
typedef struct duckdb_call *duckdb_call; /* what a function is told about a call of it */
typedef void duckdb_callback(duckdb_call call, duckdb_chunk in, duckdb_vector out);
typedef void duckdb_destructor(void *data);

typedef struct {
  void *fields[6];
} duckdb_result;

typedef struct {
  uint64_t words[2];
} duckdb_string;

/* F(position in the table, type of the result, name, parameters) */
#define DUCKDB_FUNCTIONS(F)                                                                        \
  F(3, int, connect, (void *database, duckdb_connection *out))                                     \
  F(6, void, disconnect, (duckdb_connection *))                                                    \
  F(13, int, query, (duckdb_connection, const char *sql, duckdb_result *out))                      \
  F(14, void, destroy_result, (duckdb_result *))                                                   \
  F(28, uint32_t, string_length, (duckdb_string))                                                  \
  F(29, const char *, string_data, (duckdb_string *))                                              \
  F(156, duckdb_type, create_type, (int number))                                                   \
  F(163, duckdb_type, create_struct, (duckdb_type *, const char **names, uint64_t count))          \
  F(166, int, type_number, (duckdb_type))                                                          \
  F(184, void, destroy_type, (duckdb_type *))                                                      \
  F(187, void, destroy_chunk, (duckdb_chunk *))                                                    \
  F(190, duckdb_vector, column, (duckdb_chunk, uint64_t i))                                        \
  F(191, uint64_t, row_count, (duckdb_chunk))                                                      \
  F(194, void *, data, (duckdb_vector))                                                            \
  F(195, uint64_t *, validity, (duckdb_vector))                                                    \
  F(196, void, make_validity, (duckdb_vector))                                                     \
  F(203, duckdb_vector, struct_member, (duckdb_vector, uint64_t i))                                \
  F(209, duckdb_function, create_function, (void))                                                 \
  F(210, void, destroy_function, (duckdb_function *))                                              \
  F(211, void, set_name, (duckdb_function, const char *))                                          \
  F(215, void, add_parameter, (duckdb_function, duckdb_type))                                      \
  F(216, void, set_return_type, (duckdb_function, duckdb_type))                                    \
  F(217, void, set_extra_info, (duckdb_function, void *, duckdb_destructor *))                     \
  F(218, void, set_callback, (duckdb_function, duckdb_callback *))                                 \
  F(220, void *, extra_info, (duckdb_call))                                                        \
  F(222, duckdb_function_set, create_set, (const char *name))                                      \
  F(223, void, destroy_set, (duckdb_function_set *))                                               \
  F(224, int, add_to_set, (duckdb_function_set, duckdb_function))                                  \
  F(225, int, register_set, (duckdb_connection, duckdb_function_set))                              \
  F(306, duckdb_chunk, fetch_chunk, (duckdb_result))

typedef struct {
#define DECLARE(position, type, name, parameters) type(*name) parameters;
  DUCKDB_FUNCTIONS(DECLARE)
#undef DECLARE
} duckdb_api;

typedef struct duckdb_load *duckdb_load; /* what the entry point is told about the loading */

typedef struct {
  void (*set_error)(duckdb_load, const char *text);
  void **(*database)(duckdb_load);
  const void *(*table)(duckdb_load, const char *version); /* of function pointers */
} duckdb_access;

/* Takes the functions out of a table. Returns 0 if one is missing. */
static inline int duckdb_read(const void *table, duckdb_api *api) {
  void (*const *pointers)(void) = table;
#define READ(position, type, name, parameters)                                                     \
  if (!(api->name = (type(*) parameters)pointers[position]))                                       \
    return 0;
  DUCKDB_FUNCTIONS(READ)
#undef READ
  return 1;
}

#endif
