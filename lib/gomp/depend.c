/* SPDX-License-Identifier: MIT */
/* depend.c: the addresses that children depend on, in a table of the parent's, and the sets of tasks of each. */
#include "gomp/depend.h"

#include <stdlib.h>
#include <string.h>

#include "gomp/message.h"
#include "gomp/tasks_await.h"
#include "platform/hash.h"
#include "platform/memory.h"
#include "platform/race_checker.h"

/* As gcc numbers them. */
typedef enum kind { KIND_IN = 1, KIND_OUT = 2, KIND_INOUT = 3, KIND_MUTEXINOUTSET = 4, KIND_INOUTSET = 5 } kind;

typedef pp_omp_depend place;

typedef struct address {
  const void *at;
  kind kind; /* of the present set */
  place *present, *before;
  struct address *next;
} address;

struct pp_omp_depends {
  size_t buckets, count; /* a power of two; addresses */
  address **bucket;
  place *all_memory; /* the latest task that has to do with any address; it is in this set of its own */
};

/* --- The clause --------------------------------------------------------------------------------------------- */

/* How many, and which: an array of addresses, with how many of each kind there are before them. */
static size_t clause_count(void **depend) { return (size_t)(uintptr_t)(depend[0] != NULL ? depend[0] : depend[1]); }

static kind clause_item(void **depend, size_t n, const void **at) {
  size_t outs, mutexes, ins;
  if (depend[0] != NULL) { /* [count, outs, addresses] */
    *at = depend[2 + n];
    return n < (uintptr_t)depend[1] ? KIND_INOUT : KIND_IN;
  }
  outs = (uintptr_t)depend[2]; /* [NULL, count, outs, mutexinoutsets, ins, addresses, and then depend objects] */
  mutexes = (uintptr_t)depend[3];
  ins = (uintptr_t)depend[4];
  *at = depend[5 + n];
  if (n < outs) return KIND_INOUT;
  if (n < outs + mutexes) return KIND_MUTEXINOUTSET;
  if (n < outs + mutexes + ins) return KIND_IN;
  {
    void **object = depend[5 + n];
    *at = object[0];
    return (kind)(uintptr_t)object[1];
  }
}

static bool is_shared_kind(kind k) { return k == KIND_IN || k == KIND_INOUTSET; }

/* --- The table ---------------------------------------------------------------------------------------------- */

static size_t bucket_of(const struct pp_omp_depends *table, const void *at) {
  return (size_t)(pp_hash_address(at) >> 32) & (table->buckets - 1);
}

enum { BUCKETS = 16 };

static void *take_memory(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) pp_omp_no_memory("the depend clauses of tasks");
  return memory;
}

static struct pp_omp_depends *table_of(pp_omp_data *parent) {
  if (parent->depends == NULL) {
    struct pp_omp_depends *table = take_memory(1, sizeof *table);
    table->buckets = BUCKETS;
    table->bucket = take_memory(table->buckets, sizeof *table->bucket);
    parent->depends = table;
  }
  return parent->depends;
}

/* Addresses that no task is left of go; the table grows where the others fill it. */
static void make_room(struct pp_omp_depends *table) {
  address *kept = NULL;
  size_t count = 0;
  for (size_t b = 0; b < table->buckets; b++) {
    for (address *a = table->bucket[b]; a != NULL;) {
      address *next = a->next;
      if (a->present == NULL && a->before == NULL) {
        free(a);
      } else {
        a->next = kept;
        kept = a;
        count++;
      }
      a = next;
    }
  }
  if (2 * count > table->buckets) {
    free(table->bucket);
    table->buckets *= 2;
    table->bucket = take_memory(table->buckets, sizeof *table->bucket);
  } else {
    memset(table->bucket, 0, table->buckets * sizeof *table->bucket);
  }
  table->count = count;
  while (kept != NULL) {
    address *next = kept->next, **bucket = &table->bucket[bucket_of(table, kept->at)];
    kept->next = *bucket;
    *bucket = kept;
    kept = next;
  }
}

static address *find(struct pp_omp_depends *table, const void *at) {
  address *a = table->bucket[bucket_of(table, at)];
  while (a != NULL && a->at != at) a = a->next;
  return a;
}

static address *find_or_make(struct pp_omp_depends *table, const void *at) {
  address *a = find(table, at), **bucket;
  if (a != NULL) return a;
  if (table->count >= table->buckets) make_room(table);
  a = take_memory(1, sizeof *a);
  a->at = at;
  bucket = &table->bucket[bucket_of(table, at)];
  a->next = *bucket;
  *bucket = a;
  table->count++;
  return a;
}

void pp_omp_depend_forget(pp_omp_data *parent) {
  struct pp_omp_depends *table = parent->depends;
  if (table == NULL) return;
  for (size_t b = 0; b < table->buckets; b++) {
    for (address *a = table->bucket[b]; a != NULL;) {
      address *next = a->next;
      for (place *p = a->present; p != NULL; p = p->next) p->link = NULL;
      for (place *p = a->before; p != NULL; p = p->next) p->link = NULL;
      free(a);
      a = next;
    }
  }
  if (table->all_memory != NULL) table->all_memory->link = NULL;
  free(table->bucket);
  free(table);
  parent->depends = NULL;
}

/* --- Sets --------------------------------------------------------------------------------------------------- */

static void join(place **set, place *p) {
  p->link = set;
  p->next = *set;
  if (p->next != NULL) p->next->link = &p->next;
  *set = p;
}

static void leave(place *p) {
  if (p->link == NULL) return;
  *p->link = p->next;
  if (p->next != NULL) p->next->link = p->link;
  p->link = NULL;
}

static void drop(place **set) {
  while (*set != NULL) leave(*set);
}

static void move(place **to, place **from) {
  drop(to);
  *to = *from;
  *from = NULL;
  if (*to != NULL) (*to)->link = to;
}

/* Room for more of those that wait for it. */
static void make_successors(pp_omp_task *task) {
  bool is_first = task->successors == NULL;
  uint32_t room = is_first ? PP_OMP_FEW_DEPENDS : 2 * task->successor_room;
  pp_omp_task **successors = is_first ? task->few_successors : malloc(room * sizeof *successors);
  if (successors == NULL) pp_omp_no_memory("the depend clauses of tasks");
  if (!is_first) memcpy(successors, task->successors, task->successor_count * sizeof *successors);
  if (!is_first && task->successors != task->few_successors) free(task->successors);
  task->successors = successors;
  task->successor_room = room;
}

/* A task that has ended is in no set. */
static void wait_for(pp_omp_task *task, pp_omp_task *other) {
  if (other == task) return;
  if (other->successor_count == other->successor_room) make_successors(other);
  other->successors[other->successor_count++] = task;
  (void)pp_add_relaxed(&task->pending, 1);
}

static void wait_for_all(pp_omp_task *task, const place *set) {
  for (; set != NULL; set = set->next) wait_for(task, set->task);
}

static void wait_for_everything(pp_omp_task *task, struct pp_omp_depends *table) {
  for (size_t b = 0; b < table->buckets; b++) {
    for (address *a = table->bucket[b]; a != NULL; a = a->next) {
      wait_for_all(task, a->present);
      wait_for_all(task, a->before);
    }
  }
}

/* What a task with this item has to wait for. joins: its place in the set; NULL: it joins none. */
static void wait_for_item(struct pp_omp_depends *table, pp_omp_task *task, kind k, const void *at, place *joins) {
  address *a;
  wait_for_all(task, table->all_memory);
  if (at == NULL) {
    wait_for_everything(task, table);
    if (joins == NULL) return;
    drop(&table->all_memory);
    join(&table->all_memory, joins);
    return;
  }
  a = joins != NULL ? find_or_make(table, at) : find(table, at);
  if (a == NULL) return;
  if (joins == NULL) {
    wait_for_all(task, is_shared_kind(k) && a->kind == k ? a->before : a->present);
    return;
  }
  if (!is_shared_kind(k) || a->kind != k) {
    move(&a->before, &a->present);
    a->kind = k;
  }
  wait_for_all(task, a->before);
  join(&a->present, joins);
}

void pp_omp_depend_add(pp_omp_data *parent, pp_omp_task *task, void **depend) {
  struct pp_omp_depends *table = table_of(parent);
  size_t count = clause_count(depend);
  task->depend = count <= PP_OMP_FEW_DEPENDS ? task->few_depends : take_memory(count, sizeof *task->depend);
  task->depend_count = (uint32_t)count;
  for (size_t n = 0; n < count; n++) {
    const void *at;
    kind k = clause_item(depend, n, &at);
    task->depend[n].task = task;
    wait_for_item(table, task, k, at, &task->depend[n]);
  }
}

/* Those without a function are no tasks: somebody waits for their counter. */
bool pp_omp_depend_release(pp_omp_task *task, pp_lane *lane) {
  bool tells = false;
  for (uint32_t d = 0; d < task->depend_count; d++) leave(&task->depend[d]);
  if (task->depend != task->few_depends) free(task->depend);
  task->depend = NULL;
  for (uint32_t s = 0; s < task->successor_count; s++) {
    pp_omp_task *successor = task->successors[s];
    pp_edge_release(successor->function != NULL ? (const void *)successor : &successor->pending);
    if (pp_add_seq_cst(&successor->pending, UINT32_MAX) == 1)
      tells |= successor->function == NULL || pp_omp_tasks_push(lane, successor);
  }
  if (task->successors != task->few_successors) free(task->successors);
  task->successors = NULL;
  task->successor_count = task->successor_room = 0;
  return tells;
}

void pp_omp_depend_await(pp_omp_data *here, void **depend) {
  pp_omp_tasks *tasks = pp_omp_tasks_of(here);
  pp_omp_task *waiter;
  if (here->depends == NULL) return;
  waiter = pp_memory_zalloc(sizeof *waiter);
  if (waiter == NULL) pp_omp_no_memory("the depend clauses of tasks");
  pp_lock(&tasks->lock);
  for (size_t n = 0; n < clause_count(depend); n++) {
    const void *at;
    kind k = clause_item(depend, n, &at);
    wait_for_item(here->depends, waiter, k, at, NULL);
  }
  pp_unlock(&tasks->lock);
  pp_omp_tasks_await_counter(here, &waiter->pending);
  pp_lock(&tasks->lock); /* Whoever counted it down is through. */
  pp_unlock(&tasks->lock);
  pp_memory_free(waiter);
}
