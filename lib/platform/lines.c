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

/* What names of most functions in ppar's headers begin with, in C, and in C++ as linkers know them. */
static const char *const ours[] = {"ppar_", "_ZN4ppar", "_ZNK4ppar"};
static const char our_folder[] = "/ppar/cxx/"; /* of C++'s headers */
static const char of_macros[] = "_ppar_";      /* in the names of the functions that ppar's macros make */

enum { SCOPES_MOST = 64 }; /* Of functions that are inlined into each other, and blocks in them. */

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
  F(dwarf_child)                  \
  F(dwarf_siblingof)              \
  F(dwfl_module_nextcu)           \
  F(dwarf_haspc)                  \
  F(dwarf_getsrc_die)             \
  F(dwarf_linesrc)                \
  F(dwarf_lineno)                 \
  F(dwarf_tag)                    \
  F(dwarf_diename)                \
  F(dwarf_decl_file)              \
  F(dwarf_attr)                   \
  F(dwarf_attr_integrate)         \
  F(dwarf_hasattr_integrate)      \
  F(dwarf_formstring)             \
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

/* A function's name as linkers know it, which has its namespace; NULL: it is not known. */
static const char *linkage_name(Dwarf_Die *function) {
  Dwarf_Attribute attribute;
  return libdw.dwarf_formstring_(libdw.dwarf_attr_integrate_(function, DW_AT_linkage_name, &attribute));
}

static bool begins_with(const char *name, const char *begin) {
  return name != NULL && strncmp(name, begin, strlen(begin)) == 0;
}

/* Whether inlined code is a part of the line that calls it: what is marked as artificial, and ppar's headers. With
 * gcc's -flto nothing is marked, nor has a name for linkers. */
static bool is_of_its_call(Dwarf_Die *inlined) {
  const char *linkage = linkage_name(inlined), *name = libdw.dwarf_diename_(inlined);
  const char *file = libdw.dwarf_decl_file_(inlined);
  if (libdw.dwarf_hasattr_integrate_(inlined, DW_AT_artificial)) return true;
  if (file != NULL && strstr(file, our_folder) != NULL) return true;
  if (name != NULL && strstr(name, of_macros) != NULL) return true;
  for (size_t k = 0; k < sizeof ours / sizeof ours[0]; k++) {
    if (begins_with(name, ours[k]) || begins_with(linkage, ours[k])) return true;
  }
  return false;
}

/* The scopes that have the address, from the outside to the inside, as the code lies and not as the source is written.
 */
typedef struct scopes {
  Dwarf_Addr address;
  int count;
  Dwarf_Die scope[SCOPES_MOST];
} scopes;

/* The child that has the address. False: none has. */
static bool find_scope(const scopes *s, Dwarf_Die *around, Dwarf_Die *found) {
  if (libdw.dwarf_child_(around, found) != 0) return false;
  do {
    int tag = libdw.dwarf_tag_(found);
    bool has_code = tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
    if (has_code && libdw.dwarf_haspc_(found, s->address) > 0) return true;
  } while (libdw.dwarf_siblingof_(found, found) == 0);
  return false;
}

static bool may_have_functions(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_union_type || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

/* The function that has the address, in the unit or in what is declared there: in a namespace, in a class, also in one
 * of another function, as those of lambdas are. */
static bool find_outermost(const scopes *s, Dwarf_Die *around, int depth, Dwarf_Die *found) {
  Dwarf_Die child;
  if (find_scope(s, around, found)) return true;
  if (depth == SCOPES_MOST || libdw.dwarf_child_(around, &child) != 0) return false;
  do {
    if (may_have_functions(libdw.dwarf_tag_(&child)) && find_outermost(s, &child, depth + 1, found)) return true;
  } while (libdw.dwarf_siblingof_(&child, &child) == 0);
  return false;
}

static void find_scopes(scopes *s, Dwarf_Die *unit) {
  s->count = 0;
  if (!find_outermost(s, unit, 0, &s->scope[0])) return;
  for (s->count = 1; s->count < SCOPES_MOST; s->count++) {
    if (!find_scope(s, &s->scope[s->count - 1], &s->scope[s->count])) return;
  }
}

/* The function that the line is in. */
static void find_function(Dwarf_Die *unit, Dwarf_Addr address, pp_line *line) {
  scopes around = {.address = address};
  find_scopes(&around, unit);
  for (int k = around.count - 1; k >= 0; k--) {
    Dwarf_Die *scope = &around.scope[k];
    int tag = libdw.dwarf_tag_(scope);
    const char *name = libdw.dwarf_diename_(scope);
    if (tag == DW_TAG_lexical_block) continue;
    if (tag == DW_TAG_inlined_subroutine && is_of_its_call(scope) && find_call(unit, scope, line)) continue;
    if (name != NULL) line->function = name;
    return;
  }
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
