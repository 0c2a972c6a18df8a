/* SPDX-License-Identifier: MIT */
/* peer.h: the programs that are compared. Each is a process of its own, started once and asked line by line
 * (peers/protocol.h), so that no runtime shares an address space, a thread or an environment with another. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "driver/results.h"
#include "peers/protocol.h"

enum { BENCH_PEER_VARIABLES_MAX = 3 };

/* OpenMP's loops on ppar. */
#define BENCH_PEER_GOMP "ppar-gomp"

/* What is known of a peer before it runs. */
typedef struct bench_peer_kind {
  const char *name;   /* for --peer */
  const char *family; /* a name for several, for --peer and for suites; default: none */
  const char *like;   /* a family whose rows it sits out, too, without being of it; default: none */
  const char *title;
  const char *over; /* of a column's title, what stands in the line above it; default: nothing */
  const char *column;
  const char *program;
  const char *about;
  const char *setting; /* how its threads wait, and where they run, for the output; default: it has no threads */
  const char *variables[BENCH_PEER_VARIABLES_MAX]; /* NAME=VALUE of its own, up to the first NULL */
  const char *library; /* a file of this project's that the program finds in place of the system's of this name;
                          default: none */
  int place;           /* in tables, rising from the left: by what a reader compares first */
  bool on_request;     /* measured only where --peer names it */
} bench_peer_kind;

/* In the order of a round. */
extern const bench_peer_kind bench_peer_kinds[];
extern const size_t bench_peer_kind_count;

typedef struct bench_peer {
  const bench_peer_kind *kind;
  bool wanted;                     /* by --peer, or since a suite that is measured names it */
  bool named;                      /* peers were chosen by an option: suites do not choose others */
  bool found;                      /* its program is there, and its library */
  char version[BENCH_VERSION_MAX]; /* what it said to hello; "" until then */
  char path[4096];
  char libraries[4096]; /* the folder of the kind's library; "": it has none */
  int threads;          /* T of its environment */
  int timeout_s;        /* for one answer */
  int failures;         /* crashes and hangs so far */
  bench_outcome last_failure;
  pid_t pid;    /* 0: not running */
  int to, from; /* pipes */
  bool stopped; /* between its turns */
} bench_peer;

/* Set by the handler of SIGINT and SIGTERM; whoever waits here returns at once. */
extern volatile sig_atomic_t bench_interrupted;

/* Looks for the kind's program: in $PPAR_BENCH_PEERS, beside this program, where peers are installed. */
void bench_peer_init(bench_peer *peer, const bench_peer_kind *kind, int threads, int timeout_s);

/* Runs the program of the peer's name in this folder instead. */
void bench_peer_take_from(bench_peer *peer, const char *directory);

/* Starts the process and says hello. False when it cannot be started or does not answer. */
bool bench_peer_start(bench_peer *peer);

/* Too many failures in a row: it is not started again. */
bool bench_peer_is_given_up(const bench_peer *peer);

/* Takes one sample, starting the peer again first where it has died. BENCH_UNTRIED: interrupted. */
bench_outcome bench_peer_sample(bench_peer *peer, const bench_request *request, bench_answer *out);

/* Lets the peer run the request, and does not wait for it: its sample_ns is 0. */
bench_outcome bench_peer_begin(bench_peer *peer, const bench_request *request);

/* Ends what bench_peer_begin began, and takes its answer. */
bench_outcome bench_peer_end(bench_peer *peer, bench_answer *out);

/* Stops the peer's process until it is asked again, and returns once it stands: runtimes let their threads spin for a
 * while after a loop (libgomp: some 20 ms, libomp: 200), and that must not fall into the next peer's sample. */
void bench_peer_rest(bench_peer *peer);

void bench_peer_stop(bench_peer *peer);

/* The processor time, in seconds, that its process has used so far; 0 where it does not run. */
double bench_peer_used_s(const bench_peer *peer);

/* True when `name` is the kind's name or its family's. */
bool bench_peer_is(const bench_peer_kind *kind, const char *name);

/* True of ppar as users have it, under both of its names. */
bool bench_peer_is_ppar(const bench_peer_kind *kind);

/* True of these, and of OpenMP's loops on ppar: no other runtime to be compared with. */
bool bench_peer_is_ours(const bench_peer_kind *kind);

/* True when the kind's name or its family's is in the list of names with commas between. */
bool bench_peer_is_in(const bench_peer_kind *kind, const char *list);

/* True when the peer has nothing to do with the row: it is not there, not wanted, or left out by the suite. */
bool bench_peer_sits_out(const bench_peer *peer, const bench_row *row);

/* The index of the first of the peers asked for that is there and is called so; `count` where there is none. */
size_t bench_peer_find(const bench_peer *peers, size_t count, const char *name);

/* The peer whose ratios a suite shows: the suite's subject, else ppar; where that was not asked for, the OpenMP peer on
 * ppar. `count`: there is none. */
size_t bench_peer_subject(const bench_peer *peers, size_t count, const bench_suite *suite);

/* The peer that the subject's ratio in this row is to: the one that the row names or, where that was not asked for, the
 * first by place that has the row measured; in a suite that is judged by the better of a family, that one. `count`:
 * there is none. */
size_t bench_peer_rival(const bench_peer *peers, const bench_results *results, const bench_row *row);

/* One line: the variables that peers run with. */
void bench_peer_environment_text(int threads, char *text, size_t size);

#endif
