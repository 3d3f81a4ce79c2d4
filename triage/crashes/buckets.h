/* SPDX-License-Identifier: Apache-2.0
 * What the crashes of a run come to: symbols, keys, buckets, severities; and its forms for readers. */
#ifndef FENCEPOST_CRASHES_BUCKETS_H
#define FENCEPOST_CRASHES_BUCKETS_H

#include "crash.h"
#include "dedup/group.h"
#include "dedup/severity.h"
#include "exec/program.h"
#include "inputs/inputs.h"

#include <jansson.h>

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

/* Symbolizes, groups, rates; @buckets->crashes must be set, its reports are filled in. */
void crash_buckets_make(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes);
/* The same for reports that have their symbols. */
void crash_buckets_group(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes);
void crash_buckets_free(struct crash_buckets *buckets);

#endif
