/* SPDX-License-Identifier: Apache-2.0
 * What the crashes of a run come to: symbols, keys, buckets, severities; and its forms for readers. */
#ifndef FENCEPOST_CRASHES_BUCKETS_H
#define FENCEPOST_CRASHES_BUCKETS_H

#include "crash.h"
#include "dedup/group.h"
#include "dedup/severity.h"
#include "exec/program.h"
#include "inputs.h"

#include <jansson.h>

#define CRASH_BUCKETS_SCHEMA "fencepost/crashes/1"

struct crash_bucket {
	char id[KEY_DIGITS +
		12]; /* the key; where several buckets share it, at other places, with "-2", "-3" */
	const struct severity_rule *severity; /* of its worst report */
	enum key_untold untold; /* what holds these crashes together is not that they are one bug */
	size_t family;          /* from 1 on; 0: there is no other bucket to be looked at with it */
	size_t report;          /* of the reproducer: its key is the bucket's */
	size_t report_count, *reports;
	size_t count, *members; /* crashes, smallest file first: the first one is the reproducer */
};

struct crash_buckets {
	/* what was run: set by the caller */
	const struct program *target;
	const struct crashes *crashes;
	const struct inputs *inputs; /* NULL: nothing was passed over */
	const char *directory;       /* runs/<id> */
	bool complete;               /* false: interrupted */
	bool forks;
	int timeout_s; /* the limits it was run with; 0: nothing was run, reports were read */
	unsigned memory_mib;
	double wall_s;
	uint64_t executions;
	size_t reused;
	char *symbols_error; /* why there are no function names; or NULL. crash_buckets_free frees */
	/* what it comes to */
	struct groups groups; /* of the reports */
	size_t count;
	/* families by their worst bucket, and in each worst first, then the one with most files */
	struct crash_bucket *list;
	size_t family_count; /* of several buckets */
	size_t heaps;        /* of the list: those that hold what cannot be told apart */
	/* crashes: of those that were run, those that died in every run, in some, in none; stopped by a limit */
	size_t states[CRASH_STATE_COUNT], steady, flaky, quiet, limited;
	size_t unknown; /* of the quiet */
};

/* Symbolizes, groups, rates; @findings->crashes must be set, its reports are filled in. */
void crash_buckets_make(
	struct crash_buckets *findings, const struct ignore *ignore, struct crashes *crashes);
void crash_buckets_free(struct crash_buckets *findings);

/* How @finding's reports hang together: "same key, same lines (12 times); the same functions recur"; of what
 * cannot be told apart, why not. The caller frees. */
char *crash_bucket_why(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* What it is to be looked at together with: "family 2, 3 buckets to be looked at together: ..."; NULL when it
 * stands alone. The caller frees. */
char *crash_bucket_kin(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* The functions on top of the one at fault, which were passed over: "abort, my_assert_fail"; NULL of none. The
 * caller frees. */
char *crash_bucket_passed(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* The command that shows a stack where none is known, or NULL: also where the program would take all the memory
 * there is. The caller frees. */
char *crash_bucket_next(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* The function that is at fault in buckets of most callers, at least three: it may only do what others ask for.
 * NULL when there is none. The caller frees. */
char *crash_buckets_shared(const struct crash_buckets *findings, size_t *ret_callers);

/* "heap-buffer-overflow WRITE in parse at src/parse.c:41:7"; the caller frees. */
char *crash_bucket_title(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* Why it is rated as it is; of a limit of ours, which option lifts it: "it went over the 2048 MiB of -m; -m 0 lifts
 * it". The caller frees. */
char *crash_bucket_words(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* A line for a shell that reproduces it; the caller frees. */
char *crash_bucket_command(
	const struct crash_buckets *findings, const struct crash_bucket *finding);

/* What else its members were called: "SEGV, stack-buffer-overflow", or "". The caller frees. */
char *crash_bucket_kinds(const struct crash_buckets *findings, const struct crash_bucket *finding);

/* The frame to look at first: the first that is not ignored. NULL without any. */
const struct report_frame *crash_bucket_frame(
	const struct crash_buckets *findings, const struct crash_bucket *finding);

/* Holds buckets and families, and the keys that others use, against the labels in the file @path, "file TAB
 * label" a line: prints the scores (stats/score.h) and the worst merges and splits. A file may
 * have its label twice. 0; -ENODATA when no label is of a crash that is here; -EEXIST with a message, for free, when
 * a file has two that differ; or -errno. */
int crash_buckets_score(
	const struct crash_buckets *findings, const char *path, FILE *out, char **ret_why);

/* Forms. crash_buckets_json, crash_buckets_sarif: a new reference. crash_buckets_junit, crash_buckets_html: text for free. */
void crash_buckets_print(const struct crash_buckets *findings, FILE *out);
void crash_buckets_print_passed(const struct inputs *inputs, FILE *out);
json_t *crash_buckets_json(const struct crash_buckets *findings);
json_t *crash_buckets_sarif(const struct crash_buckets *findings);
char *crash_buckets_junit(const struct crash_buckets *findings);
char *crash_buckets_html(const struct crash_buckets *findings);

#endif
