/* SPDX-License-Identifier: Apache-2.0
 * Groups the reports of audits into buckets (crashes/buckets.h), and keeps a reproducer of each. */
#ifndef FENCEPOST_FUZZ_BUCKETS_H
#define FENCEPOST_FUZZ_BUCKETS_H

#include "audit/audit.h"
#include "crashes/buckets.h"

struct bucket {
	const struct crash_bucket *of; /* its members are in the order of the audits */
	const char *key;               /* of the kept member */
	char *name; /* "<detector>-<kind>-<key>": its directory under crashes/<class>/ */
	const struct audit *audit; /* the kept member, with the simplest plan */
};

struct buckets {
	struct crashes crashes; /* crash i is audit i */
	struct crash_buckets all;
	struct bucket *list; /* all.count, in order of their names */
};

/* Groups the audits that ended with a report (all but silent and clean ones). They must outlive the result, which
 * buckets_free() frees. */
void buckets_make(const struct detector *detector, const struct audit *audits, size_t count,
	struct buckets *ret);
void buckets_free(struct buckets *buckets);

/* Keeps the bucket's audit, and returns as kept_write() does (audit/kept.h). If several buckets share kind and key, but
 * not the FAULT line, a number is added to @bucket->name. */
int bucket_keep(const char *crashes, struct bucket *bucket, const struct detector *detector,
	const char *toolchain);

#endif
