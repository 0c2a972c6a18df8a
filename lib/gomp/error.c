/* SPDX-License-Identifier: MIT */
/* error.c: the directive error, at(execution): its message, of any length, is written in one call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/gomp_abi.h"

/* length: SIZE_MAX for a message that ends with a zero. NULL: there is no message. */
static void tell(const char *message, size_t length) {
  static const char encountered[] = "libgomp (ppar): the program has come to its directive error";
  if (message == NULL) {
    (void)fprintf(stderr, "%s\n", encountered);
    return;
  }
  if (length == SIZE_MAX) length = strlen(message);
  (void)fprintf(stderr, "%s: %.*s\n", encountered, length < INT32_MAX ? (int)length : INT32_MAX, message);
}

/* #pragma omp error at(execution) severity(warning) message(...) */
void GOMP_warning(const char *message, size_t length) { tell(message, length); }

/* The same with severity(fatal): the program ends. */
void GOMP_error(const char *message, size_t length) {
  tell(message, length);
  exit(EXIT_FAILURE);
}
