/* SPDX-License-Identifier: Apache-2.0
 * Holds the crashes of one run of `triage crashes`, and the report of each. The run writes three
 * files:
 *
 *   runs/<id>/run.json        the request; written first, schema fencepost/crashes-run/1
 *   runs/<id>/journal.jsonl   results so far, for a run that is interrupted (cache.h)
 *   runs/<id>/crashes.json    the result; written last, schema fencepost/crashes/1
 *
 * Crashes with the same signature share one report. The first text of that signature is kept. */
#ifndef FENCEPOST_CRASHES_CRASH_H
#define FENCEPOST_CRASHES_CRASH_H

#include "dedup/key.h"

#include <stdint.h>

#define CRASH_RUNS 3 /* runs of each input; a hang without a stack runs once */
#define CRASH_NONE SIZE_MAX

enum crash_state {
	CRASH_WAITING, /* not run yet, or the run was interrupted */
	CRASH_DONE,
	CRASH_GONE,       /* the file was deleted after it was found */
	CRASH_UNREADABLE, /* the file cannot be read, or is not a regular file */
	CRASH_FAILED,     /* the target could not be run on the file */
	CRASH_STATE_COUNT
};

#define CRASH_HASH_DIGITS 32 /* hexadecimal digits of the 128-bit XXH3 of an input */

struct crash {
	const char *path;
	char hash[CRASH_HASH_DIGITS + 1];
	uint64_t size;
	/* time at which a saved report was printed or written, in seconds since 1970; 0: unknown */
	int64_t seen_s;
	enum crash_state state;
	unsigned runs, crashed; /* the input ran @runs times, and crashed in @crashed of these */
	bool varies;   /* the runs died in different ways; the report is of the first death */
	bool reused;   /* the result comes from the cache of an earlier run */
	size_t report; /* index of the report, or CRASH_NONE */
	char *ended;   /* how the process ended, if no run died; otherwise NULL */
	bool unknown;  /* no run died, but crash_end_unknown() is true of the end */
};

/* Holds the report of a further run of a hang. One run alone shows a random place of the loop
 * (hang.h). */
struct crash_again {
	char *text;
	struct reports *reports;
};

/* Describes the end of a process, and holds its output. */
struct crash_report {
	char *text; /* NUL-terminated, without control characters except newline and tab */
	int wait_status;
	bool timed_out, out_of_memory;
	uint64_t signature;
	struct reports *reports; /* the sanitizer reports in @text */
	/* a report made from several others, if no single one is complete */
	struct report made;
	const struct report *main;
	size_t again_count; /* further runs of a hang */
	struct crash_again again[CRASH_RUNS - 1];
	struct report_stack common; /* the frames that all runs of a hang share, for @made */
	struct key key;
};

struct crashes {
	size_t count;
	struct crash *list;
	size_t report_count;
	struct crash_report **reports;
	size_t name_count;
	char **names; /* names, owned by this struct, of crashes that share a file */
};

/* Makes a crash for each of @paths, and hashes the files. The paths must outlive the result.
 * crashes_free() frees it. */
void crashes_open(char *const *paths, size_t count, struct crashes *ret);
void crashes_free(struct crashes *crashes);

/* Hands @name over to @crashes, which frees it at its end. Returns @name. */
const char *crashes_keep_name(struct crashes *crashes, char *name);

/* Returns a copy of @text without colour escapes and without carriage returns at line ends. Other
 * control characters become \xNN, and so do bytes that are not UTF-8. The caller frees the copy. */
char *crash_clean(const char *text, size_t size);

/* Parses ret->text and chooses ret->main, the report that counts. ret->main is NULL if the process
 * did not die. crash_report_close() frees the result. */
void crash_read(struct crash_report *ret);
void crash_report_close(struct crash_report *report);
/* Moves a report from @from to @to. @from is empty afterwards. */
void crash_report_move(struct crash_report *from, struct crash_report *to);

/* Did the process die of a signal, or hang, without a stack in its report? */
bool crash_lacks_stack(const struct crash_report *report);
/* Adds the text of a tracer (exec/trace.h) to the report. */
void crash_add_stack(struct crash_report *report, const char *stack);

/* Adds @text, of a further run of the same hang. The report owns @text from now on. Texts beyond
 * CRASH_RUNS runs are dropped. */
void crash_add_again(struct crash_report *report, char *text);

/* Returns a description of the end of a process that did not die, such as "exit status 2, last
 * words: \"unknown format\"". @caught has the signals that the process handles (struct exec_end).
 * The caller frees the text. */
char *crash_ended(int wait_status, const char *words, uint64_t caught);

/* Did the process end as if its sanitizer had ignored our options and printed nothing? That happens
 * when a program empties its environment, executes another program, and has no standard error. */
bool crash_end_unknown(int wait_status, const char *words, uint64_t caught);

/* Did a limit of this program (time or memory) stop the process before any report? */
bool crash_is_limit(const struct crash_report *report);

/* Returns the index of the report that has the signature of @like. If there is none, @like becomes
 * a new report and hands over its contents. */
size_t crashes_add_report(struct crashes *crashes, struct crash_report *like);

#endif
