/* SPDX-License-Identifier: Apache-2.0
 * Prints error messages to standard error, and defines the exit codes. */
#ifndef FENCEPOST_BASE_COMPLAIN_H
#define FENCEPOST_BASE_COMPLAIN_H

#include <stdarg.h>
#include <stddef.h>

/* Exit codes of every command. */
enum {
	EXIT_FINE = 0,
	EXIT_INTERNAL = 1,
	EXIT_FINDING = 2,
	EXIT_NOTHING = 3, /* there is nothing to compare or to judge */
	EXIT_USAGE = 64,  /* EX_USAGE of sysexits.h */
	EXIT_INTERRUPTED = 130
};

/* Prints one line to standard error, "@who: TEXT", after it has flushed standard output. TEXT may
 * be hostile: control characters are escaped. Returns @code, so that a caller can write `return
 * complain(...)`. */
int complain(const char *who, int code, const char *template, ...)
	__attribute__((format(printf, 3, 4)));

/* Prints a line as complain() does, without "@who: ". @arguments cannot be used afterwards. */
void complain_list(const char *template, va_list arguments);

/* Prints @size bytes of another program's output with the same escapes. A newline is added if the
 * last line lacks one. */
void complain_block(const char *text, size_t size);

#endif
