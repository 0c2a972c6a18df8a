/* SPDX-License-Identifier: MIT */
/* svg_style.c: what classes look like.
 *
 * Kinds differ by hatch and by lightness, so that they can be told apart in grey. Threads have colours, too; but who is
 * who is told by the rows. */
#include "show/svg_style.h"

enum { THREAD_COLOURS = 4 };

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
         ".many{fill:url(#many)}.he{fill:url(#he)}.hb{fill:url(#hb)}.hc{fill:url(#hc)}.ho{fill:url(#ho)}.zz{fill:url(#"
         "zz)}\n"
         ".he,.hb,.hc,.ho,.zz{stroke:#666;stroke-width:.8}\n"
         ".held{fill:#222}.turn{fill:#fff;stroke:#222;stroke-width:1.4}\n"
         ".st{stroke:#a00000;stroke-width:2.6}.ah{fill:#a00000;stroke:#fff;stroke-width:.8}.halo{stroke:#fff;stroke-"
         "width:5}\n"
         ".cancel{stroke:#a00000;stroke-width:3;stroke-dasharray:7 5}\n"
         "</style>\n<defs>\n"
         "<pattern id=\"many\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M2.5 0v5\" stroke=\"#fff\" stroke-width=\"1.2\" stroke-opacity=\".65\"/></pattern>\n"
         "<pattern id=\"he\" width=\"13\" height=\"13\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M0 0l13 13M-2 11l4 4M11 -2l4 4\" stroke=\"#555\" stroke-width=\"1.5\"/></pattern>\n"
         "<pattern id=\"hb\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M0 9l9 -9M-2 2l4 -4M7 11l4 -4\" stroke=\"#333\" stroke-width=\"2.2\"/></pattern>\n"
         "<pattern id=\"hc\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M0 0l9 9M0 9l9 -9\" stroke=\"#333\" stroke-width=\"1.3\"/></pattern>\n"
         "<pattern id=\"ho\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">"
         "<path d=\"M0 3.5h7\" stroke=\"#333\" stroke-width=\"1.6\"/></pattern>\n"
         "<pattern id=\"zz\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\">"
         "<rect width=\"9\" height=\"9\" fill=\"#fff\"/><circle cx=\"4.5\" cy=\"4.5\" r=\"1.1\" "
         "fill=\"#777\"/></pattern>\n"
         "</defs>\n");
}

const char *pp_svg_class(uint32_t row, pp_svg_use use) {
  static const char *const classes[][THREAD_COLOURS] = {
      {"t0", "t1", "t2", "t3"}, {"u0", "u1", "u2", "u3"}, {"f0", "f1", "f2", "f3"}};
  return classes[use][row % THREAD_COLOURS];
}

const char *pp_svg_hatch(pp_svg_kind kind) {
  switch (kind) {
    case PP_SVG_END_WAIT: return "he";
    case PP_SVG_BARRIER_WAIT: return "hb";
    case PP_SVG_CRITICAL_WAIT: return "hc";
    case PP_SVG_TURN_WAIT: return "ho";
    case PP_SVG_SLEEP: return "zz";
    default: return NULL;
  }
}
