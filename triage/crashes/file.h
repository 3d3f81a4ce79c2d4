/* SPDX-License-Identifier: Apache-2.0
 * Reads crashes.json, which is untrusted, as every file. */
#ifndef FENCEPOST_CRASHES_FILE_H
#define FENCEPOST_CRASHES_FILE_H

#include "dedup/key.h"

#include <jansson.h>

struct crashes_file {
	char *path;
	json_t *document;
	const json_t *crashes, *buckets; /* arrays of objects, whose indices are in range */
	size_t key_count;
	struct key *keys;         /* of its reports: the fields that grouping compares */
	size_t *bucket_of_report; /* CRASHES_NO_BUCKET: in none */
};
#define CRASHES_NO_BUCKET SIZE_MAX

/* Opens the file of the run @name: a directory, an id under runs/, or NULL or "latest" for the newest. 0, or -errno
 * with a message (-ENOENT: no such run; -EPROTO: keys of another version). crashes_file_close() frees the result either
 * way. */
int crashes_file_open(const char *name, struct crashes_file *ret, char **ret_error);
void crashes_file_close(struct crashes_file *file);

/* Returns the index of the crash @name: its path, the end of exactly one path, or the id of a bucket, for its reproducer.
 * -ENOENT, or -EEXIST when several fit. */
long crashes_file_find(const struct crashes_file *file, const char *name);

/* Returns the key of an object of `reports`; key_free() frees it. */
struct key crashes_file_key(const json_t *report);

/* Returns the index of the report of crash @i, or CRASHES_NO_BUCKET. */
size_t crashes_file_report(const struct crashes_file *file, size_t i);

#endif
