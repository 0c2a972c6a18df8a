/* SPDX-License-Identifier: MIT */
/* per_thread.c: one block of memory: a line that says what is in it, then the values, each on lines of its own and
 * aligned for any type of its size. */
#include <ppar/per_thread.h>

#include <string.h>

#include <ppar/pool.h>
#include <ppar/status.h>

#include "platform/boundary.h"
#include "platform/cache_line.h"
#include "platform/memory.h"
#include "settings/refusal.h"

struct ppar_per_thread {
  size_t size;   /* of a value */
  size_t stride; /* from one value to the next: size in whole lines */
  int threads;
  unsigned char *values; /* behind this, where values of the size may be */
};

/* From the block's start to the first value. */
static size_t values_offset(size_t size) {
  const size_t alignment = pp_alignment_of(size);
  return alignment > PP_CACHE_LINE ? alignment : PP_CACHE_LINE;
}
_Static_assert(sizeof(ppar_per_thread) <= PP_CACHE_LINE, "values_offset");

/* The bytes of the whole block; 0 where they are more than an object may have. */
static size_t block_size(size_t threads, size_t stride, size_t offset) {
  const size_t most = (size_t)PTRDIFF_MAX - offset;
  return stride <= most / threads ? offset + threads * stride : 0;
}

int ppar_per_thread_create(ppar_per_thread **out, int threads, size_t size, const void *initial) {
  pp_call call = PP_CALL("ppar_per_thread_create");
  if (out == NULL) return pp_refuse(call, PP_NOTHING_DONE, "out", PP_REFUSED_NULL, 0);
  if (size == 0) return pp_refuse(call, PP_NOTHING_DONE, "size", PP_REFUSED_ZERO, 0);
  if (threads < 0 || threads > PPAR_MAX_THREADS)
    return pp_refuse(call, PP_NOTHING_DONE, "threads", PP_REFUSED_THREADS, threads);
  if (size > (size_t)PTRDIFF_MAX) return PPAR_ENOMEM;
  if (threads == 0) threads = ppar_max_threads(NULL);
  const size_t stride = (size + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
  const size_t offset = values_offset(size), block = block_size((size_t)threads, stride, offset);
  ppar_per_thread *made = pp_memory_alloc_values(block, size);
  if (made == NULL) return PPAR_ENOMEM;
  if (initial == NULL) memset(made, 0, block);
  made->values = (unsigned char *)made + offset;
  made->size = size;
  made->stride = stride;
  made->threads = threads;
  for (int t = 0; initial != NULL && t < threads; t++) memcpy(ppar_per_thread_at(made, t), initial, size);
  *out = made;
  return PPAR_OK;
}

void *ppar_per_thread_at(ppar_per_thread *values, int thread) {
  if (thread < 0 || thread >= ppar_per_thread_count(values)) return NULL;
  return values->values + (size_t)thread * values->stride;
}

void *ppar_per_thread_mine(ppar_per_thread *values) { return ppar_per_thread_at(values, ppar_thread_num()); }

int ppar_per_thread_count(const ppar_per_thread *values) { return values != NULL ? values->threads : 0; }

int ppar_per_thread_combine(const ppar_per_thread *values, const ppar_reduction *reduction, void *result) {
  pp_call call = PP_CALL("ppar_per_thread_combine");
  if (values == NULL) return pp_refuse(call, PP_NOTHING_DONE, "values", PP_REFUSED_NULL, 0);
  if (!ppar_reduction_is_valid_(reduction)) return pp_refuse_reduction(call, PP_NOTHING_DONE, reduction);
  if (result == NULL) return pp_refuse(call, PP_NOTHING_DONE, "result", PP_REFUSED_NULL, 0);
  if (reduction->size != values->size)
    return pp_refuse(call, PP_NOTHING_DONE, "reduction->size", PP_REFUSED_OTHER_SIZE, (int64_t)reduction->size);
  for (size_t t = 0; t < (size_t)values->threads; t++) {
    reduction->combine(result, values->values + t * values->stride);
  }
  PP_BOUNDARY();
  return PPAR_OK;
}

void ppar_per_thread_free(ppar_per_thread *values) { pp_memory_free(values); }
