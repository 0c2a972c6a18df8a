/* SPDX-License-Identifier: MIT */
/* trace_text.c: modes and files. Files' names have no commas: the next mode comes behind one. */
#include "settings/trace_text.h"

#include <string.h>

static const struct {
  const char *name;
  pp_shown what;
  bool needs_file;
} modes[] = {{"picture", PP_SHOWN_PICTURE, false},
             {"svg", PP_SHOWN_SVG, true},
             {"json", PP_SHOWN_JSON, true},
             {"html", PP_SHOWN_HTML, true}};
enum { MODES = sizeof modes / sizeof modes[0] };

static bool is_word(const char *text, size_t length, const char *word) {
  return strlen(word) == length && strncmp(text, word, length) == 0;
}

/* One item, of `length` bytes. NULL, or what is wrong. */
static const char *read_item(const char *text, size_t length, pp_show_item *item) {
  const char *colon = memchr(text, ':', length);
  size_t word = colon != NULL ? (size_t)(colon - text) : length;
  int m = 0;
  while (m < MODES && !is_word(text, word, modes[m].name)) m++;
  if (m == MODES) return "is none of picture, svg:FILE, json:FILE and html:FILE, or several with commas between them";
  item->what = modes[m].what;
  item->file = colon != NULL ? colon + 1 : NULL;
  item->length = colon != NULL ? length - word - 1 : 0;
  if ((colon != NULL || modes[m].needs_file) && item->length == 0)
    return "names no file (svg:FILE, json:FILE, html:FILE)";
  return NULL;
}

int pp_trace_text_read(const char *text, pp_show_item items[PP_SHOW_ITEMS], const char **complaint) {
  int count = 0;
  *complaint = NULL;
  if (strcmp(text, "0") == 0 || *text == '\0') return 0;
  for (;;) {
    size_t length = strcspn(text, ",");
    if (count == PP_SHOW_ITEMS) {
      *complaint = "has more than 8 items";
      return -1;
    }
    *complaint = read_item(text, length, &items[count]);
    if (*complaint != NULL) return -1;
    count++;
    if (text[length] == '\0') return count;
    text += length + 1;
  }
}

int pp_report_text_read(const char *text, pp_show_item items[PP_SHOW_ITEMS], const char **complaint) {
  *complaint = NULL;
  items[0] = (pp_show_item){PP_SHOWN_REPORT, NULL, 0};
  if (*text == '\0' || strcmp(text, "0") == 0 || strcmp(text, "false") == 0) return 0;
  if (strcmp(text, "1") == 0 || strcmp(text, "true") == 0) return 1;
  if (strncmp(text, "1:", 2) == 0) text += 2;
  if (strncmp(text, "json", 4) == 0 && (text[4] == '\0' || text[4] == ':')) {
    items[0].what = PP_SHOWN_REPORT_JSON;
    if (text[4] == '\0') return 1;
    text += 5;
  }
  items[0].file = text;
  items[0].length = strlen(text);
  if (items[0].length != 0) return 1;
  *complaint = "names no file (1, FILE, json or json:FILE)";
  return -1;
}
