/* SPDX-License-Identifier: MIT */
/* symbols.c: addresses of code as text. */
#include "show/symbols.h"

#include <string.h>

#include "platform/code.h"
#include "show/output.h"

struct pp_symbols {
  pp_arena *arena;
  bool careful;
};

pp_symbols *pp_symbols_open(pp_arena *arena, bool careful) {
  pp_symbols *symbols = pp_arena_take(arena, sizeof *symbols);
  if (symbols == NULL) return NULL;
  symbols->arena = arena;
  symbols->careful = careful;
  return symbols;
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

pp_symbol pp_symbols_find(pp_symbols *symbols, const void *address) {
  const unsigned char *call = (const unsigned char *)address - 1;
  pp_symbol symbol = {0};
  pp_code code;
  if (symbols->careful || !pp_code_find(call, &code)) return symbol;
  symbol.image = pp_arena_text(symbols->arena, last_part(code.image));
  if (code.function != NULL) symbol.function = pp_arena_text(symbols->arena, code.function);
  symbol.offset = code.offset;
  return symbol;
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

void pp_symbols_close(pp_symbols *symbols) { (void)symbols; }
