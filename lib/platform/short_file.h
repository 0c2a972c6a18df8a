/* SPDX-License-Identifier: MIT */
/* short_file.h: files of the system's that say something in one line, of fields with blanks between. */
#ifndef PP_PLATFORM_SHORT_FILE_H
#define PP_PLATFORM_SHORT_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* What one read gives of the file, as a string of less than `size` bytes. False: there is no such file, or nothing in
 * it. errno stays as it was. */
bool pp_short_file_read(const char *path, char *out, size_t size);

/* Behind so many blanks; NULL: there are fewer. */
const char *pp_short_file_skip(const char *text, int fields);

#endif
