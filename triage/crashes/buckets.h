/* SPDX-License-Identifier: Apache-2.0
 * Makes the buckets of a run of `triage crashes`. A bucket holds the crashes that probably have one
 * bug in common. The steps are: find function names, make keys (dedup/key.h), group the keys, rate
 * the severity. */
#ifndef FENCEPOST_CRASHES_BUCKETS_H
#define FENCEPOST_CRASHES_BUCKETS_H

#include "crash.h"
#include "dedup/group.h"
#include "dedup/severity.h"
#include "exec/program.h"
#include "inputs/inputs.h"

#include <jansson.h>

struct crash_bucket {
	char id[KEY_DIGITS + 12]; /* the key; with "-2", "-3" if several buckets share a key */
	const struct severity_rule *severity; /* rule of the bucket's worst report */
	enum key_untold untold; /* if not KEY_TOLD: these crashes may be of several bugs */
	/* number of the family (dedup/group.h), from 1 on; 0: no other bucket is related */
	size_t family;
	/* index of the reproducer's report; its key is the key of the bucket */
	size_t report;
	size_t report_count, *reports;
	/* indices of the crashes, the smallest file first; this first one is the reproducer */
	size_t count, *members;
};

struct crash_buckets {
	/* The caller sets the members from here on. */
	const struct program *target;
	const struct crashes *crashes;
	const struct inputs *inputs; /* NULL: no file was skipped */
	const char *directory;       /* directory of the run, runs/<id> */
	bool complete;               /* false: the run was interrupted */
	bool forks;
	int timeout_s; /* limit of each run; 0: nothing ran, because saved reports were read */
	unsigned memory_mib;
	double wall_s;
	uint64_t executions;
	size_t reused;
	/* The reason for which function names are missing, or NULL. crash_buckets_free() frees the
	 * text. */
	char *symbols_error;
	/* crash_buckets_make() sets the members from here on. */
	struct groups groups; /* groups of the reports */
	size_t count;
	/* The buckets in the order of output. Families are sorted by their worst bucket. Within a
	 * family the worst bucket comes first, then the bucket with most files. */
	struct crash_bucket *list;
	size_t family_count; /* number of families that have several buckets */
	size_t heaps;        /* number of buckets whose crashes cannot be told apart */
	/* Numbers of crashes: for each state; then those that died in every run, in some runs, and
	 * in no run; then those that a limit stopped. */
	size_t states[CRASH_STATE_COUNT], steady, flaky, quiet, limited;
	size_t unknown; /* the part of @quiet for which crash_end_unknown() is true */
};

/* Looks up function names, then groups and rates the reports of @crashes. @ignore lists the frames
 * that are skipped. crash_buckets_free() frees the result. */
void crash_buckets_make(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes);
/* Groups and rates reports whose function names are known already. */
void crash_buckets_group(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes);
void crash_buckets_free(struct crash_buckets *buckets);

#endif
