/* SPDX-License-Identifier: MIT */
/* show_symbols.c: what an address is called, with libdw and without, in programs with information on lines and without.
 */
#include "show/symbols.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

TestSuite(show_symbols);

typedef const void *find(int *line);

static pp_arena arena;
static char text[256];

static bool has_libdw(void) {
#ifdef PP_NO_LIBDW
  return false;
#else
  return dlopen("libdw.so.1", RTLD_NOW) != NULL;
#endif
}

static const char *name_of(const void *address, bool careful) {
  pp_symbols *symbols = pp_symbols_open(&arena, careful);
  pp_symbol symbol;
  cr_assert_not_null(symbols);
  symbol = pp_symbols_find(symbols, address);
  strcpy(text, pp_symbol_text(&arena, &symbol, address));
  pp_symbols_close(symbols);
  return text;
}

/* An address in the object that the variable names, and the line that it is in. */
static const void *address_in(const char *variable, const char *function, int *line) {
  void *object = dlopen(getenv(variable), RTLD_NOW), *found = object != NULL ? dlsym(object, function) : NULL;
  find *call;
  cr_assert_not_null(found, "%s: %s", variable, getenv(variable));
  memcpy(&call, &found, sizeof call);
  return call(line);
}

static bool begins_with(const char *whole, const char *part) { return strncmp(whole, part, strlen(part)) == 0; }

static void expect_line(const char *function, const char *wanted) {
  int line;
  const void *address = address_in("PPAR_TEST_LINES", function, &line);
  char expected[128];
  snprintf(expected, sizeof expected, "lines.c:%d in %s", line, wanted);
  cr_expect_str_eq(name_of(address, false), expected, "%s", text);
}

Test(show_symbols, the_line_and_the_function_are_told) {
  if (!has_libdw()) cr_skip_test("there is no libdw");
  expect_line("lines_exported", "lines_exported");
  expect_line("lines_hidden", "hidden");
}

Test(show_symbols, of_inlined_code_it_is_the_innermost_function) {
  if (!has_libdw()) cr_skip_test("there is no libdw");
  expect_line("lines_inlined", "put_into_others");
}

Test(show_symbols, code_of_ppars_headers_is_told_by_the_line_that_calls_it) {
  if (!has_libdw()) cr_skip_test("there is no libdw");
  expect_line("lines_of_header", "lines_of_header");
}

Test(show_symbols, artificial_code_is_told_by_the_line_that_calls_it) {
  if (!has_libdw()) cr_skip_test("there is no libdw");
  expect_line("lines_of_macro", "lines_of_macro");
}

Test(show_symbols, without_information_on_lines_it_is_the_function) {
#if !defined(__GLIBC__)
  cr_skip_test("this C library's dladdr may not tell the function");
#endif
  int line;
  const void *address = address_in("PPAR_TEST_NO_LINES", "lines_hidden", &line);
  if (has_libdw()) cr_expect(begins_with(name_of(address, false), "hidden+0x"), "%s", text);
  address = address_in("PPAR_TEST_NO_LINES", "lines_exported", &line);
  cr_expect(begins_with(name_of(address, false), "lines_exported+0x"), "%s", text);
  cr_expect_not_null(strstr(text, " in libno_lines."), "%s", text);
}

Test(show_symbols, in_a_signals_handler_it_is_the_image_and_the_distance_from_its_begin) {
  int line;
  const void *address = address_in("PPAR_TEST_LINES", "lines_exported", &line);
  Dl_info info;
  char expected[128];
  cr_assert_neq(dladdr(address, &info), 0);
  snprintf(expected, sizeof expected, "%s+0x%lx", strrchr(info.dli_fname, '/') + 1,
           (unsigned long)((const char *)address - 1 - (const char *)info.dli_fbase));
  cr_expect_str_eq(name_of(address, true), expected, "%s", text);
}

Test(show_symbols, the_systems_own_object_has_no_file) {
  const void *address = (const void *)(getauxval(AT_SYSINFO_EHDR) + 64);
  if (getauxval(AT_SYSINFO_EHDR) == 0) cr_skip_test("there is none");
  cr_expect_str_eq(name_of(address, true), "[vdso]+0x3f", "%s", text);
  (void)name_of(address, false); /* whatever libdw makes of it */
}

Test(show_symbols, an_address_of_nothing_is_told_as_it_is) {
  cr_expect_str_eq(name_of((const void *)0x10, false), "0x10", "%s", text);
  cr_expect_str_eq(name_of((const void *)0x10, true), "0x10", "%s", text);
  cr_expect_str_eq(name_of(NULL, false), "0x0", "%s", text);
  cr_expect_str_eq(name_of(NULL, true), "0x0", "%s", text);
}

Test(show_symbols, code_that_was_unloaded_is_not_looked_for_in_what_is_gone) {
  int line;
  const void *address = address_in("PPAR_TEST_LINES", "lines_exported", &line);
  void *object = dlopen(getenv("PPAR_TEST_LINES"), RTLD_NOW);
  char expected[32];
  (void)dlclose(object);
  (void)dlclose(object); /* address_in's */
  snprintf(expected, sizeof expected, "0x%lx", (unsigned long)(uintptr_t)address);
  if (dlopen(getenv("PPAR_TEST_LINES"), RTLD_NOW | RTLD_NOLOAD) != NULL) cr_skip_test("it stays loaded");
  /* Otherwise a library that libdw needs might be loaded into the place that has become free. */
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *place = (void *)((uintptr_t)address / page * page);
  void *kept = mmap(place, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (kept != place) cr_skip_test("something else is there already");
  cr_expect_str_eq(name_of(address, false), expected, "%s", text);
  cr_expect_str_eq(name_of(address, true), expected, "%s", text);
  (void)munmap(kept, page);
}

Test(show_symbols, many_are_found_one_after_the_other) {
  pp_symbols *symbols = pp_symbols_open(&arena, false);
  int line;
  const void *address = address_in("PPAR_TEST_LINES", "lines_exported", &line);
  for (int k = 0; k < 1000; k++) cr_assert_not_null(pp_symbols_find(symbols, address).image);
  pp_symbols_close(symbols);
}
