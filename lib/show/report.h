/* SPDX-License-Identifier: MIT */
/* report.h: how well each place of the program shares its work, in words and numbers (PPAR_REPORT). docs/report.md
 * explains it. */
#ifndef PP_SHOW_REPORT_H
#define PP_SHOW_REPORT_H

#include "show/output.h"
#include "show/run.h"

/* What is known of the process's CPUs. */
typedef struct pp_report_facts {
  int cpus;     /* That it may use; 0: nothing is known, since a signal ended it. */
  int affinity; /* In its affinity mask. */
  int machine;  /* That the machine has. */
  double quota; /* Of CPU time, in CPUs; 0: there is none. */
} pp_report_facts;

/* Reads them, unless the run was ended by a signal. */
pp_report_facts pp_report_look(const pp_run *run);

/* For people, in lines of so many columns; at least 80. */
void pp_report_write(const pp_run *run, pp_output *out, int columns);

/* The same with facts that are known. */
void pp_report_write_of(const pp_run *run, const pp_report_facts *facts, pp_output *out, int columns);

#endif
