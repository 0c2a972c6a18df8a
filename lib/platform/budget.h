/* SPDX-License-Identifier: MIT */
/* budget.h: how many CPUs this process may use, which is how many threads are worth having. */
#ifndef PP_PLATFORM_BUDGET_H
#define PP_PLATFORM_BUDGET_H

/* min(CPUs in the process's affinity mask (standing.h), CPU quota of its cgroup and all the cgroup's ancestors,
 * rounded up), at least 1. cgroup v1, v2 and hybrid systems; whatever cannot be read counts as no quota. Reads
 * a few files, which takes 50 to 100 us: ask once, not per loop. Leaves errno as it was. */
int pp_cpu_budget(void);

/* Of what that is the least: the CPUs of the mask; the quota in thousandths of a CPU, rounded up, 0: there is none. */
int pp_cpu_affinity(void);
int pp_cpu_quota(void);

/* How many CPUs the machine may come to have, whoever may use them; at least 1. */
int pp_cpus_of_machine(void);

/* pp_cpu_budget with affinity_cpus in the mask, reading the files below root ("" for the real ones): for tests. */
int pp_cpu_budget_under(const char *root, int affinity_cpus);
int pp_cpu_quota_under(const char *root);

#endif
