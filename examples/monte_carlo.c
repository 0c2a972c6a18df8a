/* SPDX-License-Identifier: MIT */
/* monte_carlo.c: pi, from random points in a square, and the price of an option, from random ends of a share's way.
 * Each block of samples has a stream of random numbers of its own, so the digits are the same for every number of
 * threads and every schedule. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

enum { BLOCK = 10000 }; /* samples; a stream each */

/* The share's price today, what the option lets one pay, the interest and the volatility a year, in years. */
static const double price = 100, strike = 105, interest = 0.03, volatility = 0.2, years = 1;

struct run {
  uint64_t seed;
  int64_t samples;
};

struct sums {
  int64_t inside;        /* points within the quarter of a circle */
  double payoff, square; /* what the option pays in the end, and its square */
};

static void combine_sums(void *into, const void *from) {
  struct sums *a = into;
  const struct sums *b = from;
  a->inside += b->inside;
  a->payoff += b->payoff;
  a->square += b->square;
}

static const struct sums no_sums = {0, 0, 0};
static const ppar_reduction add_sums = {sizeof(struct sums), &no_sums, combine_sums};

/* The block's number is its stream's: whoever runs it gets the same points. */
PPAR_FOLD(sample_block, struct sums, sums, block, struct run, run) {
  const int64_t first = block * BLOCK, past = run->samples - first < BLOCK ? run->samples : first + BLOCK;
  ppar_rng rng = ppar_rng_stream(run->seed, (uint64_t)block);
  for (int64_t i = first; i < past; i++) {
    const double x = ppar_rng_f64(&rng), y = ppar_rng_f64(&rng), z = ppar_rng_normal_f64(&rng);
    const double growth = (interest - volatility * volatility / 2) * years + volatility * sqrt(years) * z;
    const double payoff = fmax(0, price * exp(growth) - strike);
    sums->inside += x * x + y * y < 1;
    sums->payoff += payoff;
    sums->square += payoff * payoff;
  }
}

static double normal_cdf(double x) { return erfc(-x / sqrt(2)) / 2; }

/* Black and Scholes's formula. */
static double exact_price(void) {
  const double deviation = volatility * sqrt(years);
  const double d = (log(price / strike) + (interest + volatility * volatility / 2) * years) / deviation;
  return price * normal_cdf(d) - strike * exp(-interest * years) * normal_cdf(d - deviation);
}

int main(int argc, char **argv) {
  int64_t n = 20000000, threads = 0, seed = 1;
  ppar_schedule schedule = ppar_auto();
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000000, "samples"),
      ARGUMENT_INTEGER("seed", &seed, 0, INT64_MAX, "of the random numbers"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
  };
  arguments_read(argc, argv, "pi and the price of an option, by random samples", arguments, ARGUMENT_COUNT(arguments));

  const struct run run = {(uint64_t)seed, n};
  const int64_t blocks = n / BLOCK + (n % BLOCK != 0);
  struct sums sums = no_sums;
  const double start = seconds();
  /* reproducible: the sums of doubles are added in the same order for every number of threads, too. */
  const int status = PPAR_REDUCE(0, blocks, sample_block, &run, &add_sums, &sums,
                                 PPAR_OPTIONS(.threads = (int)threads, .schedule = schedule, .reproducible = true));
  const double time = seconds() - start;

  const double discount = exp(-interest * years), count = (double)n, pi = acos(-1);
  const double found_pi = 4 * (double)sums.inside / count, found_price = discount * sums.payoff / count;
  const double pi_error = 4 * sqrt(pi / 4 * (1 - pi / 4) / count);
  const double variance = sums.square / count - sums.payoff / count * (sums.payoff / count);
  const double price_error = discount * sqrt(variance / count);
  /* 5 standard errors. Few samples may all pay nothing; their variance then says nothing. */
  const bool good = status == PPAR_OK && fabs(found_pi - pi) <= 5 * pi_error + 4 / count &&
                    (n < 1000 || fabs(found_price - exact_price()) <= 5 * price_error);
  printf("pi    = %.15f, standard error %.1e\n", found_pi, pi_error);
  printf("price = %.15f, standard error %.1e, by the formula %.6f: %s\n", found_price, price_error, exact_price(),
         good ? "passed" : "FAILED");
  printf("Time spent: %.3g s, %.3g ns a sample\n", time, 1e9 * time / count);
  return good ? 0 : 1;
}
