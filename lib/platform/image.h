/* SPDX-License-Identifier: MIT */
/* image.h: the program, and the shared objects that are loaded. */
#ifndef PP_PLATFORM_IMAGE_H
#define PP_PLATFORM_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/shared.h"

/* Which of them an address lies in: the name of its file, without the folder, and the address as addr2line takes it.
 * False: in none, or the system does not tell. */
bool pp_image_find(const void *address, const char **name, uintptr_t *offset);

/* The place of a call that returns to this address, as messages name it: "a.out+0x1234", where addr2line finds the
 * call's own line: the address is behind it, and what comes there may be another line's. Where nothing is known of the
 * address, it stands alone. */
typedef struct pp_call_name {
  char text[96];
} pp_call_name;

pp_call_name pp_image_name_call(const void *returns_to) PP_SHARED;

/* Whether dlclose could take the library's code out of the process. It could where the static library was linked into
 * a plugin. The program itself stays, and so does an object linked with -z nodelete, as the shared library is. True
 * where the system does not tell. */
bool pp_image_may_be_unloaded(void);

/* Whether the program is static throughout, so that no shared object can be loaded into it. */
bool pp_image_is_alone(void);

#endif
