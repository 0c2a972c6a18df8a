/* SPDX-License-Identifier: MIT */
/* combine.c: room for partial values, and combining them. */
#include "loop/combine.h"

#include "platform/boundary.h"
#include "platform/memory.h"
#include "schedule/tuning.h"

bool pp_partials_prepare(pp_record *record, pp_loop *loop) {
  size_t size = loop->reduction->size, needed;
  if (size > SIZE_MAX - PP_CACHE_LINE) return false;
  loop->stride = (size + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
  if (__builtin_mul_overflow(loop->stride, (size_t)loop->division.parts, &needed)) return false;
  if (needed > record->partials_size || !pp_is_aligned_for(record->partials_block, size)) {
    pp_memory_free(record->partials_block);
    record->partials_block = pp_memory_alloc_values(needed, size);
    record->partials_size = record->partials_block != NULL ? needed : 0;
  }
  loop->partials = record->partials_block;
  return loop->partials != NULL;
}

void pp_partials_combine(pp_record *record, void *result) {
  const pp_loop *loop = &record->loop;
  for (uint32_t slot = 0; slot < loop->division.parts; slot++) {
    uint64_t word = pp_load_relaxed(&record->share.groups[slot / PP_GROUP_SLOTS].word);
    bool worked = (pp_group_field(word, PP_WORKED_SHIFT) >> slot % PP_GROUP_SLOTS & 1u) != 0;
    if (worked || loop->division.sharing == PP_BY_SLOT)
      loop->reduction->combine(result, loop->partials + slot * loop->stride);
  }
  PP_BOUNDARY();
}

void pp_partials_trim(pp_record *record) {
  if (record->partials_size <= PP_KEPT_PARTIALS) return;
  pp_memory_free(record->partials_block);
  record->partials_block = NULL;
  record->partials_size = 0;
}
