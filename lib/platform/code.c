/* SPDX-License-Identifier: MIT */
/* code.c: dladdr, and the table of what is mapped. */
#include "platform/code.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool pp_code_find(const void *address, pp_code *code) {
  Dl_info info;
  *code = (pp_code){NULL, NULL, 0};
  if (dladdr(address, &info) == 0 || info.dli_fname == NULL) return false;
  code->image = info.dli_fname;
  code->function = info.dli_sname;
  code->offset = (uint64_t)((uintptr_t)address - (uintptr_t)(info.dli_sname != NULL ? info.dli_saddr : info.dli_fbase));
  return true;
}

/* A file that is read byte by byte. */
typedef struct reader {
  int file;
  size_t next, past;
  char buffer[1024];
} reader;

/* Negative: the file has ended. */
static int next_byte(reader *from) {
  if (from->next == from->past) {
    ssize_t got;
    do {
      got = read(from->file, from->buffer, sizeof from->buffer);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return -1;
    from->next = 0;
    from->past = (size_t)got;
  }
  return (unsigned char)from->buffer[from->next++];
}

/* Reads a number up to the byte behind it, which is returned. */
static int read_hex(reader *from, uint64_t *number) {
  int c;
  *number = 0;
  while ((c = next_byte(from)) >= 0) {
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) break;
    *number = *number << 4 | (uint64_t)digit;
  }
  return c;
}

/* A line: BEGIN-END RIGHTS OFFSET DEVICE INODE [PATH]. */
typedef struct mapping {
  uint64_t begin, end;
  uint64_t path; /* A sum over its bytes: two neighbours with the same one are the same file. 0: it has none. */
} mapping;

enum { FIELDS_BEFORE_PATH = 4 };

/* The last bytes of the path go into `path`. False: there are no more lines. */
static bool read_mapping(reader *from, mapping *m, char *path, size_t size) {
  size_t length = 0;
  int c;
  if (read_hex(from, &m->begin) != '-' || read_hex(from, &m->end) != ' ') return false;
  for (int field = 0; field < FIELDS_BEFORE_PATH;) {
    c = next_byte(from);
    if (c < 0) return false;
    if (c == '\n') break;
    field += c == ' ';
    if (field == FIELDS_BEFORE_PATH) break;
  }
  m->path = 0;
  while (c != '\n' && (c = next_byte(from)) >= 0 && c != '\n') {
    if (length == 0 && c == ' ') continue;
    if (length == size - 1) {
      memmove(path, path + 1, size - 2);
      length--;
    }
    path[length++] = (char)c;
    m->path = (m->path ^ (uint64_t)c) * UINT64_C(0x100000001b3) + 1;
  }
  path[length] = '\0';
  return true;
}

/* An image is mapped in several parts, one behind the other, with what has no file perhaps between them. */
static bool find_in(reader *from, uint64_t address, char *path, size_t size, pp_code *code) {
  uint64_t image = 0, image_begin = 0;
  mapping m;
  while (read_mapping(from, &m, path, size)) {
    if (m.path != 0 && m.path != image) {
      image = m.path;
      image_begin = m.begin;
    }
    if (address < m.begin || address >= m.end) continue;
    if (m.path == 0) return false;
    code->image = path;
    code->offset = address - image_begin;
    return true;
  }
  return false;
}

bool pp_code_find_mapped(const void *address, char *path, size_t size, pp_code *code) {
  int saved_errno = errno;
  reader from = {.file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
  bool found = false;
  *code = (pp_code){NULL, NULL, 0};
  if (from.file >= 0) {
    found = find_in(&from, (uint64_t)(uintptr_t)address, path, size, code);
    (void)close(from.file);
  }
  errno = saved_errno;
  return found;
}
