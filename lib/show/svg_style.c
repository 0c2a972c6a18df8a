/* SPDX-License-Identifier: MIT */
/* svg_style.c: what classes look like.
 *
 * Kinds differ by hatch and by lightness, so that they can be told apart in grey. Threads have colours, too; but who is
 * who is told by the rows. */
#include "show/svg_style.h"

enum { THREAD_COLOURS = 4 };

static const struct {
  pp_svg_kind kind;
  int size;          /* Of a square that is repeated. */
  const char *lines; /* In it. */
  const char *width; /* Of the lines. */
  const char *class, *asleep;
} hatches[] = {
    {PP_SVG_END_WAIT, 13, "M0 0l13 13M-2 11l4 4M11 -2l4 4", "1.5", "he", "ze"},
    {PP_SVG_BARRIER_WAIT, 9, "M0 9l9 -9M-2 2l4 -4M7 11l4 -4", "2.2", "hb", "zb"},
    {PP_SVG_CRITICAL_WAIT, 9, "M0 0l9 9M0 9l9 -9", "1.3", "hc", "zc"},
    {PP_SVG_TURN_WAIT, 7, "M0 3.5h7", "1.6", "ho", "zo"},
    {PP_SVG_SLEEP, 9, "M4.5 3.4v2.2M3.4 4.5h2.2", "1.6", "zz", "zz"},
};
enum { HATCHES = sizeof hatches / sizeof hatches[0] };

static void put_hatch(pp_svg *svg, int k, const char *name, const char *colour) {
  pp_putf(svg->out, "<pattern id=\"%s\" width=\"%d\" height=\"%d\" patternUnits=\"userSpaceOnUse\">", name,
          hatches[k].size, hatches[k].size);
  pp_putf(svg->out, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/></pattern>\n", hatches[k].lines,
          colour, hatches[k].width);
  pp_putf(svg->out, "<style>.%s{fill:url(#%s)}</style>\n", name, name);
}

/* Who sleeps meanwhile has the same, but lighter. */
static void put_hatches(pp_svg *svg) {
  for (int k = 0; k < HATCHES; k++) {
    if (hatches[k].kind != PP_SVG_SLEEP) put_hatch(svg, k, hatches[k].class, "#333");
    put_hatch(svg, k, hatches[k].asleep, "#aaa");
  }
}

void pp_svg_style(pp_svg *svg) {
  pp_put(svg->out,
         "<style>\n"
         "text{font-family:\"DejaVu Sans\",Verdana,Helvetica,Arial,sans-serif;fill:#111}\n"
         ".s{font-size:18px}.w{font-size:21px}.t{font-size:26px;font-weight:bold}\n"
         ".bg{fill:#fff}.row{fill:#fff;stroke:#aaa;stroke-width:.8}.sh{fill:#f1dcd6}\n"
         ".g{stroke:#ddd}.a{stroke:#333;stroke-width:1.2}\n"
         ".t0{fill:#a3cdf0}.t1{fill:#f7be7f}.t2{fill:#afdca4}.t3{fill:#d2bdec}.in{fill:#ececec}\n"
         ".t0,.t1,.t2,.t3,.in{stroke:#22313f;stroke-width:1.2}\n"
         ".u0{fill:#7fb6e6}.u1{fill:#eda24f}.u2{fill:#8ccb7e}.u3{fill:#bb9be0}\n"
         ".f0{fill:#2f7dbd}.f1{fill:#c4761a}.f2{fill:#46913d}.f3{fill:#875ac0}\n"
         ".many{fill:url(#many)}\n"
         ".he,.hb,.hc,.ho{stroke:#666;stroke-width:.8}\n"
         ".held{fill:#222}.turn{fill:#fff;stroke:#222;stroke-width:1.4}\n"
         ".st{stroke:#a00000;stroke-width:2.6}.ah{fill:#a00000;stroke:#fff;stroke-width:.8}\n"
         ".halo{stroke:#fff;stroke-width:5}\n"
         ".cancel{stroke:#a00000;stroke-width:3;stroke-dasharray:7 5}\n"
         "</style>\n<defs>\n"
         "<pattern id=\"many\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M2.5 0v5\" stroke=\"#fff\" stroke-width=\"1.2\" stroke-opacity=\".65\"/></pattern>\n");
  put_hatches(svg);
  pp_put(svg->out, "</defs>\n");
}

const char *pp_svg_class(uint32_t row, pp_svg_use use) {
  static const char *const classes[][THREAD_COLOURS] = {
      {"t0", "t1", "t2", "t3"}, {"u0", "u1", "u2", "u3"}, {"f0", "f1", "f2", "f3"}};
  return classes[use][row % THREAD_COLOURS];
}

const char *pp_svg_hatch(pp_svg_kind kind, bool is_asleep) {
  for (int k = 0; k < HATCHES; k++) {
    if (hatches[k].kind == kind) return is_asleep ? hatches[k].asleep : hatches[k].class;
  }
  return NULL;
}
