/* SPDX-License-Identifier: MIT */
/* company.c: what the clock and the system say of a thread's CPU. */
#include "pool/company.h"

#include "platform/clock.h"
#include "platform/thread.h"
#include "schedule/tuning.h"

static void lose(pp_company *company, uint64_t now, bool twice) {
  company->before = twice ? now : company->lost;
  company->lost = now;
}

/* Since it was asked the last time, if that was lately: what came before says nothing of the present. */
static uint64_t count_new(pp_company *company, uint64_t now) {
  const uint64_t count = pp_thread_preemptions(), more = count - company->preemptions;
  const bool is_news = company->asked != 0 && now - company->asked < pp_ticks_from_ns(PP_COMPANY_NS);
  const bool has_grown = count > company->preemptions;
  company->preemptions = count;
  company->asked = now;
  return is_news && has_grown ? more : 0;
}

/* Where a hypervisor has taken the CPU the system has counted nothing. */
void pp_company_lost_cpu(pp_company *company, uint64_t now) { lose(company, now, count_new(company, now) > 1); }

bool pp_company_ask(pp_company *company, uint64_t now) {
  const uint64_t more = count_new(company, now);
  if (more != 0) lose(company, now, more > 1);
  return pp_company_is_known(company, now);
}

bool pp_company_is_known(const pp_company *company, uint64_t now) {
  return now - company->before < pp_ticks_from_ns(PP_COMPANY_NS);
}
