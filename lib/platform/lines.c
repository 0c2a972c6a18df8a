/* SPDX-License-Identifier: MIT */
/* lines.c: libdw, behind pointers to its functions. */
#include "platform/lines.h"

#if defined(__linux__) && !defined(PP_NO_LIBDW)

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/image.h"

static const char ours[] = "ppar_"; /* what names of most functions in ppar's headers begin with */

/* The functions that are used, each by a pointer of its type. */
#define FUNCTIONS(F)              \
  F(dwfl_begin)                   \
  F(dwfl_end)                     \
  F(dwfl_linux_proc_report)       \
  F(dwfl_linux_proc_find_elf)     \
  F(dwfl_report_end)              \
  F(dwfl_standard_find_debuginfo) \
  F(dwfl_build_id_find_debuginfo) \
  F(dwfl_addrmodule)              \
  F(dwfl_module_info)             \
  F(dwfl_module_addrinfo)         \
  F(dwfl_module_addrdie)          \
  F(dwarf_getscopes)              \
  F(dwarf_getscopes_die)          \
  F(dwfl_module_nextcu)           \
  F(dwarf_haspc)                  \
  F(dwarf_getsrc_die)             \
  F(dwarf_linesrc)                \
  F(dwarf_lineno)                 \
  F(dwarf_tag)                    \
  F(dwarf_diename)                \
  F(dwarf_attr)                   \
  F(dwarf_hasattr_integrate)      \
  F(dwarf_formudata)              \
  F(dwarf_getsrcfiles)            \
  F(dwarf_filesrc)

#define POINTER(name) __typeof__(&name) name##_;
static struct { FUNCTIONS(POINTER) } libdw;

static Dwfl *process;

/* A program that is static throughout cannot load libdw, whose C library would be another one. Nor shall the linker
 * warn of dlopen there, so that is looked up. */
static void *open_library(void) {
  void *found = pp_image_is_alone() ? NULL : dlsym(RTLD_DEFAULT, "dlopen");
  __typeof__(&dlopen) open_it;
  if (found == NULL) return NULL;
  memcpy(&open_it, &found, sizeof open_it);
  return open_it("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
}

static bool load(void) {
  static bool is_loaded; /* It stays so. */
  void *library = is_loaded ? NULL : open_library();
  if (is_loaded || library == NULL) return is_loaded;
#define LOOK_UP(name)                                     \
  {                                                       \
    void *found = dlsym(library, #name);                  \
    if (found == NULL) return false;                      \
    memcpy(&libdw.name##_, &found, sizeof libdw.name##_); \
  }
  FUNCTIONS(LOOK_UP)
  is_loaded = true;
  return true;
}

bool pp_lines_open(void) {
  static char *no_path;
  static Dwfl_Callbacks callbacks;
  if (!load()) return false;
  /* Where servers are named, the usual search would ask them for what is not on this machine, and wait for it. */
  callbacks =
      (Dwfl_Callbacks){.find_elf = libdw.dwfl_linux_proc_find_elf_,
                       .find_debuginfo = getenv("DEBUGINFOD_URLS") == NULL ? libdw.dwfl_standard_find_debuginfo_
                                                                           : libdw.dwfl_build_id_find_debuginfo_,
                       .debuginfo_path = &no_path};
  process = libdw.dwfl_begin_(&callbacks);
  if (process == NULL) return false;
  if (libdw.dwfl_linux_proc_report_(process, getpid()) == 0 && libdw.dwfl_report_end_(process, NULL, NULL) == 0)
    return true;
  pp_lines_close();
  return false;
}

/* Where the code of an inlined function was put: the call's own line. False: that is not known. */
static bool find_call(Dwarf_Die *unit, Dwarf_Die *inlined, pp_line *line) {
  Dwarf_Attribute attribute;
  Dwarf_Word file, number;
  Dwarf_Files *files;
  size_t count;
  const char *name;
  if (libdw.dwarf_formudata_(libdw.dwarf_attr_(inlined, DW_AT_call_file, &attribute), &file) != 0) return false;
  if (libdw.dwarf_formudata_(libdw.dwarf_attr_(inlined, DW_AT_call_line, &attribute), &number) != 0) return false;
  if (libdw.dwarf_getsrcfiles_(unit, &files, &count) != 0) return false;
  name = libdw.dwarf_filesrc_(files, file, NULL, NULL);
  if (name == NULL) return false;
  line->file = name;
  line->number = (int)number;
  return true;
}

/* The unit of compilation that has the address. gcc makes a table of that; clang does not, and all units are asked. */
static Dwarf_Die *find_unit(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias) {
  Dwarf_Die *unit = libdw.dwfl_module_addrdie_(module, address, bias);
  if (unit != NULL) return unit;
  while ((unit = libdw.dwfl_module_nextcu_(module, unit, bias)) != NULL) {
    if (libdw.dwarf_haspc_(unit, address - *bias) > 0) break;
  }
  return unit;
}

/* Whether inlined code is a part of the line that calls it: what is marked as artificial, and ppar's headers. */
static bool is_of_its_call(Dwarf_Die *inlined, const char *name) {
  return libdw.dwarf_hasattr_integrate_(inlined, DW_AT_artificial) ||
         (name != NULL && strncmp(name, ours, sizeof ours - 1) == 0);
}

/* The function that the line is in. What contains the address is gone through from the inside to the outside, as the
 * code lies, and not as the source is written. */
static void find_function(Dwarf_Die *unit, Dwarf_Addr address, pp_line *line) {
  Dwarf_Die *innermost = NULL, *around = NULL;
  int count = 0;
  if (libdw.dwarf_getscopes_(unit, address, &innermost) > 0) count = libdw.dwarf_getscopes_die_(&innermost[0], &around);
  for (int s = 0; s < count; s++) {
    int tag = libdw.dwarf_tag_(&around[s]);
    const char *name;
    if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine) continue;
    name = libdw.dwarf_diename_(&around[s]);
    if (tag == DW_TAG_inlined_subroutine && is_of_its_call(&around[s], name) && find_call(unit, &around[s], line))
      continue;
    if (name != NULL) line->function = name;
    break;
  }
  free(innermost);
  free(around);
}

/* Nothing is changed where there is no information on lines. */
static void find_source(Dwfl_Module *module, Dwarf_Addr address, pp_line *line) {
  Dwarf_Addr bias = 0;
  Dwarf_Die *unit = find_unit(module, address, &bias);
  Dwarf_Line *source = unit != NULL ? libdw.dwarf_getsrc_die_(unit, address - bias) : NULL;
  const char *file = source != NULL ? libdw.dwarf_linesrc_(source, NULL, NULL) : NULL;
  if (file == NULL || libdw.dwarf_lineno_(source, &line->number) != 0) return;
  line->file = file;
  find_function(unit, address - bias, line);
}

bool pp_lines_find(const void *address, pp_line *line) {
  Dwarf_Addr at = (Dwarf_Addr)(uintptr_t)address, begin;
  Dwfl_Module *module = libdw.dwfl_addrmodule_(process, at);
  GElf_Off offset;
  GElf_Sym symbol;
  *line = (pp_line){0};
  if (module == NULL) return false;
  line->image = libdw.dwfl_module_info_(module, NULL, &begin, NULL, NULL, NULL, NULL, NULL);
  line->function = libdw.dwfl_module_addrinfo_(module, at, &offset, &symbol, NULL, NULL, NULL);
  line->offset = line->function != NULL ? offset : at - begin;
  find_source(module, at, line);
  return line->image != NULL;
}

void pp_lines_close(void) {
  if (process != NULL) libdw.dwfl_end_(process);
  process = NULL;
}

#else

#include <stddef.h>

bool pp_lines_open(void) { return false; }

bool pp_lines_find(const void *address, pp_line *line) {
  (void)address;
  *line = (pp_line){0};
  return false;
}

void pp_lines_close(void) {}

#endif
