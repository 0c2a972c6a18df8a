/* SPDX-License-Identifier: MIT */
/* descriptor.h: writing to what the system has open, without the C library's streams: also in a signal's handler. */
#ifndef PP_PLATFORM_DESCRIPTOR_H
#define PP_PLATFORM_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all the bytes. 0, or the number of the error (errno.h) that came in between. errno is as it was, and no
 * SIGPIPE or SIGXFSZ comes of it. */
int pp_descriptor_write(int descriptor, const char *bytes, size_t count);

/* Opens a file to write, which is made or made empty. The descriptor, none of the three standard ones and not inherited
 * by programs that are executed; negative: the number of the error, ENXIO: a pipe that nobody reads. errno is as it
 * was. */
int pp_descriptor_create(const char *path);
/* Makes the file if it is not there, and claims it for this process as long as that runs, or until the descriptor is
 * closed. The descriptor; negative: the number of the error; EWOULDBLOCK: another process has it. Devices and pipes
 * are nobody's: *is_plain is then false. */
int pp_descriptor_claim(const char *path, bool *is_plain);

/* The absolute path of a file, in `size` bytes. False: they are too few. */
bool pp_descriptor_absolute(const char *path, char *out, size_t size);

/* What the number of an error means, in words, without the locale; "error" for rare ones. */
const char *pp_descriptor_error(int error);

/* Whether it is a terminal. */
bool pp_descriptor_is_terminal(int descriptor);

/* 0, or the number of the error: what the system had put off may have failed. */
int pp_descriptor_close(int descriptor);

/* Columns of the terminal that it is; 0: it is none, or its size is unknown. */
int pp_descriptor_columns(int descriptor);

#endif
