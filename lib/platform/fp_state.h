/* SPDX-License-Identifier: MIT */
/* fp_state.h: the calling thread's floating-point control state (rounding, FTZ/DAZ, trapping), so that a body
 * computes on a worker as it would on the caller.
 *
 * Only control, no status: the sticky exception flags stay each thread's own, but for what pp_x87_set_ says. Reading
 * takes a few nanoseconds, writing more: compare first. */
#ifndef PP_PLATFORM_FP_STATE_H
#define PP_PLATFORM_FP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)

/* MemorySanitizer sees no store that inline assembly makes, and would take what it filled in for uninitialised. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define PP_FILLED_IN_(variable) __msan_unpoison(&(variable), sizeof(variable))
#endif
#endif
#if !defined(PP_FILLED_IN_)
#define PP_FILLED_IN_(variable) ((void)0)
#endif

/* The SSE unit's, and the x87's for long double. */
typedef struct pp_fp_state {
  uint32_t mxcsr;
  uint16_t x87;
} pp_fp_state;

#define PP_MXCSR_STICKY 0x3fu

static inline uint32_t pp_mxcsr_get_(void) {
  uint32_t mxcsr;
  __asm__ __volatile__("stmxcsr %0" : "=m"(mxcsr) : : "memory");
  PP_FILLED_IN_(mxcsr);
  return mxcsr;
}

static inline pp_fp_state pp_fp_state_get(void) {
  pp_fp_state state;
  state.mxcsr = pp_mxcsr_get_() & ~PP_MXCSR_STICKY;
  __asm__ __volatile__("fnstcw %0" : "=m"(state.x87) : : "memory");
  PP_FILLED_IN_(state.x87);
  return state;
}

/* The x87's exceptions that are noted in its status. */
#define PP_X87_STICKY 0x3fu
/* In its status, too: one of them is not masked. */
#define PP_X87_PENDING 0x8080u

/* The x87 traps not only where an exception comes, but at any instruction that finds one noted and not masked. What is
 * noted of other work must not trap here, so it is forgotten where the new state traps for it. */
static inline void pp_x87_set_(uint16_t control) {
  struct {
    uint16_t control, reserved, status, rest[11];
  } environment;
  uint16_t status;
  __asm__ __volatile__("fnstsw %0" : "=m"(status) : : "memory");
  PP_FILLED_IN_(status);
  if ((status & ~(unsigned)control & PP_X87_STICKY) == 0) {
    __asm__ __volatile__("fldcw %0" : : "m"(control) : "memory");
    return;
  }
  __asm__ __volatile__("fnstenv %0" : "=m"(environment) : : "memory");
  PP_FILLED_IN_(environment);
  environment.control = control;
  environment.status = (uint16_t)(environment.status & ~PP_X87_PENDING & (control | ~PP_X87_STICKY));
  __asm__ __volatile__("fldenv %0" : : "m"(environment) : "memory");
}

static inline void pp_fp_state_set(pp_fp_state state) {
  uint32_t mxcsr = state.mxcsr | (pp_mxcsr_get_() & PP_MXCSR_STICKY);
  __asm__ __volatile__("ldmxcsr %0" : : "m"(mxcsr) : "memory");
  pp_x87_set_(state.x87);
}

static inline bool pp_fp_state_equal(pp_fp_state a, pp_fp_state b) { return a.mxcsr == b.mxcsr && a.x87 == b.x87; }

#elif defined(__aarch64__)

typedef struct pp_fp_state {
  uint64_t fpcr;
} pp_fp_state;

static inline pp_fp_state pp_fp_state_get(void) {
  pp_fp_state state;
  __asm__ __volatile__("mrs %0, fpcr" : "=r"(state.fpcr) : : "memory");
  return state;
}

static inline void pp_fp_state_set(pp_fp_state state) {
  __asm__ __volatile__("msr fpcr, %0" : : "r"(state.fpcr) : "memory");
}

static inline bool pp_fp_state_equal(pp_fp_state a, pp_fp_state b) { return a.fpcr == b.fpcr; }

#else

#include <fenv.h>

/* The rounding mode is all that C can name. */
typedef struct pp_fp_state {
  int rounding;
} pp_fp_state;

static inline pp_fp_state pp_fp_state_get(void) {
  pp_fp_state state;
  state.rounding = fegetround();
  return state;
}

static inline void pp_fp_state_set(pp_fp_state state) { (void)fesetround(state.rounding); }

static inline bool pp_fp_state_equal(pp_fp_state a, pp_fp_state b) { return a.rounding == b.rounding; }

#endif

/* Work that is to run under another thread's floating-point control state: what this thread's was. */
typedef struct pp_fp_switch {
  pp_fp_state own;
  bool differs;
} pp_fp_switch;

static inline pp_fp_switch pp_fp_switch_to(pp_fp_state state) {
  pp_fp_switch saved = {.own = pp_fp_state_get()};
  saved.differs = !pp_fp_state_equal(saved.own, state);
  if (saved.differs) pp_fp_state_set(state);
  return saved;
}

static inline void pp_fp_switch_back(const pp_fp_switch *saved) {
  if (saved->differs) pp_fp_state_set(saved->own);
}

#endif
