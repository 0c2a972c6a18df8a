/* SPDX-License-Identifier: MIT */
/* error.c: the directive error, at(execution): its message, of any length, is written in one call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/gomp_abi.h"

/* length: SIZE_MAX for a message that ends with a zero. NULL: there is no message. The words are those that programs,
 * and the tests of compilers, know from GCC's library, with an empty line before them. */
static void tell(const char *kind, const char *message, size_t length) {
  static const char encountered[] = "error directive encountered";
  if (message == NULL) {
    (void)fprintf(stderr, "\nlibgomp: %s%s\n", kind, encountered);
    return;
  }
  if (length == SIZE_MAX) length = strlen(message);
  (void)fprintf(stderr, "\nlibgomp: %s%s: %.*s\n", kind, encountered, length < INT32_MAX ? (int)length : INT32_MAX,
                message);
}

/* #pragma omp error at(execution) severity(warning) message(...) */
void GOMP_warning(const char *message, size_t length) { tell("", message, length); }

/* The same with severity(fatal): the program ends. */
void GOMP_error(const char *message, size_t length) {
  tell("fatal error: ", message, length);
  exit(EXIT_FAILURE);
}
