/* SPDX-License-Identifier: MIT */
/* ppar.hpp: the library for C++17 and later: loops over lambdas and any other callables, with exceptions.
 *
 *     #include <ppar/ppar.hpp>
 *
 *     ppar::for_each_index(0, n, [=](int i) { y[i] += alpha * x[i]; });
 *
 *     double dot = ppar::reduce(0, n, 0.0, std::plus<>(), [=](int i) { return x[i] * y[i]; });
 *
 * equals
 *
 *     for (int i = 0; i < n; i++) y[i] += alpha * x[i];
 *
 *     double dot = 0.0;
 *     for (int i = 0; i < n; i++) dot += x[i] * y[i];
 *
 * It is a header only: programs link to the C library alone (-lppar). All names are in namespace ppar; those in
 * ppar::detail are not for programs. docs/cxx.md is an introduction, and has a table of C's names beside these.
 *
 *   cxx/error.hpp    ppar::error, and what -fno-exceptions changes
 *   cxx/options.hpp  ppar::options, schedules, ppar::pool, ppar::critical
 *   cxx/loop.hpp     ppar::for_each_index, for_each, for_each_chunk
 *   cxx/loop_nd.hpp  ppar::for_each_index_2d, for_each_index_3d
 *   cxx/reduce.hpp   ppar::reduce; cxx/operators.hpp: ppar::minimum, ppar::maximum
 *   cxx/region.hpp   ppar::region, ppar::team
 *   cxx/task.hpp     ppar::task_group, ppar::future */
#ifndef PPAR_PPAR_HPP
#define PPAR_PPAR_HPP

#if !defined(__cplusplus) || __cplusplus < 201703L
#error "ppar/ppar.hpp is for C++17 and later (-std=c++17); C programs include ppar/ppar.h"
#endif

#include <ppar/cxx/error.hpp>
#include <ppar/cxx/loop.hpp>
#include <ppar/cxx/loop_nd.hpp>
#include <ppar/cxx/operators.hpp>
#include <ppar/cxx/options.hpp>
#include <ppar/cxx/reduce.hpp>
#include <ppar/cxx/region.hpp>
#include <ppar/cxx/task.hpp>

#endif
