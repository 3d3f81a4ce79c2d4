/* SPDX-License-Identifier: Apache-2.0
 * Checks that fail as Go's throw and Rust's panic_nounwind do (runtime/panic.go; core/src/panicking.rs). */
#include "language_abort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A word alone is the function whose precondition it is. */
static const char *rust_announcement(const char *kind)
{
	return strchr(kind, ' ') == NULL ? "unsafe precondition(s) violated: " : "";
}

void language_abort(enum tool tool, const char *kind, const char *source, int line)
{
	if (observe_then == OBSERVE_THEN_LAND)
		observe_decision(tool, kind, OBSERVED_UNKNOWN, 0);
	observe_report(tool, kind, OBSERVED_UNKNOWN, 0);
	if (tool == TOOL_CHECKPTR) {
		dprintf(STDERR_FILENO,
			"fatal error: %s\n\ngoroutine 1 [running]:\nmain.main()\n\t%s:%d +0x0\n",
			kind, source, line);
		_exit(2);
	}
	dprintf(STDERR_FILENO,
		"thread 'main' panicked at %s:%d:1:\n%s%s\nstack backtrace:\n   0: main\n"
		"             at %s:%d:1\nthread caused non-unwinding panic. aborting.\n",
		source, line, rust_announcement(kind), kind, source, line);
	abort();
}
