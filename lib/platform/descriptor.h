/* SPDX-License-Identifier: MIT */
/* descriptor.h: writing to what the system has open, without the C library's streams: also in a signal's handler. */
#ifndef PP_PLATFORM_DESCRIPTOR_H
#define PP_PLATFORM_DESCRIPTOR_H

#include <stddef.h>

/* Writes all the bytes. 0, or the number of the error (errno.h) that came in between. errno is as it was. */
int pp_descriptor_write(int descriptor, const char *bytes, size_t count);

/* Opens a file to write, which is made or made empty. The descriptor, not inherited by programs that are executed;
 * negative: the number of the error. errno is as it was. */
int pp_descriptor_create(const char *path);
/* 0, or the number of the error: what the system had put off may have failed. */
int pp_descriptor_close(int descriptor);

/* Columns of the terminal that it is; 0: it is none, or its size is unknown. */
int pp_descriptor_columns(int descriptor);

#endif
