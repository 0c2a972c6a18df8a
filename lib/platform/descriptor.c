/* SPDX-License-Identifier: MIT */
/* descriptor.c: open, write, close. */
#include "platform/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int pp_descriptor_write(int descriptor, const char *bytes, size_t count) {
  int saved_errno = errno, error = 0;
  while (count != 0 && error == 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (written == 0 || errno != EINTR) {
      error = written == 0 ? EIO : errno;
    }
  }
  errno = saved_errno;
  return error;
}

int pp_descriptor_create(const char *path) {
  int saved_errno = errno, descriptor;
  do {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) descriptor = -errno;
  errno = saved_errno;
  return descriptor;
}

int pp_descriptor_close(int descriptor) {
  int saved_errno = errno, error = close(descriptor) == 0 || errno == EINTR ? 0 : errno;
  errno = saved_errno;
  return error;
}

int pp_descriptor_columns(int descriptor) {
  int saved_errno = errno;
  struct winsize size;
  int columns = ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  errno = saved_errno;
  return columns;
}
