/* SPDX-License-Identifier: Apache-2.0
 * How far a long piece of work is: one line that is drawn anew on a terminal, now and then a line of its
 * own where standard error is none. */
#ifndef FENCEPOST_BASE_PROGRESS_H
#define FENCEPOST_BASE_PROGRESS_H

#include "harnesses/base/clock.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;       /* "judging", say */
	const char *unit;       /* "verdicts" */
	uint64_t total, before; /* @before: done when the work began, by an earlier process */
	int64_t started_ms, shown_ms;
	bool terminal;
};

struct progress progress_start(const char *what, const char *unit, uint64_t total, uint64_t before);

/* Cheap: draws at most five times a second, on no terminal every ten seconds. @done includes @before. */
void progress_show(struct progress *progress, uint64_t done);

/* Clears the line. */
void progress_end(struct progress *progress);

/* A line of its own, in place of one that is drawn, about what is done next, or was done. The text may be hostile: it is escaped. */
void progress_say(const char *template, ...) __attribute__((format(printf, 1, 2)));

#endif
