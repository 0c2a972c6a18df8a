/* SPDX-License-Identifier: MIT */
/* trace_text.c: modes and files. Files' names have no commas: the next mode comes behind one. */
#include "settings/trace_text.h"

#include <string.h>

#include "settings/scanner.h"

#define NO_MODE                                                                                                \
  "is none of picture, picture:FILE, svg:FILE, json:FILE and html:FILE, or several with commas between them, " \
  "and neither true (picture) nor false"
#define NO_REPORT "is none of true, false, FILE, json and json:FILE (a FILE with a colon in it begins with ./)"

static const pp_word modes[] = {
    {"picture", PP_SHOWN_PICTURE}, {"svg", PP_SHOWN_SVG}, {"json", PP_SHOWN_JSON}, {"html", PP_SHOWN_HTML}, {NULL, 0}};
static const pp_word report_modes[] = {{"json", PP_SHOWN_REPORT_JSON}, {NULL, 0}};

/* Whether the whole text is a truth value. An empty one is false. */
static bool is_boolean(const char *text, bool *value) {
  pp_scanner scanner = pp_scanner_make(text);
  *value = false;
  return pp_scanner_is_at_end(&scanner) || (pp_scanner_take_boolean(&scanner, value) && pp_scanner_is_at_end(&scanner));
}

/* Whether nothing follows, or a comma. */
static bool is_at_end_of_item(const pp_scanner *scanner) {
  pp_scanner next = *scanner;
  return pp_scanner_is_at_end(scanner) || pp_scanner_take(&next, ',');
}

/* NULL, or what is wrong. */
static const char *read_item(pp_scanner *scanner, pp_show_item *item) {
  int mode;
  bool has_colon;
  if (!pp_scanner_take_word(scanner, modes, &mode)) return NO_MODE;
  *item = (pp_show_item){(pp_shown)mode, NULL, 0};
  has_colon = pp_scanner_take(scanner, ':');
  if (!has_colon && !is_at_end_of_item(scanner)) return NO_MODE;
  if (has_colon) {
    item->file = scanner->at;
    item->length = strcspn(scanner->at, ",");
    scanner->at += item->length;
  }
  if (item->length == 0 && (has_colon || item->what != PP_SHOWN_PICTURE))
    return "names no file (picture:FILE, svg:FILE, json:FILE, html:FILE)";
  return NULL;
}

int pp_trace_text_read(const char *text, pp_show_item items[PP_SHOW_ITEMS], const char **complaint) {
  pp_scanner scanner = pp_scanner_make(text);
  int count = 0;
  bool wanted;
  *complaint = NULL;
  if (is_boolean(text, &wanted)) {
    items[0] = (pp_show_item){PP_SHOWN_PICTURE, NULL, 0};
    return wanted ? 1 : 0;
  }
  do {
    *complaint = count < PP_SHOW_ITEMS ? read_item(&scanner, &items[count]) : "has more than 8 items";
    if (*complaint != NULL) return -1;
    count++;
  } while (pp_scanner_take(&scanner, ','));
  return count;
}

/* A word before a colon that is none of ours is a mistake rather than a part of a file's name. */
static bool begins_with_a_word(const char *text) { return text[strcspn(text, ":/")] == ':'; }

int pp_report_text_read(const char *text, pp_show_item items[PP_SHOW_ITEMS], const char **complaint) {
  pp_scanner scanner = pp_scanner_make(text);
  int mode = PP_SHOWN_REPORT;
  bool wanted, names_file = false;
  *complaint = NULL;
  items[0] = (pp_show_item){PP_SHOWN_REPORT, NULL, 0};
  if (is_boolean(text, &wanted)) return wanted ? 1 : 0;
  if (pp_scanner_take_boolean(&scanner, &wanted) && wanted && pp_scanner_take(&scanner, ':')) text = scanner.at;
  scanner = pp_scanner_make(text);
  if (pp_scanner_take_word(&scanner, report_modes, &mode)) {
    names_file = pp_scanner_take(&scanner, ':');
    if (names_file) text = scanner.at;
    if (names_file || pp_scanner_is_at_end(&scanner)) items[0].what = (pp_shown)mode;
    if (!names_file && pp_scanner_is_at_end(&scanner)) return 1;
  }
  items[0].file = text;
  items[0].length = strlen(text);
  *complaint = items[0].length == 0                      ? "names no file (FILE, json:FILE)"
               : !names_file && begins_with_a_word(text) ? NO_REPORT
                                                         : NULL;
  return *complaint == NULL ? 1 : -1;
}
