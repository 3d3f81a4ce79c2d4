/* SPDX-License-Identifier: Apache-2.0
 * The crashes of one run of `triage crashes`, and what is known of each.
 *
 * runs/<id>/run.json        what was asked; written first, schema fencepost/crashes-run/1
 * runs/<id>/journal.jsonl   what an interrupted run keeps (cache.h)
 * runs/<id>/crashes.json    written last, schema fencepost/crashes/1 (buckets_formats.h)
 *
 * Crashes that died alike share one report: the first text of that signature is kept. */
#ifndef FENCEPOST_CRASHES_CRASH_H
#define FENCEPOST_CRASHES_CRASH_H

#include "dedup/key.h"

#include <stdint.h>

#define CRASH_RUNS 3 /* of each input; one that hangs, and does not say where, is not tried again */
#define CRASH_NONE SIZE_MAX

enum crash_state {
	CRASH_WAITING, /* not run: the run was interrupted */
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
	enum crash_state state;
	unsigned runs, crashed; /* crashed of runs */
	bool varies;            /* not every run died alike; the report is of the first that died */
	bool reused;            /* known from an earlier run */
	size_t report;          /* index, or CRASH_NONE */
	char *ended;            /* how it ended, of one that did not die in any run, or NULL */
	bool unknown; /* ... and that may have been a sanitizer's end (crash_end_unknown) */
};

/* What a later run said of a hang: where a process that is in a loop was stopped is luck (hang.h). */
struct crash_again {
	char *text;
	struct reports *reports;
};

/* How a process ended, and what it said. */
struct crash_report {
	char *text; /* without control characters but newline and tab, NUL-terminated */
	int wait_status;
	bool timed_out, out_of_memory;
	uint64_t signature;
	struct reports *reports; /* of @text */
	struct report made;      /* where none of them says it all */
	const struct report *main;
	size_t again_count; /* of a hang */
	struct crash_again again[CRASH_RUNS - 1];
	struct report_stack common; /* of all its runs, for @made */
	struct key key;
};

struct crashes {
	size_t count;
	struct crash *list;
	size_t report_count, report_capacity;
	struct crash_report **reports;
	size_t name_count;
	char **names; /* owned: of crashes that no file is named for */
};

/* Of @paths, which must outlive the result. Hashes the files. For crashes_free. */
void crashes_open(char *const *paths, size_t count, struct crashes *ret);
void crashes_free(struct crashes *crashes);

/* Takes @name over, to be freed with @crashes. Returns it. */
const char *crashes_keep_name(struct crashes *crashes, char *name);

/* Colour escapes and carriage returns at a line's end dropped, other control characters and what is no UTF-8 as \xNN; the caller frees. */
char *crash_clean(const char *text, size_t size);

/* Parses ret->text, and says how it died: @ret->main is NULL when it did not. For crash_report_close. */
void crash_read(struct crash_report *ret);
void crash_report_close(struct crash_report *report);
/* Nothing is left in @from. */
void crash_report_move(struct crash_report *from, struct crash_report *to);

/* Did it die of a signal of its own, or hang, without a stack that says where? */
bool crash_lacks_stack(const struct crash_report *report);
/* Adds what a tracer said (exec/trace.h) to what it said itself. */
void crash_add_stack(struct crash_report *report, const char *stack);

/* Takes over what a later run said of the hang that @report is of. The runs that are too many are dropped. */
void crash_add_again(struct crash_report *report, char *text);

/* "exit status 2, last words: \"unknown format\"", of a process that did not die; @caught: the signals it had
 * handlers for (exec/exec.h). The caller frees. */
char *crash_ended(int wait_status, const char *words, uint64_t caught);

/* Did it end as a sanitizer's runtime that never saw our options ends it, without a word of what it found? So does a
 * program that empties its environment, executes another and has no standard error. */
bool crash_end_unknown(int wait_status, const char *words, uint64_t caught);

/* Was it stopped by a limit of ours, and said nothing before? */
bool crash_is_limit(const struct crash_report *report);

/* The report of @like's signature: the one there is, or a new one that takes over what @like owns. */
size_t crashes_add_report(struct crashes *crashes, struct crash_report *like);

#endif
