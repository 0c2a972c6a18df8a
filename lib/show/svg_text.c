/* SPDX-License-Identifier: MIT */
/* svg_text.c: sentences for whoever points at something. */
#include "show/svg_text.h"

void pp_svg_put_thread(pp_output *out, const pp_svg_panel *panel, const pp_svg_row *row) {
  pp_putf(out, "thread %u (", row->told->number);
  pp_put_xml(out, panel->run->threads[row->told->thread].name);
  pp_put_char(out, ')');
}

void pp_svg_put_range(pp_output *out, const pp_construct *of, const pp_svg_item *item) {
  uint64_t stride = pp_svg_stride(of, item->flags);
  pp_put_signed(out, pp_svg_index(of, item->first));
  if (item->last == item->first) return;
  if (stride != 1 && item->pieces == 1) {
    pp_put_char(out, ',');
    pp_put_signed(out, pp_svg_index(of, item->first + stride));
    if (item->count == 2) return;
  }
  pp_put(out, "..");
  pp_put_signed(out, pp_svg_index(of, item->last));
}

static void put_pieces(pp_output *out, const pp_svg_item *item, const char *one, const char *many) {
  if (item->pieces == 1) {
    pp_put(out, one);
  } else {
    pp_putf(out, "%llu %s", (unsigned long long)item->pieces, many);
  }
}

static void put_what(pp_output *out, const pp_svg_panel *panel, const pp_svg_item *item) {
  const pp_run_construct *of = pp_run_find(panel->run, item->construct);
  switch ((pp_svg_kind)item->kind) {
    case PP_SVG_CHUNK:
      if (item->pieces == 1) {
        pp_put(out, item->count == 1 ? "index " : "indices ");
      } else {
        pp_putf(out, "%llu chunks of indices within ", (unsigned long long)item->pieces);
      }
      pp_svg_put_range(out, &panel->construct->what, item);
      break;
    case PP_SVG_TASK:
      put_pieces(out, item, (item->flags & PP_EVENT_STOLEN) != 0 ? "a stolen task" : "a task", "tasks");
      if (item->count != 0) pp_putf(out, ", %llu iterations", (unsigned long long)item->count);
      break;
    case PP_SVG_PART: pp_put(out, "in the region"); break;
    case PP_SVG_INNER:
      put_pieces(out, item, "other work", "pieces of other work");
      if (of != NULL && item->pieces == 1) {
        pp_putf(out, ", for the %s ", pp_run_kind_text((pp_construct_kind)of->what.kind));
        pp_put_xml(out, of->site->title);
        if (item->count == 0) break;
        pp_put(out, ": ");
        pp_svg_put_range(out, &of->what, item);
      }
      break;
    case PP_SVG_END_WAIT: pp_put(out, "waits for others to end"); break;
    case PP_SVG_BARRIER_WAIT: put_pieces(out, item, "waits at a barrier", "waits at barriers"); break;
    case PP_SVG_CRITICAL_WAIT:
      put_pieces(out, item, "waits for a critical section", "waits for critical sections");
      break;
    case PP_SVG_TURN_WAIT: put_pieces(out, item, "waits for its turn", "waits for its turns"); break;
    case PP_SVG_SLEEP: put_pieces(out, item, "sleeps", "sleeps"); break;
    case PP_SVG_CRITICAL: put_pieces(out, item, "in a critical section", "critical sections"); break;
    case PP_SVG_TURN: put_pieces(out, item, "has its turn", "turns"); break;
    default: break;
  }
}

void pp_svg_put_item(pp_output *out, const pp_svg_panel *panel, const pp_svg_row *row, const pp_svg_item *item) {
  pp_svg_put_thread(out, panel, row);
  pp_put(out, ": ");
  put_what(out, panel, item);
  pp_put(out, ", ");
  pp_put_time(out, (double)item->spent);
  if (item->pieces > 1) {
    pp_put(out, " in ");
    pp_put_time(out, (double)(item->end - item->begin));
  }
  pp_put(out, ", from ");
  pp_put_time(out, (double)item->begin);
  pp_put(out, " on");
  if ((item->flags & PP_EVENT_OPEN) != 0) pp_put(out, "; it has not ended");
}
