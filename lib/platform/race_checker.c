/* SPDX-License-Identifier: MIT */
/* race_checker.c: telling ThreadSanitizer by its functions, which the process has or has not, and Valgrind's tools by
 * requests that do nothing on a processor without them. */
#include "platform/race_checker.h"

#if !defined(PP_RACE_CHECKER_SEES_ALL)

#if defined(__has_include)
#if __has_include(<valgrind/helgrind.h>) && __has_include(<valgrind/drd.h>)
#define HAS_VALGRIND_HEADERS 1
/* In this order: drd.h knows that helgrind.h has defined some of its names. */
#include <valgrind/helgrind.h>
#include <valgrind/memcheck.h>
/* The line between is for the formatter, which would sort them. */
#include <valgrind/drd.h>
#endif
#endif

pp_race_checker pp_race_checker_there;

/* Of sanitizer/tsan_interface.h, and of the interface of dynamic annotations, which ThreadSanitizer has taken over. The
 * program brings them along, or does not. */
extern void __tsan_acquire(void *edge) __attribute__((weak));
extern void __tsan_release(void *edge) __attribute__((weak));
extern void AnnotateIgnoreReadsBegin(const char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreReadsEnd(const char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreWritesBegin(const char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreWritesEnd(const char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreSyncBegin(const char *file, int line) __attribute__((weak));
extern void AnnotateIgnoreSyncEnd(const char *file, int line) __attribute__((weak));

#if defined(HAS_VALGRIND_HEADERS)
/* It looks for no races, and is the only tool that answers. */
static bool is_memcheck(void) {
  static char byte;
  return VALGRIND_MAKE_MEM_DEFINED(&byte, sizeof byte) != 0;
}
#endif

/* As long as a checker has not been found nobody is told. Before the program's first thread, and before its first call:
 * memory comes from another allocator where a checker looks on (memory.c). */
PP_AT_LOAD(PP_LOAD_FIRST) static void find_checker(void) {
  if (__tsan_acquire != NULL && __tsan_release != NULL) {
    pp_race_checker_there = PP_THREAD_SANITIZER;
    return;
  }
#if defined(HAS_VALGRIND_HEADERS)
  if (RUNNING_ON_VALGRIND == 0 || is_memcheck()) return;
  pp_race_checker_there = DRD_GET_DRD_THREADID != 0 ? PP_DRD : PP_HELGRIND;
#endif
}

void pp_edge_release_slowly(const void *edge) {
  switch (pp_race_checker_there) {
    case PP_THREAD_SANITIZER: __tsan_release((void *)(size_t)edge); break;
#if defined(HAS_VALGRIND_HEADERS)
    case PP_HELGRIND: DO_CREQ_v_W(_VG_USERREQ__HG_USERSO_SEND_PRE, const void *, edge); break;
    case PP_DRD: VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_HAPPENS_BEFORE, edge, 0, 0, 0, 0); break;
#endif
    default: break;
  }
}

void pp_edge_acquire_slowly(const void *edge) {
  switch (pp_race_checker_there) {
    case PP_THREAD_SANITIZER: __tsan_acquire((void *)(size_t)edge); break;
#if defined(HAS_VALGRIND_HEADERS)
    case PP_HELGRIND: DO_CREQ_v_W(_VG_USERREQ__HG_USERSO_RECV_POST, const void *, edge); break;
    case PP_DRD: VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_HAPPENS_AFTER, edge, 0, 0, 0, 0); break;
#endif
    default: break;
  }
}

static bool can_pause(void) {
  return pp_race_checker_there == PP_THREAD_SANITIZER && AnnotateIgnoreReadsBegin != NULL &&
         AnnotateIgnoreReadsEnd != NULL && AnnotateIgnoreWritesBegin != NULL && AnnotateIgnoreWritesEnd != NULL &&
         AnnotateIgnoreSyncBegin != NULL && AnnotateIgnoreSyncEnd != NULL;
}

void pp_checks_pause_slowly(void) {
  if (!can_pause()) return;
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
}

void pp_checks_go_on_slowly(void) {
  if (!can_pause()) return;
  AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
  AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
}

void pp_checks_leave_out_slowly(const void *bytes, size_t size) {
#if defined(HAS_VALGRIND_HEADERS)
  if (pp_race_checker_there == PP_HELGRIND) {
    VALGRIND_HG_DISABLE_CHECKING(bytes, size);
  } else if (pp_race_checker_there == PP_DRD) {
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_START_SUPPRESSION, bytes, size, 0, 0, 0);
  }
#else
  (void)bytes, (void)size;
#endif
}

#else

typedef int pp_race_checker_sees_all; /* A file has something in it. */

#endif
