/* SPDX-License-Identifier: Apache-2.0
 * The crashes of one run of `triage crashes`, with the report of each.
 *
 * runs/<id>/run.json        the request; written first, schema fencepost/crashes-run/1
 * runs/<id>/journal.jsonl   results so far, for an interrupted run (cache.h)
 * runs/<id>/crashes.json    written last, schema fencepost/crashes/1 (buckets_formats.h)
 *
 * Crashes that died alike share one report: the first text of that signature is kept. */
#ifndef FENCEPOST_CRASHES_CRASH_H
#define FENCEPOST_CRASHES_CRASH_H

#include "dedup/key.h"

#include <stdint.h>

#define CRASH_RUNS 3 /* runs of each input; a hang without a stack is not tried again */
#define CRASH_NONE SIZE_MAX

enum crash_state {
	CRASH_WAITING, /* not run yet, or the run was interrupted */
	CRASH_DONE,
	CRASH_GONE,       /* deleted after it was found */
	CRASH_UNREADABLE, /* or no regular file */
	CRASH_FAILED,     /* the target could not be run on it */
	CRASH_STATE_COUNT
};

#define CRASH_HASH_DIGITS 32 /* of the XXH3 of an input, 128 bits */

struct crash {
	const char *path;
	char hash[CRASH_HASH_DIGITS + 1];
	uint64_t size;
	int64_t seen_s; /* when a saved report was printed or written, since 1970; 0: not known */
	enum crash_state state;
	unsigned runs, crashed; /* it crashed in @crashed of @runs runs */
	bool varies;   /* the runs died in different ways; the report is that of the first death */
	bool reused;   /* taken from the cache of an earlier run */
	size_t report; /* index, or CRASH_NONE */
	char *ended;   /* if it died in no run: how it ended; or NULL */
	bool unknown;  /* ... and whether that may have been a crash (crash_end_unknown) */
};

/* The report of a later run of a hang: one run alone shows a random place of the loop (hang.h). */
struct crash_again {
	char *text;
	struct reports *reports;
};

/* The end of a process, and its output. */
struct crash_report {
	char *text; /* without control characters but newline and tab, NUL-terminated */
	int wait_status;
	bool timed_out, out_of_memory;
	uint64_t signature;
	struct reports *reports; /* of @text */
	struct report made;      /* made from several, when no single report is complete */
	const struct report *main;
	size_t again_count; /* of a hang */
	struct crash_again again[CRASH_RUNS - 1];
	struct report_stack common; /* frames that all its runs share, for @made */
	struct key key;
};

struct crashes {
	size_t count;
	struct crash *list;
	size_t report_count;
	struct crash_report **reports;
	size_t name_count;
	char **names; /* owned names of crashes without a file of their own */
};

/* Makes a crash for each of @paths, which must outlive the result, and hashes the files. crashes_free() frees it. */
void crashes_open(char *const *paths, size_t count, struct crashes *ret);
void crashes_free(struct crashes *crashes);

/* Returns @name, which from now on @crashes owns. */
const char *crashes_keep_name(struct crashes *crashes, char *name);

/* Returns @text without colour escapes and without carriage returns at line ends. Other control characters, and bytes
 * that are no UTF-8, become \xNN. The caller frees. */
char *crash_clean(const char *text, size_t size);

/* Parses ret->text and chooses ret->main; NULL when the process did not die. crash_report_close() frees the result. */
void crash_read(struct crash_report *ret);
void crash_report_close(struct crash_report *report);
/* Moves a report; @from is empty afterwards. */
void crash_report_move(struct crash_report *from, struct crash_report *to);

/* Did it die of a signal, or hang, without a stack? */
bool crash_lacks_stack(const struct crash_report *report);
/* Adds the text of a tracer (exec/trace.h) to the report. */
void crash_add_stack(struct crash_report *report, const char *stack);

/* Adds the text of a later run of the same hang, which @report then owns. Texts of too many runs are dropped. */
void crash_add_again(struct crash_report *report, char *text);

/* Returns the end of a process that did not die, such as "exit status 2, last words: \"unknown format\"". @caught: its
 * handled signals (exec/exec.h). The caller frees. */
char *crash_ended(int wait_status, const char *words, uint64_t caught);

/* Did it end like a process whose sanitizer ignored our options and printed nothing? That happens when a program empties
 * its environment, executes another and has no standard error. */
bool crash_end_unknown(int wait_status, const char *words, uint64_t caught);

/* Did a limit of ours stop it, before any report? */
bool crash_is_limit(const struct crash_report *report);

/* Returns the index of the report with @like's signature. If there is none yet, @like becomes one, and gives up its
 * contents. */
size_t crashes_add_report(struct crashes *crashes, struct crash_report *like);

#endif
