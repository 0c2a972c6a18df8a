/* SPDX-License-Identifier: MIT */
/* arguments.c: reads the examples' command lines; see arguments.h. */
#include "arguments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static void print_help(const char *program, const char *purpose, const struct argument *arguments, size_t count) {
  printf("%s: %s\n\n", program, purpose);
  for (size_t i = 0; i < count; i++) {
    const struct argument *a = &arguments[i];
    char text[64];
    if (a->kind == ARGUMENT_KIND_FLAG) {
      printf("  --%-18s %s\n", a->name, a->help);
    } else if (a->kind == ARGUMENT_KIND_INTEGER) {
      snprintf(text, sizeof text, "%s N", a->name);
      printf("  --%-18s %s (%" PRId64 " to %" PRId64 ", default %" PRId64 ")\n", text, a->help, a->least, a->most,
             *(const int64_t *)a->value);
    } else {
      snprintf(text, sizeof text, "%s SCHEDULE", a->name);
      printf("  --%-18s %s", text, a->help);
      ppar_schedule_format(*(const ppar_schedule *)a->value, text, sizeof text);
      printf(" (default %s)\n", text);
    }
  }
  printf("  --%-18s print this\n", "help");
}

static bool read_integer(const char *text, const struct argument *argument) {
  char *end;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0 || value < argument->least || value > argument->most) return false;
  *(int64_t *)argument->value = value;
  return true;
}

/* One line, and the end of the program. */
static void refuse_value(const char *program, const struct argument *argument, const char *text) {
  if (argument->kind == ARGUMENT_KIND_INTEGER) {
    fprintf(stderr, "%s: --%s is \"%s\"; allowed: a whole number from %" PRId64 " to %" PRId64 "\n", program,
            argument->name, text, argument->least, argument->most);
  } else {
    fprintf(stderr, "%s: --%s is \"%s\"; allowed: %s\n", program, argument->name, text, argument->help);
  }
  exit(2);
}

static void refuse_unknown(const char *program, const char *text, const struct argument *arguments, size_t count) {
  fprintf(stderr, "%s: unknown argument \"%s\"; allowed:", program, text);
  for (size_t i = 0; i < count; i++) fprintf(stderr, " --%s", arguments[i].name);
  fprintf(stderr, " --help\n");
  exit(2);
}

/* The argument that text names, as "--name" or "--name=value", and where its value begins, if it is there. */
static const struct argument *find(const char *text, const struct argument *arguments, size_t count,
                                   const char **value) {
  if (strncmp(text, "--", 2) != 0) return NULL;
  const size_t length = strcspn(text + 2, "=");
  for (size_t i = 0; i < count; i++) {
    if (strlen(arguments[i].name) == length && strncmp(arguments[i].name, text + 2, length) == 0) {
      *value = text[2 + length] == '=' ? text + 2 + length + 1 : NULL;
      return &arguments[i];
    }
  }
  return NULL;
}

void arguments_read(int argc, char **argv, const char *purpose, const struct argument *arguments, size_t count) {
  const char *program = base_name(argv[0]);
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      print_help(program, purpose, arguments, count);
      exit(0);
    }
    const char *value;
    const struct argument *argument = find(argv[i], arguments, count, &value);
    if (argument == NULL || (argument->kind == ARGUMENT_KIND_FLAG && value != NULL)) {
      refuse_unknown(program, argv[i], arguments, count);
    } else if (argument->kind == ARGUMENT_KIND_FLAG) {
      *(bool *)argument->value = true;
    } else {
      if (value == NULL) value = i + 1 < argc ? argv[++i] : "";
      const bool good = argument->kind == ARGUMENT_KIND_INTEGER
                            ? read_integer(value, argument)
                            : ppar_schedule_parse(value, argument->value) == PPAR_OK;
      if (!good) refuse_value(program, argument, value);
    }
  }
}
