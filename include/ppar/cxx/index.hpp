/* SPDX-License-Identifier: MIT */
/* index.hpp: the types that count a loop: integers as indices, and iterators. It serves the headers. */
#ifndef PPAR_CXX_INDEX_HPP
#define PPAR_CXX_INDEX_HPP

#include <iterator>
#include <limits>
#include <type_traits>

#include <ppar/cxx/error.hpp>

PPAR_CXX_BEGIN
namespace detail {

template <typename type>
constexpr bool is_index =
    std::is_integral_v<type> && !std::is_same_v<std::remove_cv_t<type>, bool> && sizeof(type) <= sizeof(std::int64_t);

/* What f is called with: the type of both bounds, or the one that holds both, as in begin + end. */
template <typename begin_type, typename end_type>
struct index_of {
  static_assert(is_index<begin_type> && is_index<end_type>,
                "begin and end of an index loop must be integers of at most 64 bits, and not bool; iterators go to "
                "ppar::for_each");
  using type = std::conditional_t<std::is_same_v<begin_type, end_type>, begin_type,
                                  std::common_type_t<std::conditional_t<is_index<begin_type>, begin_type, int>,
                                                     std::conditional_t<is_index<end_type>, end_type, int>>>;
};
template <typename begin_type, typename end_type>
using index_type = typename index_of<begin_type, end_type>::type;

/* The loops of the library count in 64 bits with a sign. A bound of an unsigned type may be beyond that, and one of a
 * signed type may be negative where the other one's is not: which comparison is meant is then open. */
template <typename index, typename bound>
constexpr bool is_in_range(bound value) noexcept {
  if constexpr (std::is_unsigned_v<bound>) {
    return static_cast<std::uint64_t>(value) <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  } else if constexpr (std::is_unsigned_v<index>) {
    return value >= 0;
  } else {
    return true;
  }
}

template <typename iterator, typename = void>
struct category_of {
  using type = void;
};
template <typename iterator>
struct category_of<iterator, std::void_t<typename std::iterator_traits<iterator>::iterator_category>> {
  using type = typename std::iterator_traits<iterator>::iterator_category;
};
/* Iterators of views that make their elements, such as std::views::iota and transform, have random access by the
 * concept of C++20 alone. */
#if defined(__cpp_lib_concepts) && defined(__cpp_concepts)
template <typename iterator>
constexpr bool has_random_access = std::random_access_iterator<iterator>;
#else
template <typename iterator>
constexpr bool has_random_access = false;
#endif
template <typename iterator>
constexpr bool is_iterator = !std::is_void_v<typename category_of<iterator>::type> || has_random_access<iterator>;
template <typename iterator>
constexpr bool is_random_access =
    std::is_base_of_v<std::random_access_iterator_tag, typename category_of<iterator>::type> ||
    has_random_access<iterator>;

/* As for the range-based for statement, also by argument-dependent lookup. */
namespace lookup {
using std::begin;
using std::end;
template <typename range>
using iterator_of = decltype(begin(std::declval<range &>()));
template <typename range>
constexpr auto first_of(range &of) -> decltype(begin(of)) {
  return begin(of);
}
template <typename range>
constexpr auto last_of(range &of) -> decltype(end(of)) {
  return end(of);
}
}  // namespace lookup

template <typename range, typename = void>
constexpr bool is_range = false;
template <typename range>
constexpr bool is_range<range, std::void_t<lookup::iterator_of<range>>> = true;

}  // namespace detail
PPAR_CXX_END

#endif
