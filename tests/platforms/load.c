/* Loads files of a wheel for Windows, and calls a function of its library:
 *
 *   load LIBRARY EXTENSION:FUNCTION...
 *
 * Each extension must export the function, and find the library, which is loaded by then, and the
 * python3.dll beside this program. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

typedef float of_float(float x);

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  const HMODULE library = LoadLibraryA(argv[1]);
  of_float *gelu = library ? (of_float *)(void *)GetProcAddress(library, "gf_gelu_f32_1") : NULL;
  if (!gelu) {
    printf("FAILED %s: error %lu\n", argv[1], GetLastError());
    return 1;
  }
  const float at_2 = gelu(2.0f);
  int failed = !(at_2 > 1.954499f && at_2 < 1.954501f);
  printf("%s gelu(2) = %.6f\n", failed ? "FAILED" : "ok    ", at_2);
  for (int i = 2; i < argc; i++) {
    char *name = strrchr(argv[i], ':');
    *name++ = 0;
    const HMODULE loaded = LoadLibraryA(argv[i]);
    const int is_there = loaded && GetProcAddress(loaded, name);
    printf("%s %s of %s", is_there ? "ok    " : "FAILED", name, argv[i]);
    printf(is_there ? "\n" : ": error %lu\n", GetLastError());
    failed |= !is_there;
  }
  return failed;
}
