/* SPDX-License-Identifier: MIT */
/* report_json.h: the report (report.h) for programs: all that is known of each place, one JSON object. docs/report.md
 * names the fields. */
#ifndef PP_SHOW_REPORT_JSON_H
#define PP_SHOW_REPORT_JSON_H

#include "show/report.h"

void pp_report_write_json(const pp_run *run, pp_output *out);

/* The same with facts that are known. */
void pp_report_write_json_of(const pp_run *run, const pp_report_facts *facts, pp_output *out);

#endif
