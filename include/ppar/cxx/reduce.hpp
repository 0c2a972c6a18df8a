/* SPDX-License-Identifier: MIT */
/* reduce.hpp: loops that fold their iterations into one value, of any type and with any associative operator.
 *
 * No operator needs an identity. A part of the loop begins with the value of its first iteration, and init is combined
 * once, on the left of everything, as the serial loop does. There are two ways to go about it:
 *
 *   - Sums, products, minima, maxima and bitwise operators of numbers, which may be combined in any order, are folded
 *     as ppar_parallel_reduce does it: each thread has a value, and the schedule decides which iterations go into it.
 *   - All other operators and types are folded in blocks. The iterations are cut into at most 256 of them, by their
 *     number alone. Each block is folded from left to right, then all are, from left to right, by the caller. So an
 *     operator need not be commutative (texts are joined in order), and the result is the same for every number of
 *     threads and every schedule, also where rounding makes the operator only nearly associative. */
#ifndef PPAR_CXX_REDUCE_HPP
#define PPAR_CXX_REDUCE_HPP

#include <optional>
#include <vector>

#include <ppar/cxx/loop.hpp>
#include <ppar/cxx/operators.hpp>

PPAR_CXX_BEGIN
namespace detail {

/* As many as 16 for each of 16 threads, so that the last ones even out. Each has a value until the end. */
constexpr std::uint64_t blocks_most = 256;

/* The value of an iteration as one of the result's type. A result that could not hold it is refused: init is most
 * often 0 where 0.0 was meant. */
template <typename value, typename given>
constexpr bool holds() {
  if constexpr (std::is_arithmetic_v<value> && std::is_arithmetic_v<given>) {
    if constexpr (std::is_floating_point_v<given>) {
      return std::is_floating_point_v<value> && sizeof(given) <= sizeof(value);
    } else {
      return std::is_floating_point_v<value> || sizeof(given) <= sizeof(value) || sizeof(given) <= sizeof(int);
    }
  } else {
    return std::is_convertible_v<given, value>;
  }
}

template <typename value, typename operation, typename callable, typename... arguments>
constexpr void check_reduce() {
  static_assert(takes_any<callable, arguments...>,
                "ppar::reduce calls f(i) or f(i, thread), and it calls a const f, since all threads share it: a lambda "
                "must not be mutable");
  if constexpr (takes_any<callable, arguments...>) {
    using given = decltype(call(std::declval<const callable &>(), 0, std::declval<arguments>()...));
    static_assert(holds<value, given>(),
                  "ppar::reduce: a value of f does not fit into the type of init, which the result has: write 0.0 for "
                  "a sum of doubles, and std::int64_t(0) for one of 64-bit integers");
  }
  static_assert(std::is_invocable_r_v<value, const operation &, value, value>,
                "ppar::reduce calls op(a, b) for two values of init's type, and expects one of that type; it calls a "
                "const op, since all threads share it");
  static_assert(std::is_move_constructible_v<value> && std::is_move_assignable_v<value>,
                "ppar::reduce moves values of init's type");
}

/* The call of op as it is in both ways. */
template <typename value, typename operation>
PPAR_ALWAYS_INLINE void fold_into(value &sum, value &&next, const operation &op) {
  sum = static_cast<value>(std::invoke(op, std::move(sum), std::move(next)));
}

/* --- As the C library does it ------------------------------------------------------------------------------------ */

/* The callable, and what makes a value of what it returns. */
template <typename value, typename index, typename callable>
constexpr bool folds_never_throw() {
  using given = decltype(call(std::declval<const callable &>(), 0, std::declval<index>()));
  return never_throws<callable, index>() && (!PPAR_CXX_EXCEPTIONS || std::is_nothrow_constructible_v<value, given>);
}

template <typename value, typename known, typename index, typename callable>
void run_fold(const ::ppar_chunk *chunk, void *accumulator, void *arg) {
  constexpr bool no_throw = folds_never_throw<value, index, callable>();
  auto *mine = static_cast<job<callable, no_throw> *>(arg);
  value sum = *static_cast<value *>(accumulator);
  with_callable(
      *mine->f, [&](const callable &f) __attribute__((always_inline)) {
        for_each_of_chunk<no_throw, index>(
            chunk, mine->failed, [&](index i) __attribute__((always_inline)) {
              sum = known::apply(sum, static_cast<value>(call(f, chunk->thread, static_cast<index>(i))));
            });
      });
  *static_cast<value *>(accumulator) = sum;
}

template <typename known, typename index, typename value, typename callable>
PPAR_PASS_ON_ value reduce_known(std::int64_t begin, std::int64_t end, value init, const callable &f,
                                 const ::ppar_options *how) {
  job<callable, folds_never_throw<value, index, callable>()> mine{std::addressof(f), {}};
  conclude_value(::ppar_parallel_reduce(begin, end, run_fold<value, known, index, callable>, &mine,
                                        &known_reduction<value, known>, &init, how),
                 mine.failed, "ppar::reduce");
  return init;
}

/* --- In blocks --------------------------------------------------------------------------------------------------- */

/* A loop's iterations, cut. */
struct block_cut {
  std::int64_t begin, step;
  std::uint64_t blocks;
  ::ppar_cut_64_ cut;
};

/* The options of the loop over blocks: a schedule's chunk counts whole ones. */
inline block_cut cut_into_blocks(std::int64_t begin, std::int64_t end, ::ppar_options &how) {
  const std::int64_t step = how.step != 0 ? how.step : 1;
  const std::uint64_t count = ::ppar_bounds_count({begin, end, step});
  const std::uint64_t blocks = count < blocks_most ? count : blocks_most;
  const block_cut made = {begin, step, blocks, ::ppar_static_cut_64_(count, blocks != 0 ? blocks : 1)};
  how.step = 0;
  if (how.schedule.chunk > 0 && made.cut.size > 0) {
    how.schedule.chunk =
        static_cast<std::int64_t>((static_cast<std::uint64_t>(how.schedule.chunk) - 1) / made.cut.size + 1);
  }
  return made;
}

/* Block b's value: its iterations from left to right. It has one at least. */
template <typename value, typename index, typename operation, typename callable>
value fold_block(const block_cut &cut, std::uint64_t b, int thread, const operation &op, const callable &f) {
  const ::ppar_block_64_ block = ::ppar_static_block_64_(cut.cut, b);
  std::int64_t at = static_cast<std::int64_t>(static_cast<std::uint64_t>(cut.begin) +
                                              block.first * static_cast<std::uint64_t>(cut.step));
  value sum = static_cast<value>(call(f, thread, static_cast<index>(at)));
  for (std::uint64_t left = block.count - 1; left != 0; left--) {
    at = ::ppar_index_add_(at, cut.step);
    fold_into(sum, static_cast<value>(call(f, thread, static_cast<index>(at))), op);
  }
  return sum;
}

template <typename index, typename value, typename operation, typename callable>
PPAR_PASS_ON_ value reduce_blocks(std::int64_t begin, std::int64_t end, value init, const operation &op,
                                  const callable &f, const ::ppar_options *given) {
  ::ppar_options how = ::ppar_options_init_();
  no_failure nothing;
  if (given != nullptr) conclude_value(::ppar_options_copy(&how, given), nothing, "ppar::reduce");
  const block_cut cut = cut_into_blocks(begin, end, how);
  std::vector<std::optional<value>> values(cut.blocks);
  const auto fold = [&](std::uint64_t b, int thread) {
    with_callable(f,
                  [&](const callable &same) { values[b].emplace(fold_block<value, index>(cut, b, thread, op, same)); });
  };
  using folder = decltype(fold);
  job<folder, never_throws<folder, std::uint64_t>()> mine{&fold, {}};
  conclude_value(
      ::ppar_parallel_for(0, static_cast<std::int64_t>(cut.blocks), run_indices<std::uint64_t, folder>, &mine, &how),
      mine.failed, "ppar::reduce");
  for (std::optional<value> &part : values) {
    fold_into(init, std::move(*part), op);
    part.reset();
  }
  return init;
}

template <typename index, typename value, typename operation, typename callable>
PPAR_PASS_ON_ value reduce_any(std::int64_t begin, std::int64_t end, value init, const operation &op, const callable &f,
                               const ::ppar_options *how) {
  using known = known_operation<value, operation>;
  if constexpr (!std::is_void_v<known>) {
    return reduce_known<known, index>(begin, end, init, f, how);
  } else {
    return reduce_blocks<index>(begin, end, std::move(init), op, f, how);
  }
}

}  // namespace detail

/* Folds f(i), or f(i, thread), for i = begin ... before end into one value. Equals
 *
 *     for (index i = begin; i < end; i++) init = op(init, value(f(i)));
 *     return init;
 *
 * where value is init's type, up to where the operator's brackets are: op must be associative. It need not be
 * commutative, nor have an identity (see the top of this file for both). std::plus<>, std::multiplies<>, ppar::minimum,
 * ppar::maximum and the bitwise and logical operators of the library are known for numbers; sums and products of
 * integers wrap, also signed ones, and a NaN is the minimum and the maximum of what it is among.
 *
 *     double dot = ppar::reduce(0, n, 0.0, std::plus<>(), [=](int i) { return x[i] * y[i]; });
 *
 * Exceptions of f, and of op and what it copies or moves, come out as for for_each_index. After one, as after an error,
 * nothing is left behind: all partial values have been destroyed. With -fno-exceptions errors end the program, since
 * there is nothing to return. OpenMP: #pragma omp parallel for reduction(...), declare reduction */
template <typename begin_type, typename end_type, typename value, typename operation, typename callable,
          typename = std::enable_if_t<std::is_integral_v<begin_type> && std::is_integral_v<end_type>>>
[[nodiscard]] PPAR_PASS_ON_ value reduce(begin_type begin, end_type end, value init, operation &&op, callable &&f,
                                         given_options how = {}) {
  using index = detail::index_type<begin_type, end_type>;
  using object = std::decay_t<callable>;
  detail::check_reduce<value, std::decay_t<operation>, object, index>();
  if (PPAR_SELDOM_(!detail::is_in_range<index>(begin) || !detail::is_in_range<index>(end))) {
    detail::refuse(
        "ppar::reduce: a bound is beyond INT64_MAX, or negative where the other one is unsigned; nothing was run");
    detail::give_up("ppar::reduce", PPAR_EINVAL);
  }
  const object &shared = f;
  const std::decay_t<operation> &shared_op = op;
  return detail::reduce_any<index>(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end), std::move(init),
                                   shared_op, shared, how.c());
}

/* The same for elements: f(*it), or f(*it, thread), for each iterator from first on before last. */
template <typename iterator, typename value, typename operation, typename callable,
          typename = std::enable_if_t<detail::is_iterator<iterator>>>
[[nodiscard]] PPAR_PASS_ON_ value reduce(iterator first, iterator last, value init, operation &&op, callable &&f,
                                         given_options how = {}) {
  using object = std::decay_t<callable>;
  using difference = typename std::iterator_traits<iterator>::difference_type;
  static_assert(detail::is_random_access<iterator>, "ppar::reduce takes random-access iterators");
  detail::check_reduce<value, std::decay_t<operation>, object, decltype(*first)>();
  const object &shared = f;
  const std::decay_t<operation> &shared_op = op;
  if (how.c() != nullptr && how.c()->step < 0) {
    detail::refuse("ppar::reduce: the step is negative, and nothing is before the first element; nothing was run");
    detail::give_up("ppar::reduce", PPAR_EINVAL);
  }
  return detail::reduce_any<difference>(0, static_cast<std::int64_t>(last - first), std::move(init), shared_op,
                                        detail::of_elements<iterator, object>{first, shared}, how.c());
}

/* The same for each element of a range. */
template <typename range_type, typename value, typename operation, typename callable,
          typename = std::enable_if_t<detail::is_range<range_type> && !std::is_convertible_v<callable, given_options>>>
[[nodiscard]] PPAR_PASS_ON_ value reduce(range_type &&range, value init, operation &&op, callable &&f,
                                         given_options how = {}) {
  return reduce(detail::lookup::first_of(range), detail::lookup::last_of(range), std::move(init),
                std::forward<operation>(op), std::forward<callable>(f), how);
}

/* The elements of a range themselves: ppar::reduce(x, 0.0, std::plus<>()). */
template <typename range_type, typename value, typename operation,
          typename = std::enable_if_t<detail::is_range<range_type>>>
[[nodiscard]] PPAR_PASS_ON_ value reduce(range_type &&range, value init, operation &&op, given_options how = {}) {
  return reduce(
      std::forward<range_type>(range), std::move(init), std::forward<operation>(op),
      [](const auto &element) { return element; }, how);
}

PPAR_CXX_END

#endif
