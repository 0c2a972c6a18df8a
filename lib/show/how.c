/* SPDX-License-Identifier: MIT */
/* how.c: a word for each flag. */
#include "show/how.h"

#include <stddef.h>

#include "show/output.h"
#include "trace/event.h"

static const struct {
  uint32_t flag;
  const char *text;
} words[] = {
    {PP_HOW_ALONE, "alone: too short"},
    {PP_HOW_ONE_PART, "one part"},
    {PP_HOW_LEVEL_LIMIT, "one thread: level limit"},
    {PP_HOW_FEWER, "fewer threads"},
    {PP_HOW_BLOCKS, "a block each"},
    {PP_HOW_BY_RANGE, "ranges with stealing"},
    {PP_HOW_BY_COUNTER, "one counter"},
    {PP_HOW_ADAPTIVE, "sized by time"},
    {PP_HOW_ORDERED, "ordered"},
    {PP_HOW_NOWAIT, "nowait"},
};

const char *pp_how_text(uint64_t how, char text[PP_HOW_SIZE]) {
  pp_output out = pp_output_to(-1, text, PP_HOW_SIZE);
  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
    if ((how & words[w].flag) == 0) continue;
    if (out.used != 0) pp_put(&out, ", ");
    pp_put(&out, words[w].text);
  }
  (void)pp_output_end(&out);
  return text;
}
