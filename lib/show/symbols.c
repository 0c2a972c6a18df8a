/* SPDX-License-Identifier: MIT */
/* symbols.c: addresses of code as text. */
#include "show/symbols.h"

#include <string.h>

#include "platform/code.h"
#include "platform/lines.h"
#include "platform/thread.h"
#include "schedule/tuning.h"
#include "show/output.h"

enum { PATH_SIZE = 256 }; /* The end of a longer path is as good, since its last part is what is told. */

struct pp_symbols {
  pp_arena *arena;
  bool careful;
  bool has_lines; /* They are open (platform/lines.h), */
  bool has_asked; /* or it was tried. */
};

pp_symbols *pp_symbols_open(pp_arena *arena, bool careful) {
  pp_symbols *symbols = pp_arena_take(arena, sizeof *symbols);
  if (symbols == NULL) return NULL;
  symbols->arena = arena;
  symbols->careful = careful || pp_thread_stack_left() < PP_LINES_STACK;
  return symbols;
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static const char *keep(pp_symbols *symbols, const char *text) {
  return text != NULL ? pp_arena_text(symbols->arena, text) : NULL;
}

/* Compilers name what they make of a part of a function, or of one case of it, "sum.part.0". Where there is no line,
 * the whole name tells the parts apart, and the offset is from its begin. */
static const char *keep_function(pp_symbols *symbols, const char *name) {
  char text[PATH_SIZE];
  pp_output out = pp_output_to(-1, text, sizeof text);
  const char *dot = name != NULL && name[0] != '.' ? strchr(name, '.') : NULL;
  if (dot == NULL) return keep(symbols, name);
  pp_put_bytes(&out, name, (size_t)(dot - name));
  (void)pp_output_end(&out);
  return keep(symbols, text);
}

static bool find_line(pp_symbols *symbols, const void *code, pp_symbol *symbol) {
  pp_line line;
  if (!symbols->has_asked) symbols->has_lines = pp_lines_open();
  symbols->has_asked = true;
  if (!symbols->has_lines || !pp_lines_find(code, &line)) return false;
  if (line.function == NULL && line.file == NULL) return false;
  symbol->image = keep(symbols, last_part(line.image));
  symbol->function = line.file != NULL ? keep_function(symbols, line.function) : keep(symbols, line.function);
  if (line.file != NULL) symbol->file = keep(symbols, last_part(line.file));
  symbol->line = line.number;
  symbol->offset = line.offset;
  return true;
}

static bool find_export(pp_symbols *symbols, const void *address, pp_symbol *symbol) {
  pp_code code;
  if (!pp_code_find(address, &code)) return false;
  symbol->image = keep(symbols, last_part(code.image));
  symbol->function = keep(symbols, code.function); /* Whole: the offset is from where that begins. */
  symbol->offset = code.offset;
  return true;
}

static void find_image(pp_symbols *symbols, const void *address, pp_symbol *symbol) {
  char path[PATH_SIZE];
  pp_code code;
  if (!pp_code_find_mapped(address, path, sizeof path, &code)) return;
  symbol->image = keep(symbols, last_part(code.image));
  symbol->offset = code.offset;
}

pp_symbol pp_symbols_find(pp_symbols *symbols, const void *address) {
  const void *call = (const void *)((uintptr_t)address - 1);
  pp_symbol symbol = {0};
  if (symbols->careful || (!find_line(symbols, call, &symbol) && !find_export(symbols, call, &symbol)))
    find_image(symbols, call, &symbol);
  return symbol;
}

pp_symbol pp_symbols_find_inside(pp_symbols *symbols, const void *address, const void *inside) {
  pp_symbol symbol = {0};
  if (inside != NULL && !symbols->careful && find_line(symbols, inside, &symbol) && symbol.file != NULL) return symbol;
  return pp_symbols_find(symbols, address);
}

const char *pp_symbol_text(pp_arena *arena, const pp_symbol *symbol, const void *address) {
  char text[256];
  pp_output out = pp_output_to(-1, text, sizeof text);
  if (symbol->file != NULL) {
    pp_putf(&out, "%s:%d", symbol->file, symbol->line);
    if (symbol->function != NULL) pp_putf(&out, " in %s", symbol->function);
  } else if (symbol->image != NULL) {
    if (symbol->function == NULL) pp_put(&out, symbol->image);
    if (symbol->function != NULL) pp_put(&out, symbol->function);
    pp_put(&out, "+0x");
    pp_put_hex(&out, symbol->offset);
    if (symbol->function != NULL) pp_putf(&out, " in %s", symbol->image);
  } else {
    pp_put(&out, "0x");
    pp_put_hex(&out, (uint64_t)(uintptr_t)address);
  }
  (void)pp_output_end(&out);
  return pp_arena_text(arena, text);
}

void pp_symbols_close(pp_symbols *symbols) {
  if (symbols->has_lines) pp_lines_close();
  symbols->has_lines = symbols->has_asked = false;
}
