/* SPDX-License-Identifier: MIT */
/* json.h: the whole run as one object, for files and for the page. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <jansson.h>

#include "driver/report.h"

/* NULL: no memory. */
json_t *bench_report_object(const bench_report *report);

#endif
