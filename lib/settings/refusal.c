/* SPDX-License-Identifier: MIT */
/* refusal.c: the texts, and which places of the program have been told. */
#include "settings/refusal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include <ppar/pool.h>
#include <ppar/status.h>

#include "platform/atomics.h"
#include "platform/image.h"
#include "schedule/tuning.h"
#include "settings/environment.h"

/* Longer than any line: the names are the library's own. */
enum { LINE_SIZE = 320 };

#define TEXT_OF_(number) #number
#define TEXT_OF(number) TEXT_OF_(number)

/* The value, and what is allowed. */
static const char *const texts[PP_REFUSALS] = {
    [PP_REFUSED_NULL] = "NULL (an address is needed)",
    [PP_REFUSED_THREADS] = "%" PRId64 " (0 to " TEXT_OF(PPAR_MAX_THREADS) " allowed)",
    [PP_REFUSED_NEGATIVE] = "%" PRId64 " is negative (0 or more allowed)",
    [PP_REFUSED_ZERO] = "0 (1 or more allowed)",
    [PP_REFUSED_ZERO_STEP] = "a step of 0 (any other allowed)",
    [PP_REFUSED_KIND] = "kind %" PRId64 " is none (those of ppar_schedule_kind allowed)",
    [PP_REFUSED_ORDER] = "order %" PRId64 " is none (those of ppar_schedule_order allowed)",
    [PP_REFUSED_CHUNK] = "chunk %" PRId64 " is negative (0 or more allowed)",
    [PP_REFUSED_AUTO_CHUNK] = "chunk %" PRId64 " of a schedule that has none (0 allowed with auto and runtime)",
    [PP_REFUSED_NOWAIT] = "true (allowed for pranges alone)",
    [PP_REFUSED_STEP] = "%" PRId64 " (0 allowed: steps are for loops of one dimension)",
    [PP_REFUSED_TILE] = "%" PRId64 " (0 allowed: tiles are for loops of several dimensions)",
    [PP_REFUSED_DIMENSION] = "%" PRId64 " in a dimension that the loop does not have (0 allowed)",
    [PP_REFUSED_DIMENSIONS] = "%" PRId64 " (2 to 6 allowed)",
    [PP_REFUSED_SIZE] = "%" PRId64 " is no release's (0 or the struct's size allowed)",
    [PP_REFUSED_UNKNOWN] = "a field is set that this release of the library does not know (0 allowed)",
    [PP_REFUSED_POOL] = "no pool, or one that has been destroyed (NULL or a pool in use allowed)",
    [PP_REFUSED_DEFAULT_POOL] = "the default pool (those of ppar_pool_create allowed)",
    [PP_REFUSED_WAIT] = "%" PRId64 " is none (those of ppar_wait_policy allowed)",
    [PP_REFUSED_BIND] = "%" PRId64 " is none (those of ppar_bind_policy allowed)",
    [PP_REFUSED_PLACES] = "names no usable place (OMP_PLACES's grammar allowed)",
    [PP_REFUSED_BOUNDS] = "too many iterations (2^64 - 1 in all allowed)",
    [PP_REFUSED_CELLS] = "a step of 0, or too many iterations (2^63 - 1 in all allowed)",
    [PP_REFUSED_PIECES] = "too many pieces in the group (2^62 allowed)",
    [PP_REFUSED_OWNER] = "not begun, waited for already, or another thread's (the thread that began it is allowed)",
    [PP_REFUSED_SPAWNER] =
        "not begun, waited for already, or none that this thread may spawn into (the thread that "
        "began it, and tasks of the group, allowed)",
    [PP_REFUSED_BYTES] = "more bytes in all than an array may have",
    [PP_REFUSED_OTHER_SIZE] = "%" PRId64 " is not the size of the values",
    [PP_REFUSED_NOT_INSIDE] = "this thread has not begun that section (one that it is in is allowed)",
    [PP_REFUSED_INSIDE] = "this thread is in that section already (another one is allowed)",
};

/* Places that have been told. Each entry is written once, by a swap from NULL. */
typedef struct told_places {
  _Atomic(const void *) told[PP_TOLD_PLACES];
  pp_atomic_u32 full;
} told_places;

/* Whether the place is new. One that has been told stays in the table. A full table has no room for further places:
 * that is said once, too. */
static bool is_news(told_places *places, const void *place, const char *what) {
  for (int k = 0; k < PP_TOLD_PLACES; k++) {
    const void *entry = pp_load_relaxed(&places->told[k]);
    if (entry == NULL && pp_cas_relaxed(&places->told[k], &entry, place)) return true;
    if (entry == place) return false;
  }
  if (pp_add_relaxed(&places->full, 1) == 0)
    fprintf(stderr, "ppar: %s at %d places; further places are not told of\n", what, PP_TOLD_PLACES);
  return false;
}

static void tell(pp_call call, const char *outcome, const char *argument, const char *text, int64_t value) {
  char line[LINE_SIZE];
  int length = snprintf(line, sizeof line, "%s: %s: ", call.function, argument);
  if (length > 0 && (size_t)length < sizeof line)
    length += snprintf(line + length, sizeof line - (size_t)length, text, value);
  if (length > 0 && (size_t)length < sizeof line)
    (void)snprintf(line + length, sizeof line - (size_t)length, "; %s\n", outcome);
  fputs(line, stderr); /* at once, so that lines of several threads stay whole */
}

int pp_refuse(pp_call call, const char *outcome, const char *argument, pp_refusal refusal, int64_t value) {
  static told_places places;
  int saved_errno = errno;
  if (pp_environment_get()->check != PP_CHECK_NOTHING && is_news(&places, call.place, "calls have been refused"))
    tell(call, outcome, argument, texts[refusal], value);
  errno = saved_errno;
  return PPAR_EINVAL;
}

int pp_refuse_reduction(pp_call call, const char *outcome, const ppar_reduction *reduction) {
  if (reduction == NULL) return pp_refuse(call, outcome, "reduction", PP_REFUSED_NULL, 0);
  if (reduction->combine == NULL) return pp_refuse(call, outcome, "reduction->combine", PP_REFUSED_NULL, 0);
  return pp_refuse(call, outcome, "reduction->size", PP_REFUSED_ZERO, 0);
}

bool pp_results_are_news(const void *place) {
  static told_places places;
  return is_news(&places, place, "results differ");
}

void pp_tell_results(pp_call call, const char *name, const char *found) {
  char line[3 * LINE_SIZE];
  (void)snprintf(line, sizeof line, "%s%s%.60s%s (%s): %s\n", call.function, name != NULL ? " \"" : "",
                 name != NULL ? name : "", name != NULL ? "\"" : "", pp_image_name_call(call.place).text, found);
  fputs(line, stderr); /* at once, as above */
}
