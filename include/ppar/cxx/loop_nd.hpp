/* SPDX-License-Identifier: MIT */
/* loop_nd.hpp: parallel loops of two and three dimensions, collapsed or in tiles. */
#ifndef PPAR_CXX_LOOP_ND_HPP
#define PPAR_CXX_LOOP_ND_HPP

#include <ppar/cxx/chunk.hpp>

PPAR_CXX_BEGIN

/* One dimension's indices: begin, begin + step, ... before end. */
class bounds {
 public:
  constexpr bounds(std::int64_t begin, std::int64_t end, std::int64_t step = 1) noexcept : c_{begin, end, step} {}
  constexpr bounds(::ppar_bounds c) noexcept : c_(c) {}
  constexpr const ::ppar_bounds &c() const noexcept { return c_; }

 private:
  ::ppar_bounds c_;
};

namespace detail {

/* The innermost row. */
template <typename action>
PPAR_ALWAYS_INLINE void for_each_innermost(const ::ppar_bounds &along, const action &one) {
  if (along.step == 1) {
    for (std::int64_t i = along.begin, end = along.end; i < end; i++) one(i);
  } else {
    std::int64_t i = along.begin;
    for (std::uint64_t left = ::ppar_bounds_count(along); left != 0; left--, i = ::ppar_index_add_(i, along.step))
      one(i);
  }
}

template <int rank, typename callable>
PPAR_ALWAYS_INLINE void for_each_of_tile(const ::ppar_tile *tile, const callable &f) {
  const int thread = tile->thread;
  const ::ppar_bounds inner = tile->dim[rank - 1];
  std::int64_t i = tile->dim[0].begin;
  do {
    if constexpr (rank == 2) {
      for_each_innermost(
          inner, [&](std::int64_t j) __attribute__((always_inline)) {
            static_cast<void>(call(f, thread, std::int64_t(i), std::int64_t(j)));
          });
    } else {
      std::int64_t j = tile->dim[1].begin;
      do {
        for_each_innermost(
            inner, [&](std::int64_t k) __attribute__((always_inline)) {
              static_cast<void>(call(f, thread, std::int64_t(i), std::int64_t(j), std::int64_t(k)));
            });
      } while (::ppar_bounds_next_(tile->dim[1], &j));
    }
  } while (::ppar_bounds_next_(tile->dim[0], &i));
}

/* A chunk's boxes come in serial order, and the first one that fails ends the chunk: its number tells all. */
template <int rank, bool no_throw, typename callable>
void run_tile(const ::ppar_tile *tile, void *arg) {
  auto *mine = static_cast<job<callable, no_throw> *>(arg);
  const auto all = [tile](const callable &f) __attribute__((always_inline)) { for_each_of_tile<rank>(tile, f); };
  if constexpr (no_throw) {
    with_callable(*mine->f, all);
  } else {
    PPAR_CXX_TRY { with_callable(*mine->f, all); }
    PPAR_CXX_CATCH({ keep(mine->failed, tile->chunk, tile->chunk->begin); })
  }
}

}  // namespace detail

/* Calls f(i, j), or f(i, j, thread), for all pairs of indices of type std::int64_t; j runs fastest. Equals
 *
 *     for (i of the first bounds) for (j of the second) f(i, j);
 *
 *     ppar::for_each_index_2d({0, rows}, {0, columns}, [=](auto i, auto j) { y[j * rows + i] = x[i * columns + j]; },
 *                             ppar::options().tile(32, 32));
 *
 * With a tile among the options the serial order is that of the tiles. Options, exceptions and errors are as for
 * for_each_index and ppar_parallel_for_2d. OpenMP: #pragma omp parallel for collapse(2), tile sizes(...) */
template <typename callable>
PPAR_PASS_ON_ outcome for_each_index_2d(bounds i, bounds j, callable &&f, given_options how = {}) {
  using object = std::decay_t<callable>;
  static_assert(
      detail::takes_any<object, std::int64_t, std::int64_t>,
      "ppar::for_each_index_2d calls f(i, j) or f(i, j, thread), with std::int64_t indices and an int, and it "
      "calls a const f, since all threads share it: a lambda must not be mutable");
  constexpr bool no_throw = detail::never_throws<object, std::int64_t, std::int64_t>();
  const object &shared = f;
  detail::job<object, no_throw> mine{std::addressof(shared), {}};
  return detail::conclude(::ppar_parallel_for_2d(i.c(), j.c(), detail::run_tile<2, no_throw, object>, &mine, how.c()),
                          mine.failed, "ppar::for_each_index_2d");
}

/* The same for three dimensions: f(i, j, k), or f(i, j, k, thread); k runs fastest. */
template <typename callable>
PPAR_PASS_ON_ outcome for_each_index_3d(bounds i, bounds j, bounds k, callable &&f, given_options how = {}) {
  using object = std::decay_t<callable>;
  static_assert(detail::takes_any<object, std::int64_t, std::int64_t, std::int64_t>,
                "ppar::for_each_index_3d calls f(i, j, k) or f(i, j, k, thread), with std::int64_t indices and an int, "
                "and it calls a const f, since all threads share it: a lambda must not be mutable");
  constexpr bool no_throw = detail::never_throws<object, std::int64_t, std::int64_t, std::int64_t>();
  const object &shared = f;
  detail::job<object, no_throw> mine{std::addressof(shared), {}};
  return detail::conclude(
      ::ppar_parallel_for_3d(i.c(), j.c(), k.c(), detail::run_tile<3, no_throw, object>, &mine, how.c()), mine.failed,
      "ppar::for_each_index_3d");
}

PPAR_CXX_END

#endif
