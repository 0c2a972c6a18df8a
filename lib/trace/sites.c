/* SPDX-License-Identifier: MIT */
/* sites.c: a table that only grows. A site's number is its entry in the order of making; a hash table of numbers finds
 * it. Whoever makes a site takes a number, writes the site, publishes it, and then puts the number into the hash table.
 * Of two threads that make the same one at once, whoever loses the place in the hash table takes the other's, and takes
 * its own entry back: the number stays unused, and nobody is shown a second site of the same place. */
#include "trace/sites.h"

#include <string.h>

#include "platform/hash.h"
#include "platform/race_checker.h"

enum { TABLE_SIZE = 2 * PP_SITES /* entries; at most half of them are used */ };

typedef struct entry {
  pp_atomic_u32 is_there; /* The site is whole. */
  pp_site site;
} entry;

static entry entries[PP_SITES];
static pp_atomic_u32 made = 1; /* Entry 0 is that of all others. */
static pp_atomic_u32 table[TABLE_SIZE];
static const char *wanted;
PP_CHECKS_LEAVE_OUT(entries)
PP_CHECKS_LEAVE_OUT(made)
PP_CHECKS_LEAVE_OUT(table)

static const pp_site others = {.name = "(further places)", .is_wanted = true};

static uint32_t hash_of(pp_construct_kind kind, const void *address, const char *name) {
  uint64_t hash = pp_hash_address(address) + (uint64_t)kind;
  for (size_t i = 0; name != NULL && i + 1 < PP_SITE_NAME_SIZE && name[i] != '\0'; i++)
    hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
  return (uint32_t)(hash >> 33);
}

static bool is_it(const pp_site *site, pp_construct_kind kind, const void *address, const char *name) {
  if (site->address != address || site->kind != kind) return false;
  return name == NULL ? site->name[0] == '\0' : strncmp(site->name, name, PP_SITE_NAME_SIZE - 1) == 0;
}

/* One of the names with commas between them is a part of `name`. */
static bool is_among(const char *name, const char *names) {
  while (*names != '\0') {
    size_t length = strcspn(names, ",");
    for (const char *at = name; length != 0 && strlen(at) >= length; at++) {
      if (strncmp(at, names, length) == 0) return true;
    }
    names += length + (names[length] == ',');
  }
  return false;
}

/* Nobody has been told of the number. */
static void take_back(uint32_t number) {
  if (number != PP_SITE_OTHERS) pp_store_relaxed(&entries[number].is_there, 0);
}

/* 0: there is no room. */
static uint32_t make(pp_construct_kind kind, const void *address, const char *name) {
  uint32_t number = pp_load_relaxed(&made);
  pp_site *site;
  do {
    if (number == PP_SITES) return PP_SITE_OTHERS;
  } while (!pp_cas_relaxed(&made, &number, number + 1));
  site = &entries[number].site;
  site->address = address;
  site->kind = (uint8_t)kind;
  if (name != NULL) strncpy(site->name, name, PP_SITE_NAME_SIZE - 1);
  site->is_wanted = wanted == NULL || is_among(site->name, wanted);
  pp_store_release(&entries[number].is_there, 1); /* pairs with the load in pp_site_get */
  return number;
}

uint32_t pp_site_number(pp_construct_kind kind, const void *address, const char *name) {
  uint32_t place = hash_of(kind, address, name) % TABLE_SIZE, own = PP_SITE_OTHERS;
  for (;; place = (place + 1) % TABLE_SIZE) {
    uint32_t number = pp_load_acquire(&table[place]); /* pairs with the swap below */
    if (number == 0) {
      if (own == PP_SITE_OTHERS) own = make(kind, address, name);
      if (own == PP_SITE_OTHERS || pp_cas_acq_rel(&table[place], &number, own)) return own;
    }
    if (is_it(&entries[number].site, kind, address, name)) {
      take_back(own);
      return number;
    }
  }
}

void pp_site_is_inside(pp_construct_kind kind, const void *address, void (*function)(void *)) {
  pp_site *site = &entries[pp_site_number(kind, address, NULL)].site;
  pp_store_relaxed(&site->inside, (const void *)(uintptr_t)function);
}

uint32_t pp_site_count(void) { return pp_load_relaxed(&made); }

const pp_site *pp_site_get(uint32_t number) {
  if (number == PP_SITE_OTHERS) return &others;
  return pp_load_acquire(&entries[number].is_there) != 0 ? &entries[number].site : NULL;
}

void pp_sites_want(const char *names) { wanted = names; }
