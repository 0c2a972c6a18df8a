/* SPDX-License-Identifier: MIT */
/* topology.h: what the machine is made of: threads, cores, caches, NUMA domains and sockets, each as the CPUs in it.
 *
 * hwloc knows them. Asking it takes milliseconds, so nothing asks on the way to a program's first loop. PP_NO_HWLOC
 * builds without hwloc: then the CPUs are all that is known, as they are where hwloc cannot read the machine. Threads
 * and cores are one CPU each, and all CPUs are one cache, one NUMA domain and one socket. */
#ifndef PP_PLATFORM_TOPOLOGY_H
#define PP_PLATFORM_TOPOLOGY_H

#include "platform/cpuset.h"

/* Kinds of objects. */
typedef enum pp_topology_kind {
  PP_TOPOLOGY_MACHINE,      /* one object: all CPUs */
  PP_TOPOLOGY_SOCKETS,      /* where the machine tells none: the machine */
  PP_TOPOLOGY_NUMA_DOMAINS, /* the CPUs near one memory; where it tells none: the machine */
  PP_TOPOLOGY_LAST_CACHES,  /* the CPUs behind one last-level cache; where it tells none: the sockets */
  PP_TOPOLOGY_CORES,        /* where it tells none: the threads */
  PP_TOPOLOGY_THREADS       /* hardware threads: one CPU each */
} pp_topology_kind;

/* Appends all objects of the kind to the list, neighbours next to each other, whatever numbers the system gave their
 * CPUs. A NUMA domain that has memory alone has no CPUs; one with two kinds of memory comes twice.
 *
 * description: NULL for this machine, or one that hwloc shall make up ("numa:2 core:4 pu:2").
 * Returns 0; EINVAL for a description that hwloc does not take, or no hwloc; ENOMEM, and the list has some objects. */
int pp_topology_list(pp_topology_kind kind, const char *description, pp_cpuset_list *objects);

/* Held while a thread reads the topology; for handlers around fork. */
void pp_topology_lock(void);
void pp_topology_unlock(void);

#endif
