/* SPDX-License-Identifier: MIT */
/* html.h: a run as one page to look around in: its loops over time, and what other schedules would have made of them.
 *
 * The page itself is made of web/ and is in the library as bytes (page.h); what was recorded is put into it as JSON. */
#ifndef PP_SHOW_HTML_H
#define PP_SHOW_HTML_H

#include "show/output.h"
#include "show/run.h"

/* Writes the page: of each of the PP_HTML_LOOPS places that took most time its middle call, and a table of all
 * places. */
void pp_html_write(const pp_run *run, pp_output *out);

#endif
