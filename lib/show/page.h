/* SPDX-License-Identifier: MIT */
/* page.h: the explorer's page, as the build has made it of web/explorer.html: what comes before the data, and after. */
#ifndef PP_SHOW_PAGE_H
#define PP_SHOW_PAGE_H

#include <stddef.h>

extern const char pp_page_before[], pp_page_after[];
extern const size_t pp_page_before_size, pp_page_after_size;

#endif
