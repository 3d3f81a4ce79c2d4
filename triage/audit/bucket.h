/* SPDX-License-Identifier: Apache-2.0
 * Buckets of a campaign: crashes judged to be the same bug by dedup/key.h and dedup/group.h, and the reproducers
 * that are kept of them. */
#ifndef FENCEPOST_AUDIT_BUCKET_H
#define FENCEPOST_AUDIT_BUCKET_H

#include "audit.h"
#include "dedup/key.h"

#include <jansson.h>

struct bucket {
	char key[KEY_DIGITS + 1]; /* of the member that is kept */
	char *name;   /* "<detector>-<kind>-<key>": its directory under crashes/<class>/ */
	size_t first; /* index of the member that is kept */
	size_t count, capacity;
	size_t *members; /* indices of the audits it was made from */
};

struct buckets {
	size_t count, capacity;
	struct bucket *list; /* in order of their names */
};

/* Groups the audits that a report ended (all but silent and clean ones). Kept is the member whose
 * canonical bytes come first. The result is for buckets_free. */
void buckets_make(const struct detector *detector, const struct audit *audits, size_t count,
	struct buckets *ret);
void buckets_free(struct buckets *buckets);

/* The functions that the key is made of; a new reference. */
json_t *bucket_frames(const struct audit *audit);

/* The key of one audit, as in struct bucket. */
void bucket_key(const struct audit *audit, char ret[KEY_DIGITS + 1]);

/* The report as it was printed, in the symbolizer's words, without process ids and the way to the tree; the
 * caller frees. */
char *bucket_text(const struct audit *audit);

/* Makes @directory, there whole or not at all: @write fills it, under a name of this process's own beside it,
 * and returns 0 or -errno. 0; 1 when it was there already (it is left alone); or -errno. */
int kept_make(
	const char *directory, int write(const char *temporary, const void *arg), const void *arg);

/* Keeps @audit under @crashes/<class slug>/<name>/ as input, report.txt and
 * bucket.json. 0; 1 when the bucket was there already (it is left alone); or -errno. Buckets of one kind and
 * key but of several FAULT lines get a number behind their name, which changes @bucket->name. */
int bucket_keep(const char *crashes, struct bucket *bucket, const struct detector *detector,
	const struct audit *audit, const char *toolchain);

#endif
