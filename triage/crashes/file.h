/* SPDX-License-Identifier: Apache-2.0
 * crashes.json, read back: untrusted, as every file. */
#ifndef FENCEPOST_CRASHES_FILE_H
#define FENCEPOST_CRASHES_FILE_H

#include "dedup/key.h"

#include <jansson.h>

struct crashes_file {
	char *path;
	json_t *document;
	const json_t *crashes, *buckets; /* arrays of objects, whose indices are in range */
	size_t key_count;
	struct key *keys;         /* of its reports, as far as grouping compares them */
	size_t *bucket_of_report; /* CRASHES_NO_BUCKET: of none */
};
#define CRASHES_NO_BUCKET SIZE_MAX

/* Of the run @name: a directory, the id of one under runs/, or NULL or "latest" for the newest. 0, or
 * -errno with a message (-ENOENT: no such run; -EPROTO: keys of another version); for
 * crashes_file_close either way. */
int crashes_file_open(const char *name, struct crashes_file *ret, char **ret_error);
void crashes_file_close(struct crashes_file *file);

/* The index of the crash that @name means: its path, or the end of exactly one path, or the id of a bucket,
 * which means its reproducer. -ENOENT, or -EEXIST when several would do. */
long crashes_file_find(const struct crashes_file *file, const char *name);

/* The key of an object of `reports`, for key_free. */
struct key crashes_file_key(const json_t *report);

/* Of crash @i: its report, or CRASHES_NO_BUCKET. */
size_t crashes_file_report(const struct crashes_file *file, size_t i);

#endif
