/* SPDX-License-Identifier: MIT */
/* lineup.c: who of the peers takes part in a row, whom a suite is about, and whom that one is held against. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/peer.h"

bool bench_peer_is(const bench_peer_kind *kind, const char *name) {
  return strcmp(kind->name, name) == 0 || (kind->family != NULL && strcmp(kind->family, name) == 0);
}

bool bench_peer_is_ppar(const bench_peer_kind *kind) {
  return bench_peer_is(kind, "ppar") || bench_peer_is(kind, "ppar-again");
}

bool bench_peer_is_ours(const bench_peer_kind *kind) {
  return bench_peer_is_ppar(kind) || bench_peer_is(kind, BENCH_PEER_GOMP);
}

/* True when one of the list's names, with commas between, is the kind's or its family's, or the other name. */
static bool names(const char *list, const bench_peer_kind *kind, const char *other) {
  char name[BENCH_NAME_MAX];
  for (; list != NULL && *list != '\0'; list += strcspn(list, ","), list += *list == ',') {
    snprintf(name, sizeof name, "%.*s", (int)strcspn(list, ","), list);
    if (bench_peer_is(kind, name) || (other != NULL && strcmp(other, name) == 0)) return true;
  }
  return false;
}

bool bench_peer_is_in(const bench_peer_kind *kind, const char *list) { return names(list, kind, NULL); }

/* What a suite chooses holds where nobody chose peers by an option. */
bool bench_peer_sits_out(const bench_peer *peer, const bench_row *row) {
  const bench_peer_kind *kind = peer->kind;
  const char *chosen = row->suite->peers;
  if (!peer->wanted || !peer->found) return true;
  if (!peer->named && (chosen != NULL ? !bench_peer_is_in(kind, chosen) : kind->on_request)) return true;
  return names(row->definition->without, kind, kind->like) || names(row->quick_without, kind, kind->like);
}

size_t bench_peer_find(const bench_peer *peers, size_t count, const char *name) {
  size_t p = 0;
  while (p < count && !(peers[p].wanted && peers[p].found && bench_peer_is(peers[p].kind, name))) p++;
  return p;
}

size_t bench_peer_subject(const bench_peer *peers, size_t count, const bench_suite *suite) {
  size_t subject = bench_peer_find(peers, count, suite->subject != NULL ? suite->subject : "ppar");
  return subject < count ? subject : bench_peer_find(peers, count, BENCH_PEER_GOMP);
}

/* Of the peers of this name or family the one with the least median; `peer_count` where none has the row. */
static size_t better_of(const bench_peer *peers, const bench_results *results, const bench_row *row, const char *name) {
  size_t best = results->peer_count;
  double least = INFINITY;
  for (size_t p = 0; p < results->peer_count; p++) {
    double median = bench_cell_summary(results, &row->cells[p]).median;
    if (!bench_peer_is(peers[p].kind, name) || !(median < least)) continue;
    best = p;
    least = median;
  }
  return best;
}

size_t bench_peer_rival(const bench_peer *peers, const bench_results *results, const bench_row *row) {
  size_t count = results->peer_count, first = count, subject = bench_peer_subject(peers, count, row->suite);
  size_t named = row->suite->to_better ? better_of(peers, results, row, bench_row_against(row))
                                       : bench_peer_find(peers, count, bench_row_against(row));
  if (named < count) return named;
  for (size_t p = 0; p < count; p++)
    if (row->cells[p].outcome == BENCH_MEASURED && p != subject && !bench_peer_is(peers[p].kind, "ppar") &&
        (first == count || peers[p].kind->place < peers[first].kind->place))
      first = p;
  return first;
}
