/* A variable of the environment, or NULL.
 *
 * On Windows each C library has a copy of its own, made when it is loaded. Python and this library may
 * have different ones, so the system is asked; the value is then in `room`. In the
 * place of a longer one stands a text that is wrong for every variable. */
#ifndef GF_ENVIRONMENT_H
#define GF_ENVIRONMENT_H

#include <stdlib.h>
#include <string.h>

enum { GF_VARIABLE_ROOM = 64 };

#if defined(_WIN32)

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

static inline const char *gf_variable(const char *name, char room[GF_VARIABLE_ROOM]) {
  const DWORD length = GetEnvironmentVariableA(name, room, GF_VARIABLE_ROOM);
  if (length >= GF_VARIABLE_ROOM) /* then nothing was written */
    memcpy(room, "too long", sizeof "too long");
  return length == 0 ? NULL : room;
}

#else

static inline const char *gf_variable(const char *name, char room[GF_VARIABLE_ROOM]) {
  (void)room;
  return getenv(name);
}

#endif

#endif
