/* SPDX-License-Identifier: MIT */
/* pool.c: the public face of pools: defaults from the environment, and the default pool. */
#include <ppar/pool.h>

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <ppar/status.h>

#include "api/pool.h"
#include "api/sources.h"
#include "api/threads.h"
#include "platform/image.h"
#include "platform/memory.h"
#include "platform/standing.h"
#include "platform/thread.h"
#include "pool/ending.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "settings/environment.h"
#include "settings/options.h"
#include "show/outputs.h"
#include "task/group.h"
#include "team/critical.h"

static ppar_pool default_pool;
static pthread_once_t default_once = PTHREAD_ONCE_INIT;

/* Every zero field of options from the environment. */
static pp_pool_config configure(const ppar_pool_options *options) {
  const pp_environment *environment = pp_environment_get();
  int limit = environment->thread_limit;
  pp_pool_config config = {
      .threads = options->threads != 0 ? options->threads : pp_threads_default(0),
      .stack_size = options->stack_size != 0 ? options->stack_size : environment->stack_size,
      .wait = options->wait != PPAR_WAIT_DEFAULT ? options->wait : environment->wait,
      .spin_ns = options->wait == PPAR_WAIT_DEFAULT ? environment->spin_ns : 0,
      .bind = options->bind != PPAR_BIND_DEFAULT ? options->bind : environment->bind,
      .places = options->places != NULL ? options->places : environment->places,
      .name = options->name != NULL ? options->name : "ppar",
      .thread_limit = limit,
      .checks = environment->check == PP_CHECK_THREADS,
      .sources = pp_sources,
  };
  if (config.threads > limit) config.threads = limit;
  pp_outputs_begin(environment); /* Before there are threads to record. */
  return config;
}

static void make_default_pool(void) {
  static const ppar_pool_options defaults;
  int saved_errno = errno, held = pp_thread_hold_cancellation();
  pp_pool_config config = configure(&defaults);
  config.most_threads = pp_threads_most();
  if (pp_environment_front_limits()) {
    config.reuse_limit = config.thread_limit; /* Each contention group may have so many, and there may be several. */
    config.thread_limit = PPAR_MAX_THREADS;
  }
  /* Places were checked with the environment. Where the machine has changed since then, or there is no memory to read
   * it, only the binding is lost. */
  (void)pp_pool_init(&default_pool, &config);
  if (!pp_pool_is_usable(&default_pool)) {
    config.bind = PPAR_BIND_FALSE;
    (void)pp_pool_init(&default_pool, &config);
  }
  pthread_mutex_lock(&pp_pools_lock); /* The number may have changed meanwhile. */
  pp_default_pool_resize((uint32_t)pp_threads_default(1));
  pthread_mutex_unlock(&pp_pools_lock);
  pp_thread_allow_cancellation(held);
  errno = saved_errno;
}

void pp_default_pool_resize(uint32_t threads) {
  if (pp_pool_is_usable(&default_pool)) pp_pool_resize(&default_pool, threads);
}

ppar_pool *ppar_pool_default(void) {
  if (!pp_pool_is_usable(&default_pool)) pthread_once(&default_once, make_default_pool);
  return &default_pool;
}

/* The process exits. A pool in use (exit called by a body, or while other threads run loops) is left as it is. Else
 * loops and regions that still come, from what else runs at exit, run on their callers alone. The workers end with the
 * process and not before: the destructors of their thread-local objects would run after the program's static ones.
 * Nothing is freed, since other threads may be using it. */
static void end_with_process(void) {
  bool idle = pp_pool_is_usable(&default_pool) && pp_self_get()->place.depth == 0 && pp_pool_close(&default_pool);
  if (idle) pp_pool_rest(&default_pool);
}

/* A program unloads the library: no thread may be left in code that is gone. Since this may also be the process's exit,
 * a pool in use is left as it is here, too, and nothing is freed while there are other threads, which may be about to
 * start a loop. */
static void end_with_image(void) {
  static const pp_pool_config alone = {.threads = 1, .name = "ppar", .thread_limit = 1, .sources = pp_sources};
  pp_self *self = pp_self_get();
  bool is_made = pp_pool_is_usable(&default_pool), is_outside = self->place.depth == 0, free_all;
  bool idle = is_made && is_outside && pp_pool_close(&default_pool);
  pp_ending_forget();
  if (idle) pp_pool_stop(&default_pool);
  free_all = (idle || !is_made) && is_outside && pp_thread_is_alone();
  if (free_all && is_made) pp_pool_finish(&default_pool);
  pp_owned_end(self);
  if (!free_all) return;
  if (is_made) {
    memset(&default_pool, 0, sizeof default_pool);
    (void)pp_pool_init(&default_pool, &alone);
  }
  pp_standing_forget();
  pp_critical_forget();
}

__attribute__((destructor)) static void end_library(void) {
  pp_task_groups_tell(pp_self_get());
  pp_outputs_end();
  if (pp_image_may_be_unloaded()) {
    end_with_image();
  } else {
    end_with_process();
  }
}

/* Of a pool that has no use for the text, and so does not read it. */
static int check_places(const char *text) {
  pp_places *places = NULL;
  int status = pp_places_make(&places, text, NULL);
  pp_places_free(places);
  return status;
}

/* All of it, or nothing. */
static int furnish(ppar_pool *pool, const pp_pool_config *config) {
  int held = pp_thread_hold_cancellation(), status = pp_pool_init(pool, config);
  if (status == PPAR_OK) status = pp_pool_start_workers(pool, pool->worker_capacity);
  if (status != PPAR_OK && pp_pool_is_usable(pool)) pp_pool_finish(pool);
  pp_thread_allow_cancellation(held);
  return status;
}

int ppar_pool_create(ppar_pool **out, const ppar_pool_options *options) {
  ppar_pool_options room;
  pp_pool_config config;
  ppar_pool *pool;
  int status;
  pp_call call = PP_CALL("ppar_pool_create");
  if (out == NULL) return pp_refuse(call, PP_NOTHING_DONE, "out", PP_REFUSED_NULL, 0);
  if (pp_pool_options_read(&options, &room, call) != PPAR_OK) return PPAR_EINVAL;
  pp_threads_look();
  config = configure(options);
  config.destroyable = true;
  status = options->places != NULL && !pp_pool_binds(&config) ? check_places(options->places) : PPAR_OK;
  if (status == PPAR_EINVAL) (void)pp_refuse(call, PP_NOTHING_DONE, "options->places", PP_REFUSED_PLACES, 0);
  if (status != PPAR_OK) return status;
  pool = pp_memory_zalloc(sizeof *pool);
  if (pool == NULL) return PPAR_ENOMEM;
  status = furnish(pool, &config);
  if (status != PPAR_OK) pp_memory_free(pool);
  if (status == PPAR_EINVAL) return pp_refuse(call, PP_NOTHING_DONE, "options->places", PP_REFUSED_PLACES, 0);
  if (status != PPAR_OK) return status;
  *out = pool;
  return PPAR_OK;
}

int ppar_pool_destroy(ppar_pool *pool) {
  int held;
  pp_call call = PP_CALL("ppar_pool_destroy");
  if (pool == NULL) return PPAR_OK;
  if (!pp_pool_is_usable(pool)) return pp_refuse(call, PP_NOTHING_DONE, "pool", PP_REFUSED_POOL, 0);
  if (!pool->destroyable) return pp_refuse(call, PP_NOTHING_DONE, "pool", PP_REFUSED_DEFAULT_POOL, 0);
  if (pp_pool_is_busy(pool)) return PPAR_EBUSY;
  held = pp_thread_hold_cancellation();
  pp_pool_finish(pool);
  pp_thread_allow_cancellation(held);
  pp_memory_free(pool);
  return PPAR_OK;
}

/* A default pool that nobody has used has nothing to give. */
int ppar_pool_trim(ppar_pool *pool) {
  if (pool == NULL) pool = &default_pool;
  if (pp_pool_is_usable(pool)) {
    pp_pool_trim(pool);
  } else if (pool != &default_pool) {
    return PPAR_EINVAL;
  }
  return PPAR_OK;
}

int ppar_max_threads(const ppar_pool *pool) {
  if (pool != NULL && pool->destroyable) return pp_pool_threads(pool);
  return pp_threads_told(pp_self_get()->place.depth);
}

int ppar_thread_num(void) { return pp_self_get()->place.thread_num; }

int ppar_num_threads(void) {
  int threads = pp_self_get()->place.num_threads;
  return threads != 0 ? threads : 1;
}
