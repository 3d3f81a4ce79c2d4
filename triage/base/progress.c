/* SPDX-License-Identifier: Apache-2.0
 * The progress line. */
#include "progress.h"

#include "complain.h"
#include "util.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define TERMINAL_EVERY_MS 200
#define LINES_EVERY_MS    10000

struct progress progress_start(const char *what, const char *unit, uint64_t total, uint64_t before)
{
	int64_t now = clock_now_ms();

	return (struct progress){ what, unit, total, before, now, now, isatty(STDERR_FILENO) == 1 };
}

void progress_show(struct progress *progress, uint64_t done)
{
	int64_t now = clock_now_ms(), spent_ms = now - progress->started_ms;
	uint64_t fresh = done > progress->before ? done - progress->before : 0;
	double rate = spent_ms > 0 ? (double)fresh * 1000 / (double)spent_ms : 0;
	double left_s = rate > 0 ? (double)(progress->total - done) / rate : 0;

	if (now - progress->shown_ms < (progress->terminal ? TERMINAL_EVERY_MS : LINES_EVERY_MS))
		return;
	progress->shown_ms = now;
	fprintf(stderr, "%s%s: %llu of %llu %s, %.0f a second, %.0f s left%s",
		progress->terminal ? "\r" : "", progress->what, (unsigned long long)done,
		(unsigned long long)progress->total, progress->unit, rate, left_s,
		progress->terminal ? "\033[K" : "\n");
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->terminal)
		fprintf(stderr, "\r\033[K");
}

void progress_say(const char *template, ...)
{
	va_list arguments;

	if (isatty(STDERR_FILENO) == 1)
		fputs("\r\033[K", stderr);
	va_start(arguments, template);
	complain_list(template, arguments);
	va_end(arguments);
}
