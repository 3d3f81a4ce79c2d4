/* SPDX-License-Identifier: Apache-2.0
 * Buckets of audits: crashes/buckets.h on the reports of plans, and the reproducers that are kept of them. */
#ifndef FENCEPOST_FUZZ_BUCKETS_H
#define FENCEPOST_FUZZ_BUCKETS_H

#include "audit/audit.h"
#include "crashes/buckets.h"

struct bucket {
	const struct crash_bucket *of; /* its members are in the order of the audits */
	const char *key;               /* of the member that is kept */
	char *name; /* "<detector>-<kind>-<key>": its directory under crashes/<class>/ */
	const struct audit *audit; /* the member that is kept: the one with the plainest plan */
};

struct buckets {
	struct crashes crashes; /* crash i is audit i */
	struct crash_buckets all;
	struct bucket *list; /* all.count, in order of their names */
};

/* Groups the audits that a report ended (all but silent and clean ones), which must outlive the result. For
 * buckets_free. */
void buckets_make(const struct detector *detector, const struct audit *audits, size_t count,
	struct buckets *ret);
void buckets_free(struct buckets *buckets);

/* Keeps the bucket's audit (audit/kept.h), as kept_write. Buckets of one kind and key but of several FAULT lines get
 * a number behind their name, which changes @bucket->name. */
int bucket_keep(const char *crashes, struct bucket *bucket, const struct detector *detector,
	const char *toolchain);

#endif
