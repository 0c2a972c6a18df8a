/* SPDX-License-Identifier: MIT */
/* html.h: the run as a page to look around in (web/): every row's rounds, and a what-if with this machine's costs. */
#ifndef BENCH_HTML_H
#define BENCH_HTML_H

#include <stdio.h>

#include "driver/report.h"

/* Opens the file before anything is measured, so that one that cannot be written is told of then. NULL after a line on
 * standard error. */
FILE *bench_html_open(const char *path);

/* Writes the page and closes the file; false after a line on standard error. */
bool bench_html_write(FILE *file, const char *path, const bench_report *report);

#endif
