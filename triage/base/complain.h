/* SPDX-License-Identifier: Apache-2.0
 * What a subcommand has to say on standard error. */
#ifndef FENCEPOST_BASE_COMPLAIN_H
#define FENCEPOST_BASE_COMPLAIN_H

#include <stddef.h>

/* Exit codes of every command. */
enum {
	EXIT_FINE = 0,
	EXIT_INTERNAL = 1,
	EXIT_FINDING = 2,
	EXIT_NOTHING = 3, /* to compare, or to judge */
	EXIT_USAGE = 64,  /* EX_USAGE of sysexits.h */
	EXIT_INTERRUPTED = 130
};

/* One line, "@who: ...", after all that standard output was to show. The text may be hostile: what a terminal
 * would obey is escaped. Returns @code, so that it can stand behind `return` or inside exit(). */
int complain(const char *who, int code, const char *template, ...)
	__attribute__((format(printf, 3, 4)));

/* What another program said, on lines of its own, likewise escaped. */
void complain_block(const char *text, size_t size);

#endif
