/* SPDX-License-Identifier: MIT */
/* operators.hpp: minimum and maximum, and the operators on numbers that the C library's way of reducing is for. */
#ifndef PPAR_CXX_OPERATORS_HPP
#define PPAR_CXX_OPERATORS_HPP

#include <functional>
#include <limits>
#include <type_traits>
#include <utility>

#include <ppar/cxx/error.hpp>

PPAR_CXX_BEGIN

/* op(a, b) is the lesser of the two, the first one of equals; a NaN beats every number, the first NaN every other. */
struct minimum {
  template <typename value>
  constexpr value operator()(value a, value b) const {
    if constexpr (std::is_floating_point_v<value>) {
      return b < a || (b != b && a == a) ? b : a;
    } else {
      return b < a ? std::move(b) : std::move(a);
    }
  }
};

/* op(a, b) is the greater of the two, in the same way. */
struct maximum {
  template <typename value>
  constexpr value operator()(value a, value b) const {
    if constexpr (std::is_floating_point_v<value>) {
      return a < b || (b != b && a == a) ? b : a;
    } else {
      return a < b ? std::move(b) : std::move(a);
    }
  }
};

namespace detail {

/* Numbers whose operators have their own type: shorter ones become int. */
template <typename value>
constexpr bool is_number = std::is_arithmetic_v<value> && !std::is_same_v<value, bool> &&
                           sizeof(value) >= sizeof(int) && sizeof(value) <= sizeof(std::int64_t);
template <typename value>
constexpr bool is_integer = is_number<value> &&std::is_integral_v<value>;

template <typename value>
using unsigned_of = std::make_unsigned_t<std::conditional_t<std::is_integral_v<value>, value, int>>;

/* What is known of an operator: what it does, and what changes no value. */
template <typename value>
struct known_plus {
  /* -0.0, since 0.0 + -0.0 is 0.0. */
  static constexpr value identity() { return std::is_floating_point_v<value> ? static_cast<value>(-0.0) : value(0); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) {
    if constexpr (std::is_integral_v<value>) {
      return static_cast<value>(static_cast<unsigned_of<value>>(a) + static_cast<unsigned_of<value>>(b));
    } else {
      return a + b;
    }
  }
};
template <typename value>
struct known_multiplies {
  static constexpr value identity() { return value(1); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) {
    if constexpr (std::is_integral_v<value>) {
      return static_cast<value>(static_cast<unsigned_of<value>>(a) * static_cast<unsigned_of<value>>(b));
    } else {
      return a * b;
    }
  }
};
template <typename value>
struct known_minimum {
  using limits = std::numeric_limits<value>;
  static constexpr value identity() { return limits::has_infinity ? limits::infinity() : limits::max(); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) { return minimum()(a, b); }
};
template <typename value>
struct known_maximum {
  using limits = std::numeric_limits<value>;
  static constexpr value identity() { return limits::has_infinity ? -limits::infinity() : limits::lowest(); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) { return maximum()(a, b); }
};
template <typename value>
struct known_and {
  static constexpr value identity() { return static_cast<value>(~value(0)); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) { return a & b; }
};
template <typename value>
struct known_or {
  static constexpr value identity() { return value(0); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) { return a | b; }
};
template <typename value>
struct known_xor {
  static constexpr value identity() { return value(0); }
  static PPAR_ALWAYS_INLINE value apply(value a, value b) { return a ^ b; }
};

/* The known one for an operator of the program, or void. */
template <typename value, typename operation, template <typename> class op>
constexpr bool is_op = std::is_same_v<operation, op<void>> || std::is_same_v<operation, op<value>>;
template <typename known>
struct found {
  using type = known;
};
template <typename value, typename operation>
constexpr auto find_known() {
  if constexpr (!is_number<value>) {
    return found<void>();
  } else if constexpr (is_op<value, operation, std::plus>) {
    return found<known_plus<value>>();
  } else if constexpr (is_op<value, operation, std::multiplies>) {
    return found<known_multiplies<value>>();
  } else if constexpr (std::is_same_v<operation, minimum>) {
    return found<known_minimum<value>>();
  } else if constexpr (std::is_same_v<operation, maximum>) {
    return found<known_maximum<value>>();
  } else if constexpr (is_integer<value> && is_op<value, operation, std::bit_and>) {
    return found<known_and<value>>();
  } else if constexpr (is_integer<value> && is_op<value, operation, std::bit_or>) {
    return found<known_or<value>>();
  } else if constexpr (is_integer<value> && is_op<value, operation, std::bit_xor>) {
    return found<known_xor<value>>();
  } else {
    return found<void>();
  }
}
template <typename value, typename operation>
using known_operation = typename decltype(find_known<value, operation>())::type;

template <typename value, typename known>
void combine_known(void *into, const void *from) {
  value *const sum = static_cast<value *>(into);
  *sum = known::apply(*sum, *static_cast<const value *>(from));
}
template <typename value, typename known>
inline constexpr value known_identity = known::identity();
template <typename value, typename known>
inline constexpr ::ppar_reduction known_reduction = {sizeof(value), &known_identity<value, known>,
                                                     combine_known<value, known>};

}  // namespace detail
PPAR_CXX_END

#endif
