/* SPDX-License-Identifier: MIT */
/* platform_image.c: the program that the library is a part of stays. (semantics/dlopen.c has objects that do not.) */
#include <criterion/criterion.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform/image.h"

__attribute__((noinline)) static pp_call_name name_caller(void) {
  return pp_image_name_call(__builtin_return_address(0));
}

Test(platform_image, calls_are_named_by_where_the_call_itself_is) {
  pp_call_name name = name_caller();
#if defined(__linux__)
  const char *object;
  uintptr_t offset;
  size_t length = strlen(program_invocation_short_name);
  cr_assert_eq(strncmp(name.text, program_invocation_short_name, length), 0, "%s", name.text);
  cr_assert_eq(strncmp(name.text + length, "+0x", 3), 0, "%s", name.text);
  object = (const char *)(uintptr_t)&name_caller;
  cr_assert(pp_image_find(object, &object, &offset));
  char expected[96];
  snprintf(expected, sizeof expected, "%s+0x%" PRIxPTR, program_invocation_short_name, offset);
  name = pp_image_name_call((const char *)(uintptr_t)&name_caller + 1);
  cr_assert_str_eq(name.text, expected);
#endif
  name = pp_image_name_call((const void *)(uintptr_t)0x11);
  cr_assert_str_eq(name.text, "0x10", "where nothing is known");
}

Test(platform_image, a_program_is_not_unloaded) {
#if defined(__linux__)
  cr_expect_not(pp_image_may_be_unloaded());
#else
  cr_expect(pp_image_may_be_unloaded());
#endif
}
