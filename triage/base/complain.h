/* SPDX-License-Identifier: Apache-2.0
 * Error messages on standard error, and the exit codes. */
#ifndef FENCEPOST_BASE_COMPLAIN_H
#define FENCEPOST_BASE_COMPLAIN_H

#include <stdarg.h>
#include <stddef.h>

/* Exit codes of every command. */
enum {
	EXIT_FINE = 0,
	EXIT_INTERNAL = 1,
	EXIT_FINDING = 2,
	EXIT_NOTHING = 3, /* nothing to compare or to judge */
	EXIT_USAGE = 64,  /* EX_USAGE of sysexits.h */
	EXIT_INTERRUPTED = 130
};

/* Flushes standard output, then prints one line, "@who: TEXT". TEXT may be hostile: control characters are escaped.
 * Returns @code, for `return complain(...)` and exit(complain(...)). */
int complain(const char *who, int code, const char *template, ...)
	__attribute__((format(printf, 3, 4)));

/* The same without "@who: ". @arguments are used up. */
void complain_list(const char *template, va_list arguments);

/* Prints @size bytes of another program's output, with the same escapes, and ends the last line. */
void complain_block(const char *text, size_t size);

#endif
