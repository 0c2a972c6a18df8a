/* SPDX-License-Identifier: MIT */
/* reading.c: asks the system who had the processors, and sends a cache line back and forth. */
#include "driver/reading.h"

#include "driver/neighbour.h"

/* This process, its children that have ended, and the peers that have not. */
bench_usage bench_reading_usage(const bench_results *results, const bench_peer *peers) {
  bench_usage usage = bench_usage_now();
  for (size_t p = 0; p < results->peer_count; p++) usage.own += bench_peer_used_s(&peers[p]);
  usage.own += bench_neighbours_used_s();
  return usage;
}

bench_usage bench_reading_begin(const bench_results *results, const bench_peer *peers, bench_reading *out) {
  out->roundtrip_ns = bench_machine_roundtrip();
  return bench_reading_usage(results, peers);
}

void bench_reading_end(const bench_results *results, const bench_peer *peers, const bench_usage *start,
                       bench_reading *out) {
  bench_usage end = bench_reading_usage(results, peers);
  double roundtrip_ns = bench_machine_roundtrip();
  out->seconds = end.wall - start->wall;
  out->others = bench_usage_others(start, &end);
  out->stolen = bench_usage_stolen(start, &end);
  if (out->roundtrip_ns == 0 || roundtrip_ns < out->roundtrip_ns) out->roundtrip_ns = roundtrip_ns;
}
