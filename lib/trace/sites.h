/* SPDX-License-Identifier: MIT */
/* sites.h: the places of a program that loops, regions and task groups are begun at, each with a number.
 *
 * A place is told by the address that the call returns to, by the kind of the construct, and by the name in its
 * options, if there is one. What the address means is found out when something is shown (show/symbols.h). */
#ifndef PP_TRACE_SITES_H
#define PP_TRACE_SITES_H

#include "platform/atomics.h"
#include "platform/shared.h"
#include "schedule/tuning.h"
#include "trace/event.h"

typedef struct pp_site {
  const void *address;          /* Where the program's call returns to. */
  _Atomic(const void *) inside; /* pp_site_is_inside; NULL: nobody has said. */
  uint8_t kind;                 /* pp_construct_kind */
  bool is_wanted;               /* Its events are recorded (PPAR_TRACE_ONLY). */
  char name[PP_SITE_NAME_SIZE]; /* Of its options, cut off where it is longer; empty: none. */
} pp_site;

/* Places beyond PP_SITES are one place. */
enum { PP_SITE_OTHERS = 0 };

/* The number of a place, which is new or known. Any thread; it waits for nobody. */
uint32_t pp_site_number(pp_construct_kind kind, const void *address, const char *name);

/* Of a construct that a compiler has made a function of, as GCC does of OpenMP's: where that function begins. Its line
 * is the construct's, where that of the call is the surrounding function's, whichever of its constructs it is. */
void pp_site_is_inside(pp_construct_kind kind, const void *address, void (*function)(void *)) PP_SHARED;

/* How many numbers there are. Each number below that has a site, or NULL: it is being made right now, or another thread
 * has made it under another number at the same moment. */
uint32_t pp_site_count(void);
const pp_site *pp_site_get(uint32_t number);

/* Only sites whose name is among these, or contains one, are wanted: names with commas between them. NULL: all are. To
 * be called before there are sites; the text must stay. */
void pp_sites_want(const char *names);

#endif
