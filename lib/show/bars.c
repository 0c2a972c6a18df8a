/* SPDX-License-Identifier: MIT */
/* bars.c: letters and colours. */
#include "show/bars.h"

#include <string.h>

/* Of the terminal's own colours, so that they suit its background: black or white on the thread's colour for work, and
 * a brighter one for every second chunk. */
static const struct {
  const char *even, *odd;
} thread_colors[] = {
    {"\033[30;42m", "\033[30;102m"}, {"\033[30;46m", "\033[30;106m"}, {"\033[30;43m", "\033[30;103m"},
    {"\033[97;45m", "\033[30;105m"}, {"\033[97;44m", "\033[30;104m"}, {"\033[30;47m", "\033[30;107m"},
};
enum { THREAD_COLORS = sizeof thread_colors / sizeof thread_colors[0], LETTERS = 62, DIGITS = 10, GAP = 3, INDENT = 2 };

static const char plain[] = "\033[0m", faint[] = "\033[0;2m", lost[] = "\033[0;31m", other[] = "\033[0;35m";

static const struct {
  char letter;
  const char *color;
} doings[PP_DOINGS] = {
    [PP_DOING_NOT_HERE] = {' ', plain}, [PP_DOING_WORK] = {'#', plain},    [PP_DOING_LOOKING] = {'-', lost},
    [PP_DOING_WAITING] = {'.', faint},  [PP_DOING_CRITICAL] = {'c', lost}, [PP_DOING_BARRIER] = {'b', lost},
    [PP_DOING_TURN] = {'t', lost},      [PP_DOING_ASLEEP] = {'z', faint},  [PP_DOING_ELSEWHERE] = {'o', other},
};

static void use(pp_page *page, int sign) { page->used |= UINT32_C(1) << sign; }

/* *now: the colour that the terminal has. */
static void put_colored(const pp_page *page, const char *color, char c, const char **now) {
  if (page->colors && *now != color) {
    pp_put(page->out, color);
    *now = color;
  }
  pp_put_char(page->out, c);
}

static void end_colors(const pp_page *page, const char *now) {
  if (page->colors && now != plain) pp_put(page->out, plain);
}

void pp_put_bar(pp_page *page, const pp_row *row) {
  const char *now = plain;
  pp_put_char(page->out, '|');
  for (int c = 0; c < page->cells; c++) {
    const pp_slice *slice = &row->slice[c];
    const char *color = doings[slice->doing].color;
    char letter = doings[slice->doing].letter;
    int sign = slice->doing;
    if (slice->doing == PP_DOING_WORK) {
      bool is_odd = slice->odd && !slice->is_fine;
      color = is_odd ? thread_colors[row->number % THREAD_COLORS].odd : thread_colors[row->number % THREAD_COLORS].even;
      letter = slice->is_fine ? '%' : is_odd ? '=' : '#';
      sign = slice->is_fine ? PP_SIGN_FINE : is_odd ? PP_SIGN_WORK : PP_DOING_WORK;
    }
    if (slice->has_steal) {
      letter = 's';
      sign = PP_SIGN_STEAL;
    }
    use(page, sign);
    put_colored(page, color, letter, &now);
  }
  end_colors(page, now);
  pp_put_char(page->out, '|');
}

static char letter_of(uint32_t number) {
  static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return number < LETTERS ? letters[number] : '+';
}

void pp_put_map(pp_page *page, const pp_map *map, uint32_t first, uint32_t count, int width) {
  const char *now = plain;
  pp_put_char(page->out, '|');
  for (uint32_t c = first; c < first + count; c++) {
    int32_t of = pp_map_at(map, c);
    char letter = of == PP_MAP_MIXED ? '*' : of == PP_MAP_NONE ? '?' : letter_of((uint32_t)of);
    const char *color = of >= 0 ? thread_colors[(uint32_t)of % THREAD_COLORS].even : plain;
    if (of < 0) use(page, of == PP_MAP_MIXED ? PP_SIGN_MAP_MIXED : PP_SIGN_MAP_NONE);
    if (of >= DIGITS) use(page, of < LETTERS ? PP_SIGN_MAP_LETTERS : PP_SIGN_MAP_HIGH);
    for (int k = 0; k < width; k++) put_colored(page, color, letter, &now);
  }
  end_colors(page, now);
  pp_put_char(page->out, '|');
}

void pp_put_legend(const pp_page *page) {
  static const struct {
    int sign;
    const char *text;
  } entries[] = {
      {PP_DOING_WORK, "#  works"},
      {PP_SIGN_WORK, "=  works, in its next chunk or task"},
      {PP_SIGN_FINE, "%  works, in short chunks or tasks"},
      {PP_SIGN_STEAL, "s  has just stolen work"},
      {PP_DOING_LOOKING, "-  looks for work"},
      {PP_DOING_WAITING, ".  waits for others"},
      {PP_DOING_CRITICAL, "c  waits for a critical section"},
      {PP_DOING_BARRIER, "b  waits at a barrier"},
      {PP_DOING_TURN, "t  waits for its turn"},
      {PP_DOING_ASLEEP, "z  sleeps"},
      {PP_DOING_ELSEWHERE, "o  works for something else"},
      {PP_DOING_NOT_HERE, "blank  has not come yet"},
      {PP_SIGN_MAP_MIXED, "*  several threads by turns"},
      {PP_SIGN_MAP_LETTERS, "a  thread 10, A  thread 36"},
      {PP_SIGN_MAP_HIGH, "+  a thread above 61"},
      {PP_SIGN_MAP_NONE, "?  not run, or not known by whom"},
  };
  int used = 0;
  for (size_t e = 0; e < sizeof entries / sizeof entries[0]; e++) {
    int width = (int)strlen(entries[e].text);
    if ((page->used >> entries[e].sign & 1) == 0) continue;
    if (used != 0 && used + GAP + width > page->columns) {
      pp_put_char(page->out, '\n');
      used = 0;
    }
    pp_put_repeated(page->out, ' ', used != 0 ? GAP : INDENT);
    pp_put(page->out, entries[e].text);
    used += (used != 0 ? GAP : INDENT) + width;
  }
  if (used != 0) pp_put_char(page->out, '\n');
}
