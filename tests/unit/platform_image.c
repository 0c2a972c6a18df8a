/* SPDX-License-Identifier: MIT */
/* platform_image.c: the program that the library is a part of stays. (semantics/dlopen.c has objects that do not.) */
#include <criterion/criterion.h>

#include "platform/image.h"

Test(platform_image, a_program_is_not_unloaded) {
#if defined(__linux__)
  cr_expect_not(pp_image_may_be_unloaded());
#else
  cr_expect(pp_image_may_be_unloaded());
#endif
}
