/* SPDX-License-Identifier: MIT */
/* settings_trace_text.c: what PPAR_TRACE and PPAR_REPORT may say, and what is told of other texts. */
#include "settings/trace_text.h"

#include <string.h>

#include <criterion/criterion.h>

#include "../support/scale.h"

TestSuite(settings_trace_text, .timeout = SCALE_TIMEOUT);

static bool is_file(const pp_show_item *item, const char *name) {
  if (name == NULL) return item->file == NULL;
  return item->file != NULL && item->length == strlen(name) && strncmp(item->file, name, item->length) == 0;
}

Test(settings_trace_text, modes_with_files_and_without) {
  pp_show_item items[PP_SHOW_ITEMS];
  const char *complaint;
  cr_assert_eq(pp_trace_text_read("picture", items, &complaint), 1);
  cr_assert(items[0].what == PP_SHOWN_PICTURE && is_file(&items[0], NULL));
  cr_assert_eq(pp_trace_text_read("picture,svg:loops.svg,json:a/b.json,html:c:d", items, &complaint), 4);
  cr_assert(items[1].what == PP_SHOWN_SVG && is_file(&items[1], "loops.svg"));
  cr_assert(items[2].what == PP_SHOWN_JSON && is_file(&items[2], "a/b.json"));
  cr_assert(items[3].what == PP_SHOWN_HTML && is_file(&items[3], "c:d"));
  cr_assert_eq(pp_trace_text_read("picture:p.txt", items, &complaint), 1);
  cr_assert(is_file(&items[0], "p.txt"));
  cr_assert_eq(pp_trace_text_read(" SVG:a , Picture ", items, &complaint), 2);
  cr_assert(items[0].what == PP_SHOWN_SVG && is_file(&items[0], "a "));
  cr_assert(items[1].what == PP_SHOWN_PICTURE && is_file(&items[1], NULL));
}

Test(settings_trace_text, truth_values_ask_for_a_picture_or_for_nothing) {
  static const char *const yes[] = {"1", "true", "yes", "on", " TRUE\t"}, *const no[] = {"", "0", "false", "no",
                                                                                         "Off "};
  pp_show_item items[PP_SHOW_ITEMS];
  const char *complaint;
  for (int k = 0; k < 5; k++) {
    cr_assert_eq(pp_trace_text_read(yes[k], items, &complaint), 1, "%s", yes[k]);
    cr_assert(items[0].what == PP_SHOWN_PICTURE && is_file(&items[0], NULL), "%s", yes[k]);
    cr_assert_eq(pp_trace_text_read(no[k], items, &complaint), 0, "%s", no[k]);
  }
}

Test(settings_trace_text, other_texts_are_told_of) {
  static const char *const wrong[] = {"pictures",
                                      "svg",
                                      "svg:",
                                      "json",
                                      "html:",
                                      "picture,",
                                      ",",
                                      "picture,,json:a",
                                      "picture:",
                                      "2",
                                      "true:a",
                                      "true,picture",
                                      "truee",
                                      "svgs:a",
                                      "picture svg:a",
                                      "svg:a,png:b",
                                      "picture,picture,picture,picture,picture,picture,picture,picture,picture"};
  pp_show_item items[PP_SHOW_ITEMS];
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    const char *complaint = NULL;
    cr_assert_lt(pp_trace_text_read(wrong[k], items, &complaint), 0, "%s", wrong[k]);
    cr_assert_not_null(complaint);
  }
}

Test(settings_trace_text, a_report_for_people_or_programs_on_standard_error_or_in_a_file) {
  static const struct {
    const char *text;
    int count;
    pp_shown what;
    const char *file;
  } texts[] = {{"1", 1, PP_SHOWN_REPORT, NULL},
               {"true", 1, PP_SHOWN_REPORT, NULL},
               {"0", 0, PP_SHOWN_REPORT, NULL},
               {"yes", 1, PP_SHOWN_REPORT, NULL},
               {" On ", 1, PP_SHOWN_REPORT, NULL},
               {"false", 0, PP_SHOWN_REPORT, NULL},
               {"no", 0, PP_SHOWN_REPORT, NULL},
               {"OFF", 0, PP_SHOWN_REPORT, NULL},
               {"", 0, PP_SHOWN_REPORT, NULL},
               {" ", 0, PP_SHOWN_REPORT, NULL},
               {"1.txt", 1, PP_SHOWN_REPORT, "1.txt"},
               {"only", 1, PP_SHOWN_REPORT, "only"},
               {"yes:a.txt", 1, PP_SHOWN_REPORT, "a.txt"},
               {"./a:b", 1, PP_SHOWN_REPORT, "./a:b"},
               {"/tmp/a:b", 1, PP_SHOWN_REPORT, "/tmp/a:b"},
               {"json:a:b", 1, PP_SHOWN_REPORT_JSON, "a:b"},
               {"JSON", 1, PP_SHOWN_REPORT_JSON, NULL},
               {"xml:f", -1, PP_SHOWN_REPORT, NULL},
               {"false:f", -1, PP_SHOWN_REPORT, NULL},
               {"jsonl:f", -1, PP_SHOWN_REPORT, NULL},
               {":f", -1, PP_SHOWN_REPORT, NULL},
               {"a.txt", 1, PP_SHOWN_REPORT, "a.txt"},
               {"1:a.txt", 1, PP_SHOWN_REPORT, "a.txt"},
               {"json", 1, PP_SHOWN_REPORT_JSON, NULL},
               {"1:json", 1, PP_SHOWN_REPORT_JSON, NULL},
               {"json:r.json", 1, PP_SHOWN_REPORT_JSON, "r.json"},
               {"jsonfile", 1, PP_SHOWN_REPORT, "jsonfile"},
               {"json:", -1, PP_SHOWN_REPORT_JSON, NULL},
               {"1:", -1, PP_SHOWN_REPORT, NULL}};
  pp_show_item items[PP_SHOW_ITEMS];
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    const char *complaint;
    int count = pp_report_text_read(texts[k].text, items, &complaint);
    cr_assert_eq(count, texts[k].count, "%s", texts[k].text);
    cr_assert_eq(complaint != NULL, count < 0, "%s", texts[k].text);
    if (count == 1) cr_assert(items[0].what == texts[k].what && is_file(&items[0], texts[k].file), "%s", texts[k].text);
  }
}
