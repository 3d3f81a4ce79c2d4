/* SPDX-License-Identifier: Apache-2.0
 * Groups the reports of audits into buckets (crashes/buckets.h), and keeps one reproducer of each
 * bucket. */
#ifndef FENCEPOST_FUZZ_BUCKETS_H
#define FENCEPOST_FUZZ_BUCKETS_H

#include "audit/audit.h"
#include "crashes/buckets.h"

struct bucket {
	const struct crash_bucket *of; /* the bucket; its members are in the order of the audits */
	const char *key;               /* key of the member that is kept */
	char *name; /* name of the directory under crashes/<class>/: "<detector>-<kind>-<key>" */
	const struct audit *audit; /* the member that is kept: the one with the simplest plan */
};

struct buckets {
	struct crashes crashes; /* crash i belongs to audit i */
	struct crash_buckets all;
	struct bucket *list; /* all.count buckets, sorted by name */
};

/* Groups the audits that ended with a report. Audits with the verdict silent or clean have none.
 * The audits must outlive the result. buckets_free() frees the result. */
void buckets_make(const struct detector *detector, const struct audit *audits, size_t count,
	struct buckets *ret);
void buckets_free(struct buckets *buckets);

/* Keeps the audit of the bucket, and returns as kept_write() does (audit/kept.h). Several buckets
 * may share kind and key, but not the FAULT line. A number is then added to @bucket->name. */
int bucket_keep(const char *crashes, struct bucket *bucket, const struct detector *detector,
	const char *toolchain);

#endif
