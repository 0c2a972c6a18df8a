/* SPDX-License-Identifier: MIT */
/* tap.hpp: tests in C++: TEST(name) { CHECK(condition); }, and the TAP that --tap=FILE asks for. */
#ifndef TESTS_CXX_TAP_HPP
#define TESTS_CXX_TAP_HPP

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace tap {

struct test {
  const char *name;
  void (*run)();
};

inline std::vector<test> &tests() {
  static std::vector<test> all;
  return all;
}

inline int failures = 0;

inline bool add(const char *name, void (*run)()) {
  tests().push_back({name, run});
  return true;
}

/* Several threads may fail at once; which of them count does not matter. */
inline void fail(const char *file, int line, const char *condition) {
  std::printf("%s:%d: %s\n", file, line, condition);
  __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
}

inline bool passes(const test &one) {
  const int before = failures;
#if defined(__cpp_exceptions)
  try {
    one.run();
  } catch (...) {
    fail(one.name, 0, "an exception came out of the test");
  }
#else
  one.run();
#endif
  return failures == before;
}

inline int main(int count, char **arguments) {
  std::FILE *out = stdout;
  bool all_pass = true;
  if (count > 1 && std::strncmp(arguments[1], "--tap=", 6) == 0) out = std::fopen(arguments[1] + 6, "w");
  if (out == nullptr) return 1;
  std::fprintf(out, "1..%zu\n", tests().size());
  for (const test &one : tests()) {
    const bool well = passes(one);
    std::fprintf(out, "%sok - %s\n", well ? "" : "not ", one.name);
    std::fflush(out);
    all_pass = all_pass && well;
  }
  if (out != stdout) std::fclose(out);
  return all_pass ? 0 : 1;
}

/* Tests do less of it where PPAR_TEST_SCALE=small. */
inline int times(int usual) {
  const char *scale = std::getenv("PPAR_TEST_SCALE");
  return scale != nullptr && std::strcmp(scale, "small") == 0 ? usual / 8 + 1 : usual;
}

}  // namespace tap

#define TEST(name)                                                            \
  static void name();                                                         \
  [[maybe_unused]] static const bool name##_is_added = tap::add(#name, name); \
  static void name()

#define CHECK(...) ((__VA_ARGS__) ? void() : tap::fail(__FILE__, __LINE__, #__VA_ARGS__))

#endif
