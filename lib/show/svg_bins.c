/* SPDX-License-Identifier: MIT */
/* svg_bins.c: chunks, spread over the bins that they lie in. */
#include "show/svg_bins.h"

/* By how much bins may differ that are drawn as one. */
static const float ALIKE = 0.02F;

/* Bytes of the map, and of each part of it. */
enum { BIN_BYTES = 30, MAP_BYTES = 150000 };

/* A chunk of more iterations than so many for each bin, with others' between them, is spread evenly. */
enum { EVEN_FROM = 4 };

bool pp_svg_bins_make(pp_svg_panel *panel, double width) {
  const pp_construct *of = &panel->construct->what;
  bool is_loop = of->kind == PP_CONSTRUCT_LOOP || of->kind == PP_CONSTRUCT_REDUCE || of->kind == PP_CONSTRUCT_PRANGE;
  if (!is_loop || of->count == 0 || panel->rows.pieces == 0) return true;
  panel->bins = (double)of->count < width ? (uint32_t)of->count : (uint32_t)width;
  panel->bin_size = (double)of->count / panel->bins;
  for (uint32_t k = 0; k < panel->rows.count; k++) {
    panel->row[k].bin = pp_arena_array(panel->run->arena, panel->bins, sizeof *panel->row[k].bin);
    if (panel->row[k].bin == NULL) return false;
  }
  return true;
}

/* Iterations first ... past - 1, of which it ran this part. */
static void add_run(const pp_svg_panel *panel, float *bin, uint64_t first, uint64_t past, double part) {
  double left = (double)first / panel->bin_size, right = (double)past / panel->bin_size;
  for (uint32_t b = (uint32_t)left; b < panel->bins && (double)b < right; b++) {
    double from = left > b ? left : b, to = right < b + 1.0 ? right : b + 1.0;
    bin[b] += (float)((to - from) * part);
  }
}

void pp_svg_bins_add(const pp_svg_panel *panel, const pp_svg_row *row, const pp_event *chunk) {
  const pp_construct *of = &panel->construct->what;
  uint64_t stride = pp_svg_stride(of, chunk->flags), count = chunk->count;
  if (row->bin == NULL || chunk->first >= of->count) return;
  if (stride == 1 || count > EVEN_FROM * (uint64_t)panel->bins) {
    add_run(panel, row->bin, chunk->first, chunk->first + count * stride, 1 / (double)stride);
    return;
  }
  for (uint64_t k = 0; k < count; k++)
    add_run(panel, row->bin, chunk->first + k * stride, chunk->first + k * stride + 1, 1);
}

uint32_t pp_svg_bins_alike(const pp_svg_panel *panel, const pp_svg_row *row, uint32_t bin) {
  uint32_t past = bin + 1;
  for (; past < panel->bins; past++) {
    float change = row->bin[past] - row->bin[bin];
    if (change > ALIKE || change < -ALIKE || (row->bin[past] > 0) != (row->bin[bin] > 0)) break;
  }
  return past;
}

/* How many parts the map is drawn in. */
static uint64_t count_parts(const pp_svg_panel *panel) {
  uint64_t parts = 0;
  for (uint32_t k = 0; k < panel->rows.count; k++) {
    for (uint32_t from = 0; from < panel->bins; from = pp_svg_bins_alike(panel, &panel->row[k], from))
      parts += panel->row[k].bin[from] > 0;
  }
  return parts;
}

void pp_svg_bins_finish(pp_svg_panel *panel) {
  while ((panel->parts = count_parts(panel)) > MAP_BYTES / BIN_BYTES && panel->bins > 1) {
    uint32_t bins = (panel->bins + 1) / 2;
    for (uint32_t k = 0; k < panel->rows.count; k++) {
      float *bin = panel->row[k].bin;
      for (uint32_t b = 0; b < bins; b++) bin[b] = (bin[2 * b] + (2 * b + 1 < panel->bins ? bin[2 * b + 1] : 0)) / 2;
    }
    panel->bins = bins;
    panel->bin_size *= 2;
  }
}
