/* SPDX-License-Identifier: MIT */
/* acc_prof.c: the lists of registered functions, one an event, and the libraries that ACC_PROFLIB names.
 *
 * The lists are under one lock, which is not held while a function is called: it may register others. So a thread that
 * tells of an event looks for the function after the n-th each time; the lists are short. */
#include "gomp/acc_prof.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gomp/acc_device.h"
#include "gomp/message.h"
#include "platform/at_load.h"
#include "platform/memory.h"
#include "platform/tls.h"

enum { VERSION = 201711 /* OpenACC 2.6 */ };

typedef struct entry {
  struct entry *next;
  pp_acc_callback *callback;
  uint32_t references; /* How many times it was registered more than unregistered; the entry goes at 0. */
  bool enabled;
} entry;

pp_atomic_u32 pp_omp_acc_registered;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t watch_once = PTHREAD_ONCE_INIT;
static entry *lists[PP_ACC_EVENTS];              /* under the lock, as is `off` */
static bool off[PP_ACC_EVENTS];                  /* A tool has turned all functions of the event off; none: of all. */
static _Thread_local bool off_here PP_TLS_MODEL; /* ... on this thread */

/* --- The lists -------------------------------------------------------------------------------------------- */

static void take_lock(void) { (void)pthread_mutex_lock(&lock); }

static void give_lock(void) { (void)pthread_mutex_unlock(&lock); }

/* A fork takes the lock along, and both processes give it up. */
static void watch_forks(void) { (void)pthread_atfork(take_lock, give_lock, give_lock); }

/* Functions are called in the order of their registration, but for events that end something in the reverse order. */
static bool is_end(int event) {
  return event == PP_ACC_DEVICE_INIT_END || event == 4 || (event >= PP_ACC_ENTER_DATA_START && event % 2 == 1);
}

static entry **find(int event, pp_acc_callback *callback) {
  entry **at = &lists[event];
  while (*at != NULL && (*at)->callback != callback) at = &(*at)->next;
  return at;
}

static void add(int event, pp_acc_callback *callback) {
  entry **at = find(event, callback), *new_entry;
  if (*at != NULL) {
    (*at)->references++;
    return;
  }
  new_entry = pp_memory_zalloc(sizeof *new_entry);
  if (new_entry == NULL) pp_omp_no_memory("a function that acc_prof_register is given");
  if (is_end(event)) at = &lists[event];
  *new_entry = (entry){.next = *at, .callback = callback, .references = 1, .enabled = true};
  *at = new_entry;
  (void)pp_add_relaxed(&pp_omp_acc_registered, 1);
}

static void drop(int event, pp_acc_callback *callback) {
  entry **at = find(event, callback), *found = *at;
  if (found == NULL || --found->references != 0) return;
  *at = found->next;
  pp_memory_free(found);
  (void)pp_add_relaxed(&pp_omp_acc_registered, (uint32_t)-1);
}

/* The function that comes n-th, of those that are not turned off. */
static pp_acc_callback *get(int event, size_t n) {
  pp_acc_callback *callback = NULL;
  take_lock();
  if (!off[PP_ACC_EVENT_NONE] && !off[event]) {
    for (const entry *e = lists[event]; e != NULL && callback == NULL; e = e->next) {
      if (e->enabled && n-- == 0) callback = e->callback;
    }
  }
  give_lock();
  return callback;
}

/* --- Events ----------------------------------------------------------------------------------------------- */

void pp_omp_acc_dispatch(pp_acc_prof_info *where, pp_acc_event_info *what, pp_acc_api_info *how) {
  pp_acc_callback *callback;
  if (off_here || where->event <= PP_ACC_EVENT_NONE || where->event >= PP_ACC_EVENTS) return;
  for (size_t n = 0; (callback = get(where->event, n)) != NULL; n++) callback(where, what, how);
}

void pp_omp_acc_tell_all(pp_omp_acc_span *span, int event) {
  pp_acc_prof_info where = {
      .event = event,
      .valid_bytes = sizeof where,
      .version = VERSION,
      .device_type = span->device_type,
      .thread_id = -1,
      .async = span->async,
      .queue = span->async,
      .line = -1,
      .end_line = -1,
      .function_line = -1,
      .function_end_line = -1,
  };
  pp_acc_event_info what = {
      .event = event,
      .valid_bytes = sizeof what,
      .construct = span->construct,
      .implicit = span->implicit,
      .tool_info = span->tool_info,
  };
  pp_acc_api_info how = {.valid_bytes = sizeof how, .device_type = span->device_type, .vendor = -1};
  pp_omp_acc_dispatch(&where, &what, &how);
  span->tool_info = what.tool_info;
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

/* Turns functions on or off: one, all of an event, all, or all on this thread. Without a function it means all of them,
 * whatever each of them is by itself. */
static void toggle(int event, pp_acc_callback *callback, int how, bool on) {
  if (how == PP_ACC_TOGGLE_THREAD) {
    if (event != PP_ACC_EVENT_NONE || callback != NULL) return;
    pp_omp_acc_attach(); /* which the tool may still want to hear of */
    off_here = !on;
    return;
  }
  take_lock();
  if (callback == NULL) {
    off[event] = !on;
  } else if (event != PP_ACC_EVENT_NONE) {
    entry *found = *find(event, callback);
    if (found != NULL) found->enabled = on;
  }
  give_lock();
}

/* Whether the arguments mean anything. */
static bool check(const char *name, int event, int how) {
  if (event < PP_ACC_EVENT_NONE || event >= PP_ACC_EVENTS) {
    pp_omp_warn("%s: %d is no event (0 ... %d allowed); nothing is changed", name, event, PP_ACC_EVENTS - 1);
    return false;
  }
  if (how < PP_ACC_REGISTER || how > PP_ACC_TOGGLE_THREAD) {
    pp_omp_warn("%s: %d is no acc_register_t (0 ... 2 allowed); nothing is changed", name, how);
    return false;
  }
  return true;
}

/* Has `callback` called at each `event` from here on, or turns on again what was turned off. */
void acc_prof_register(int event, pp_acc_callback *callback, int how) {
  if (!check("acc_prof_register", event, how)) return;
  if (how != PP_ACC_REGISTER) {
    toggle(event, callback, how, true);
    return;
  }
  if (callback == NULL) {
    pp_omp_warn("acc_prof_register: there is no function to call; nothing is registered");
    return;
  }
  (void)pthread_once(&watch_once, watch_forks);
  take_lock();
  add(event, callback);
  give_lock();
}

/* Takes back one acc_prof_register, or turns off what it turns on. */
void acc_prof_unregister(int event, pp_acc_callback *callback, int how) {
  if (!check("acc_prof_unregister", event, how)) return;
  if (how != PP_ACC_REGISTER) {
    toggle(event, callback, how, false);
    return;
  }
  take_lock();
  drop(event, callback);
  give_lock();
}

/* Where a tool finds functions of the library's own: there are none. */
pp_acc_query *acc_prof_lookup(const char *name) {
  (void)name;
  return NULL;
}

/* The name under which a tool library has its own function, which open_tools calls. This one is there for programs
 * that are linked without a tool. */
void acc_register_library(pp_acc_register *enter, pp_acc_register *leave, pp_acc_lookup *lookup) {
  (void)enter;
  (void)leave;
  (void)lookup;
}

/* --- Tools ------------------------------------------------------------------------------------------------ */

typedef void register_library(pp_acc_register *, pp_acc_register *, pp_acc_lookup *);

/* An address of the loader's as the function that it is. */
static register_library *as_function(void *address) {
  register_library *function;
  memcpy(&function, &address, sizeof function);
  return function;
}

static void open_tool(const char *path) {
  void *tool = dlopen(path, RTLD_LAZY), *address = NULL;
  if (tool != NULL) {
    address = dlsym(tool, "acc_register_library");
    if (address != NULL) {
      as_function(address)(acc_prof_register, acc_prof_unregister, acc_prof_lookup);
      return;
    }
  }
  pp_omp_warn("ACC_PROFLIB names %s, which is not used: %s", path, dlerror());
  if (tool != NULL) (void)dlclose(tool);
}

/* Loads the tools that ACC_PROFLIB names, with semicolons between them, before the program begins. */
static PP_AT_LOAD(PP_LOAD_TEAM) void open_tools(void) {
  const char *text = getenv("ACC_PROFLIB");
  char *paths, *rest = NULL;
  if (text == NULL || *text == '\0' || (paths = strdup(text)) == NULL) return;
  for (const char *path = strtok_r(paths, ";", &rest); path != NULL; path = strtok_r(NULL, ";", &rest)) open_tool(path);
  free(paths);
}
