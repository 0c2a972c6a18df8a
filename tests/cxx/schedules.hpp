/* SPDX-License-Identifier: MIT */
/* schedules.hpp: the options that tests go through: every schedule with several numbers of threads. */
#ifndef TESTS_CXX_SCHEDULES_HPP
#define TESTS_CXX_SCHEDULES_HPP

#include <cstdint>
#include <vector>

#include <ppar/ppar.hpp>

inline std::vector<ppar::options> all_options() {
  std::vector<ppar::options> all;
  const std::vector<ppar::schedule> schedules = {
      ppar::automatic(),
      ppar::monotonic(ppar::automatic()),
      ppar::static_(),
      ppar::static_(1),
      ppar::static_(7),
      ppar::dynamic(),
      ppar::dynamic(5),
      ppar::monotonic(ppar::dynamic(2)),
      ppar::nonmonotonic(ppar::dynamic(3)),
      ppar::guided(),
      ppar::guided(4),
      ppar::runtime(),
  };
  for (ppar::schedule how : schedules) {
    for (int threads : {1, 2, 3, 8}) all.push_back(ppar::options().schedule(how).threads(threads));
  }
  return all;
}

#endif
