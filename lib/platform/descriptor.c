/* SPDX-License-Identifier: MIT */
/* descriptor.c: open, write, close. */
#include "platform/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pipe that nobody reads, and a file that has become too large, are told to the thread by a signal, too, which would
 * end the program. They are held back; returns whether one was already waiting for the program. */
static bool hold_signals(sigset_t *held, sigset_t *before) {
  sigset_t waiting;
  (void)sigemptyset(held);
  (void)sigaddset(held, SIGPIPE);
  (void)sigaddset(held, SIGXFSZ);
  (void)pthread_sigmask(SIG_BLOCK, held, before);
  return sigpending(&waiting) != 0 || sigismember(&waiting, SIGPIPE) == 1 || sigismember(&waiting, SIGXFSZ) == 1;
}

/* Takes the signal that has come, so that the program does not get it. */
static void take_signal(const sigset_t *held) {
  sigset_t waiting;
  int signal;
  if (sigpending(&waiting) != 0) return;
  if (sigismember(&waiting, SIGPIPE) == 1 || sigismember(&waiting, SIGXFSZ) == 1) (void)sigwait(held, &signal);
}

int pp_descriptor_write(int descriptor, const char *bytes, size_t count) {
  int saved_errno = errno, error = 0;
  sigset_t held, before;
  bool is_waiting = hold_signals(&held, &before);
  while (count != 0 && error == 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (written == 0 || errno != EINTR) {
      error = written == 0 ? EIO : errno;
    }
  }
  if (error != 0 && !is_waiting) take_signal(&held);
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = saved_errno;
  return error;
}

/* Opens a file to write without waiting for a pipe's reader. Where a program has closed its standard streams, their
 * numbers would be given out first, and what it prints would go into the file: it gets a higher one. */
static int open_to_write(const char *path, int flags) {
  int descriptor, higher;
  do {
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0666);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return -errno;
  if (descriptor > STDERR_FILENO) return descriptor;
  higher = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (higher < 0) higher = -errno;
  (void)close(descriptor);
  return higher;
}

int pp_descriptor_create(const char *path) {
  int saved_errno = errno, descriptor = open_to_write(path, O_TRUNC);
  if (descriptor >= 0) (void)fcntl(descriptor, F_SETFL, 0); /* Writing waits. */
  errno = saved_errno;
  return descriptor;
}

int pp_descriptor_claim(const char *path, bool *is_plain) {
  int saved_errno = errno, descriptor = open_to_write(path, 0);
  struct stat status = {0};
  *is_plain = true;
  if (descriptor >= 0 && fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode)) {
    *is_plain = false;
  } else if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    (void)close(descriptor);
    descriptor = -EWOULDBLOCK;
  } /* Where the system has no locks there, nobody is told of. */
  errno = saved_errno;
  return descriptor;
}

bool pp_descriptor_absolute(const char *path, char *out, size_t size) {
  int saved_errno = errno;
  size_t folder = 0, length = strlen(path);
  if (path[0] != '/') {
    if (getcwd(out, size) == NULL) out[0] = '\0';
    folder = strlen(out);
    if (folder + 1 < size && folder != 0) out[folder++] = '/';
  }
  errno = saved_errno;
  if (folder + length >= size) return false;
  memcpy(out + folder, path, length + 1);
  return true;
}

bool pp_descriptor_is_terminal(int descriptor) {
  int saved_errno = errno;
  bool is_one = isatty(descriptor) != 0;
  errno = saved_errno;
  return is_one;
}

int pp_descriptor_close(int descriptor) {
  int saved_errno = errno, error = close(descriptor) == 0 || errno == EINTR ? 0 : errno;
  errno = saved_errno;
  return error;
}

int pp_descriptor_columns(int descriptor) {
  int saved_errno = errno;
  struct winsize size = {0};
  int columns = ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  errno = saved_errno;
  return columns;
}

const char *pp_descriptor_error(int error) {
  switch (error) {
    case EACCES:
    case EPERM: return "permission denied";
    case ENOENT: return "there is no such folder";
    case ENOTDIR: return "a part of the path is not a folder";
    case EISDIR: return "it is a folder";
    case ENOSPC: return "no space is left";
    case EDQUOT: return "the quota is used up";
    case EFBIG: return "it would become too large";
    case EROFS: return "the file system is read-only";
    case ENAMETOOLONG: return "the name is too long";
    case EMFILE:
    case ENFILE: return "too many files are open";
    case ENXIO:
    case EPIPE: return "nobody reads it";
    case ETXTBSY: return "it is a program that runs";
    default: return "error";
  }
}
