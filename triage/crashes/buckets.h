/* SPDX-License-Identifier: Apache-2.0
 * Makes the buckets of a run of crashes: symbols, keys, groups and severities. */
#ifndef FENCEPOST_CRASHES_BUCKETS_H
#define FENCEPOST_CRASHES_BUCKETS_H

#include "crash.h"
#include "dedup/group.h"
#include "dedup/severity.h"
#include "exec/program.h"
#include "inputs/inputs.h"

#include <jansson.h>

struct crash_bucket {
	char id[KEY_DIGITS + 12]; /* the key; with "-2", "-3" when several buckets share a key */
	const struct severity_rule *severity; /* of its worst report */
	enum key_untold untold; /* if not KEY_TOLD: these crashes may be several bugs */
	size_t family;          /* from 1 on; 0: no other bucket is related */
	size_t report;          /* of the reproducer; its key is the key of the bucket */
	size_t report_count, *reports;
	size_t count, *members; /* crashes, smallest file first: the first one is the reproducer */
};

struct crash_buckets {
	/* set by the caller */
	const struct program *target;
	const struct crashes *crashes;
	const struct inputs *inputs; /* NULL: no file was skipped */
	const char *directory;       /* runs/<id> */
	bool complete;               /* false: interrupted */
	bool forks;
	int timeout_s; /* limits of a run; 0: saved reports were read, nothing ran */
	unsigned memory_mib;
	double wall_s;
	uint64_t executions;
	size_t reused;
	char *symbols_error; /* the reason why function names are missing, or NULL; crash_buckets_free() frees it */
	/* the result */
	struct groups groups; /* of the reports */
	size_t count;
	/* sorted: families by their worst bucket; in a family the worst bucket first, then the one with most files */
	struct crash_bucket *list;
	size_t family_count; /* families of several buckets */
	size_t heaps;        /* buckets whose crashes cannot be told apart */
	/* numbers of crashes: by state; died in every run, in some runs, in no run; stopped by a limit */
	size_t states[CRASH_STATE_COUNT], steady, flaky, quiet, limited;
	size_t unknown; /* of the quiet ones: crash_end_unknown() */
};

/* Symbolizes, groups and rates the reports of @crashes. crash_buckets_free() frees the result. */
void crash_buckets_make(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes);
/* Groups and rates reports that are symbolized already. */
void crash_buckets_group(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes);
void crash_buckets_free(struct crash_buckets *buckets);

#endif
