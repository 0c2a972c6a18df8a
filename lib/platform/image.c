/* SPDX-License-Identifier: MIT */
/* image.c: what the dynamic linker knows of the object that this code lies in. */
#include "platform/image.h"

#include <inttypes.h>
#include <stdio.h>

#if defined(__linux__)

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

typedef struct search {
  uintptr_t address; /* In the object that is looked for. */
  int visited;
  bool stays;
} search;

static bool has(const struct dl_phdr_info *object, const ElfW(Phdr) * segment, uintptr_t address) {
  return segment->p_type == PT_LOAD && address - (object->dlpi_addr + segment->p_vaddr) < segment->p_memsz;
}

static bool is_nodelete(const ElfW(Dyn) * entry) {
  for (; entry->d_tag != DT_NULL; entry++) {
    if (entry->d_tag == DT_FLAGS_1) return (entry->d_un.d_val & DF_1_NODELETE) != 0;
  }
  return false;
}

/* The program is the first object that is visited. */
static int visit(struct dl_phdr_info *object, size_t size, void *arg) {
  search *s = arg;
  bool is_program = s->visited++ == 0, is_here = false;
  const ElfW(Dyn) *dynamic = NULL;
  (void)size;
  for (int p = 0; p < object->dlpi_phnum; p++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[p];
    if (has(object, segment, s->address)) is_here = true;
    if (segment->p_type == PT_DYNAMIC) dynamic = (const void *)(object->dlpi_addr + segment->p_vaddr);
  }
  if (is_here) s->stays = is_program || (dynamic != NULL && is_nodelete(dynamic));
  return is_here;
}

bool pp_image_may_be_unloaded(void) {
  search s = {.address = (uintptr_t)&pp_image_may_be_unloaded};
  (void)dl_iterate_phdr(visit, &s);
  return !s.stays;
}

/* The program, which is visited first, names the dynamic linker that has loaded it, if one has. */
static int visit_program(struct dl_phdr_info *object, size_t size, void *arg) {
  bool *is_alone = arg;
  (void)size;
  for (int p = 0; p < object->dlpi_phnum; p++) {
    if (object->dlpi_phdr[p].p_type == PT_INTERP) *is_alone = false;
  }
  return 1;
}

bool pp_image_is_alone(void) {
  bool is_alone = true;
  (void)dl_iterate_phdr(visit_program, &is_alone);
  return is_alone;
}

typedef struct place {
  uintptr_t address;
  const char *name; /* NULL: nothing is found yet */
  uintptr_t offset;
} place;

static int find(struct dl_phdr_info *object, size_t size, void *arg) {
  place *p = arg;
  (void)size;
  for (int s = 0; s < object->dlpi_phnum && p->name == NULL; s++) {
    if (!has(object, &object->dlpi_phdr[s], p->address)) continue;
    p->name = object->dlpi_name != NULL ? object->dlpi_name : "";
    p->offset = p->address - object->dlpi_addr;
  }
  return p->name != NULL;
}

/* The program has no name there. */
bool pp_image_find(const void *address, const char **name, uintptr_t *offset) {
  place p = {.address = (uintptr_t)address};
  const char *slash;
  (void)dl_iterate_phdr(find, &p);
  if (p.name == NULL) return false;
  slash = strrchr(p.name, '/');
  *name = slash != NULL ? slash + 1 : p.name;
  if (**name == '\0') *name = program_invocation_short_name;
  *offset = p.offset;
  return true;
}

#else

bool pp_image_may_be_unloaded(void) { return true; }
bool pp_image_is_alone(void) { return false; }

bool pp_image_find(const void *address, const char **name, uintptr_t *offset) {
  (void)address, (void)name, (void)offset;
  return false;
}

#endif

pp_call_name pp_image_name_call(const void *returns_to) {
  const char *call = (const char *)returns_to - 1, *object = "";
  uintptr_t offset = (uintptr_t)call;
  bool found = pp_image_find(call, &object, &offset);
  pp_call_name name;
  (void)snprintf(name.text, sizeof name.text, "%.60s%s0x%" PRIxPTR, object, found ? "+" : "", offset);
  return name;
}
