/* SPDX-License-Identifier: Apache-2.0
 * Shows the progress of long work. On a terminal one line is redrawn. Elsewhere standard error gets
 * a new line every ten seconds. */
#ifndef FENCEPOST_BASE_PROGRESS_H
#define FENCEPOST_BASE_PROGRESS_H

#include "harnesses/base/clock.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;       /* name of the work, such as "judging" */
	const char *unit;       /* name of what is counted, such as "verdicts" */
	uint64_t total, before; /* @before: the part of @total that an earlier process did */
	int64_t started_ms, shown_ms;
	bool terminal;
};

/* Begins to count towards @total. An earlier process did @before of them. */
struct progress progress_start(const char *what, const char *unit, uint64_t total, uint64_t before);

/* Draws the line, at most five times a second on a terminal. @done includes the @before of
 * progress_start(). */
void progress_show(struct progress *progress, uint64_t done);

/* Clears the line on a terminal. */
void progress_end(struct progress *progress);

/* Prints a message on a line of its own, and clears the progress line first. The text may be
 * hostile: it is escaped. */
void progress_say(const char *template, ...) __attribute__((format(printf, 1, 2)));

#endif
