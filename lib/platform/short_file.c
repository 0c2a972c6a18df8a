/* SPDX-License-Identifier: MIT */
/* short_file.c: reading them, without memory of one's own. */
#include "platform/short_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool pp_short_file_read(const char *path, char *out, size_t size) {
  const int before = errno;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t length = file >= 0 ? read(file, out, size - 1) : -1;
  if (file >= 0) (void)close(file);
  out[length > 0 ? length : 0] = '\0';
  errno = before;
  return length > 0;
}

const char *pp_short_file_skip(const char *text, int fields) {
  for (; fields > 0 && text != NULL; fields--) {
    text = strchr(text, ' ');
    if (text != NULL) text++;
  }
  return text;
}
