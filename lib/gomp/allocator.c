/* SPDX-License-Identifier: MIT */
/* allocator.c: allocators from traits, and from OMP_ALLOCATOR's text. */
#include "gomp/allocator.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gomp/data.h"
#include "gomp/omp_abi.h"
#include "platform/memory.h"
#include "settings/scanner.h"

/* --- From traits ----------------------------------------------------------------------------------------------- */

static bool is_between(uintptr_t value, uintptr_t first, uintptr_t last) { return value >= first && value <= last; }

static bool take_number(pp_omp_allocator *allocator, int key, uintptr_t value) {
  if (key == PP_OMP_POOL_SIZE) {
    allocator->pool_size = value; /* The default, PP_OMP_TRAIT_DEFAULT, is no limit. */
    return true;
  }
  if (value == PP_OMP_TRAIT_DEFAULT) value = 1;
  allocator->alignment = value;
  return value != 0 && (value & (value - 1)) == 0;
}

/* False: a key or a value that there is not. */
static bool take_trait(pp_omp_allocator *allocator, int key, uintptr_t value) {
  bool is_default = value == PP_OMP_TRAIT_DEFAULT;
  switch (key) {
    case PP_OMP_ALIGNMENT:
    case PP_OMP_POOL_SIZE: return take_number(allocator, key, value);
    case PP_OMP_SYNC_HINT: return is_default || is_between(value, PP_OMP_CONTENDED, PP_OMP_PRIVATE);
    case PP_OMP_ACCESS: return is_default || is_between(value, PP_OMP_ALL, PP_OMP_CGROUP);
    case PP_OMP_PARTITION: return is_default || is_between(value, PP_OMP_ENVIRONMENT, PP_OMP_INTERLEAVED);
    case PP_OMP_FALLBACK:
      allocator->fallback = is_default ? PP_OMP_DEFAULT_MEM_FB : (int)value;
      return is_default || is_between(value, PP_OMP_DEFAULT_MEM_FB, PP_OMP_ALLOCATOR_FB);
    case PP_OMP_FB_DATA: allocator->fb_data = is_default ? PP_OMP_NULL_ALLOCATOR : value; return true;
    case PP_OMP_PINNED: allocator->pinned = value == PP_OMP_TRUE; return is_default || value <= PP_OMP_TRUE;
    default: return false;
  }
}

uintptr_t pp_omp_allocator_make(uintptr_t space, int64_t count, const pp_omp_trait *traits) {
  pp_omp_allocator made = {.alignment = 1, .pool_size = SIZE_MAX, .fallback = PP_OMP_DEFAULT_MEM_FB}, *allocator;
  if (space >= PP_OMP_MEM_SPACES || count < 0 || (count > 0 && traits == NULL)) return PP_OMP_NULL_ALLOCATOR;
  for (int64_t t = 0; t < count; t++) {
    if (!take_trait(&made, traits[t].key, traits[t].value)) return PP_OMP_NULL_ALLOCATOR;
  }
  allocator = pp_memory_alloc(sizeof *allocator);
  if (allocator == NULL) return PP_OMP_NULL_ALLOCATOR;
  allocator->alignment = made.alignment;
  allocator->pool_size = made.pool_size;
  allocator->fallback = made.fallback;
  allocator->fb_data = made.fb_data;
  allocator->pinned = made.pinned;
  pp_store_relaxed(&allocator->used, 0);
  return (uintptr_t)allocator;
}

void pp_omp_allocator_free(uintptr_t handle) { pp_memory_free(pp_omp_allocator_of(handle)); }

/* --- From text ------------------------------------------------------------------------------------------------- */

enum { TRAITS_MOST = 16 /* in a text: twice as many as there are */ };

static const pp_word allocators[] = {{"omp_default_mem_alloc", PP_OMP_DEFAULT_MEM_ALLOC},
                                     {"omp_large_cap_mem_alloc", PP_OMP_LARGE_CAP_MEM_ALLOC},
                                     {"omp_const_mem_alloc", PP_OMP_CONST_MEM_ALLOC},
                                     {"omp_high_bw_mem_alloc", PP_OMP_HIGH_BW_MEM_ALLOC},
                                     {"omp_low_lat_mem_alloc", PP_OMP_LOW_LAT_MEM_ALLOC},
                                     {"omp_cgroup_mem_alloc", PP_OMP_CGROUP_MEM_ALLOC},
                                     {"omp_pteam_mem_alloc", PP_OMP_PTEAM_MEM_ALLOC},
                                     {"omp_thread_mem_alloc", PP_OMP_THREAD_MEM_ALLOC},
                                     {NULL, 0}};

/* In the order of their allocators. */
static const pp_word spaces[] = {{"omp_default_mem_space", 0}, {"omp_large_cap_mem_space", 1},
                                 {"omp_const_mem_space", 2},   {"omp_high_bw_mem_space", 3},
                                 {"omp_low_lat_mem_space", 4}, {NULL, 0}};

static const pp_word keys[] = {
    {"sync_hint", PP_OMP_SYNC_HINT}, {"alignment", PP_OMP_ALIGNMENT}, {"access", PP_OMP_ACCESS},
    {"pool_size", PP_OMP_POOL_SIZE}, {"fallback", PP_OMP_FALLBACK},   {"fb_data", PP_OMP_FB_DATA},
    {"pinned", PP_OMP_PINNED},       {"partition", PP_OMP_PARTITION}, {NULL, 0}};

static const pp_word hints[] = {
    {"contended", PP_OMP_CONTENDED},   {"uncontended", PP_OMP_UNCONTENDED},
    {"serialized", PP_OMP_SERIALIZED}, {"sequential", PP_OMP_SERIALIZED}, /* its name before OpenMP 5.1 */
    {"private", PP_OMP_PRIVATE},       {NULL, 0}};
static const pp_word accesses[] = {
    {"all", PP_OMP_ALL}, {"thread", PP_OMP_THREAD}, {"pteam", PP_OMP_PTEAM}, {"cgroup", PP_OMP_CGROUP}, {NULL, 0}};
static const pp_word fallbacks[] = {{"default_mem_fb", PP_OMP_DEFAULT_MEM_FB},
                                    {"null_fb", PP_OMP_NULL_FB},
                                    {"abort_fb", PP_OMP_ABORT_FB},
                                    {"allocator_fb", PP_OMP_ALLOCATOR_FB},
                                    {NULL, 0}};
static const pp_word truths[] = {{"true", PP_OMP_TRUE}, {"false", PP_OMP_FALSE}, {NULL, 0}};
static const pp_word partitions[] = {{"environment", PP_OMP_ENVIRONMENT},
                                     {"nearest", PP_OMP_NEAREST},
                                     {"blocked", PP_OMP_BLOCKED},
                                     {"interleaved", PP_OMP_INTERLEAVED},
                                     {NULL, 0}};

/* By key; NULL: a number. */
static const pp_word *const values[] = {
    [PP_OMP_SYNC_HINT] = hints,    [PP_OMP_ACCESS] = accesses, [PP_OMP_FALLBACK] = fallbacks,
    [PP_OMP_FB_DATA] = allocators, [PP_OMP_PINNED] = truths,   [PP_OMP_PARTITION] = partitions,
};

/* --- What is wrong with a text --------------------------------------------------------------------------------- */

static void complain(pp_omp_complaint *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Behind what it says so far. */
static void complain(pp_omp_complaint *to, const char *format, ...) {
  size_t length = strlen(to->text);
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(to->text + length, sizeof to->text - length, format, arguments);
  va_end(arguments);
}

/* The words of a table, with commas between them. */
static void complain_of_words(pp_omp_complaint *to, const pp_word *words) {
  for (const pp_word *word = words; word->text != NULL; word++)
    complain(to, "%s%s", word == words ? "" : ", ", word->text);
}

static void complain_of_name(pp_omp_complaint *to) {
  complain(to, "is none of ");
  complain_of_words(to, allocators);
  complain(to, "; ");
  complain_of_words(to, spaces);
  complain(to, ", these with traits or without");
}

static void complain_of_key(pp_omp_complaint *to) {
  complain(to, "has a trait that is no KEY=VALUE, where KEY is one of ");
  complain_of_words(to, keys);
}

static const char *name_of_key(int key) {
  const pp_word *word = keys;
  while (word->value != key) word++;
  return word->text;
}

static void complain_of_value(pp_omp_complaint *to, int key) {
  if (key == PP_OMP_ALIGNMENT) {
    complain(to, "has an alignment that is no power of two");
  } else if (key == PP_OMP_POOL_SIZE) {
    complain(to, "has a pool_size that is not a whole number from 1 to %zu", SIZE_MAX - 1);
  } else {
    complain(to, "has a %s that is none of ", name_of_key(key));
    complain_of_words(to, values[key]);
  }
}

/* --- Reading a text -------------------------------------------------------------------------------------------- */

/* The value of trait->key, which is there. */
static bool scan_value(pp_scanner *scanner, pp_omp_trait *trait) {
  const pp_word *words = values[trait->key];
  uint64_t number;
  int value;
  if (words != NULL) {
    if (!pp_scanner_take_word(scanner, words, &value)) return false;
    trait->value = (uintptr_t)value;
    return true;
  }
  if (!pp_scanner_take_number(scanner, &number) || number == 0 || number >= SIZE_MAX) return false;
  trait->value = (uintptr_t)number;
  return trait->key != PP_OMP_ALIGNMENT || (number & (number - 1)) == 0;
}

/* Whether a value ends here. */
static bool is_at_end_of_value(const pp_scanner *scanner) {
  pp_scanner next = *scanner;
  return pp_scanner_is_at_end(scanner) || pp_scanner_take(&next, ',');
}

/* "key=value" */
static bool scan_trait(pp_scanner *scanner, pp_omp_trait *trait, pp_omp_complaint *complaint) {
  if (!pp_scanner_take_word(scanner, keys, &trait->key) || !pp_scanner_take(scanner, '=')) {
    complain_of_key(complaint);
    return false;
  }
  if (scan_value(scanner, trait) && is_at_end_of_value(scanner)) return true;
  complain_of_value(complaint, trait->key);
  return false;
}

/* What follows a memory space. */
static bool scan_traits(pp_scanner *scanner, int space, uintptr_t *handle, pp_omp_complaint *complaint) {
  pp_omp_trait traits[TRAITS_MOST];
  int count = 0;
  uintptr_t made;
  do {
    if (count == TRAITS_MOST) complain(complaint, "has more than %d traits", TRAITS_MOST);
    if (count == TRAITS_MOST || !scan_trait(scanner, &traits[count++], complaint)) return false;
  } while (pp_scanner_take(scanner, ','));
  made = pp_omp_allocator_make((uintptr_t)space, count, traits);
  if (made == PP_OMP_NULL_ALLOCATOR) {
    complain(complaint, "cannot be had for want of memory");
    return false;
  }
  *handle = made;
  return true;
}

bool pp_omp_allocator_parse(const char *text, uintptr_t *handle, pp_omp_complaint *complaint) {
  pp_scanner scanner = pp_scanner_make(text);
  int found;
  bool is_found = pp_scanner_take_word(&scanner, allocators, &found);
  complaint->text[0] = '\0';
  if (!is_found && pp_scanner_take_word(&scanner, spaces, &found)) {
    if (pp_scanner_take(&scanner, ':')) return scan_traits(&scanner, found, handle, complaint);
    is_found = true;
    found += PP_OMP_DEFAULT_MEM_ALLOC;
  }
  if (is_found && pp_scanner_is_at_end(&scanner)) {
    *handle = (uintptr_t)found;
    return true;
  }
  complain_of_name(complaint);
  return false;
}

/* --- OpenMP's routines ----------------------------------------------------------------------------------------- */

uintptr_t omp_init_allocator(uintptr_t space, int count, const pp_omp_trait *traits) {
  return pp_omp_allocator_make(space, count, traits);
}
uintptr_t omp_init_allocator_(const uintptr_t *space, const int32_t *count, const pp_omp_trait *traits) {
  return pp_omp_allocator_make(*space, *count, traits);
}
uintptr_t omp_init_allocator_8_(const uintptr_t *space, const int64_t *count, const pp_omp_trait *traits) {
  return pp_omp_allocator_make(*space, *count, traits);
}

void omp_destroy_allocator(uintptr_t handle) { pp_omp_allocator_free(handle); }
void omp_destroy_allocator_(const uintptr_t *handle) { pp_omp_allocator_free(*handle); }

void omp_set_default_allocator(uintptr_t handle) {
  pp_omp_own_icvs(pp_omp_here())->default_allocator =
      handle != PP_OMP_NULL_ALLOCATOR ? handle : PP_OMP_DEFAULT_MEM_ALLOC;
}
void omp_set_default_allocator_(const uintptr_t *handle) { omp_set_default_allocator(*handle); }

uintptr_t omp_get_default_allocator(void) { return pp_omp_here()->icvs->default_allocator; }
uintptr_t omp_get_default_allocator_(void) { return omp_get_default_allocator(); }
