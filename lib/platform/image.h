/* SPDX-License-Identifier: MIT */
/* image.h: the program or shared object that the library's code is a part of. */
#ifndef PP_PLATFORM_IMAGE_H
#define PP_PLATFORM_IMAGE_H

#include <stdbool.h>

/* Whether dlclose could take the library's code out of the process. It could where the static library was linked into
 * a plugin. The program itself stays, and so does an object linked with -z nodelete, as the shared library is. True
 * where the system does not tell. */
bool pp_image_may_be_unloaded(void);

/* Whether the program is static throughout, so that no shared object can be loaded into it. */
bool pp_image_is_alone(void);

#endif
