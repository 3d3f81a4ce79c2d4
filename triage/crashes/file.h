/* SPDX-License-Identifier: Apache-2.0
 * Reads crashes.json, the result of `triage crashes`. The file is untrusted, because anybody may
 * have edited it. */
#ifndef FENCEPOST_CRASHES_FILE_H
#define FENCEPOST_CRASHES_FILE_H

#include "dedup/key.h"

#include <jansson.h>

struct crashes_file {
	char *path;
	json_t *document;
	const json_t *crashes, *buckets; /* arrays of objects whose indices were checked */
	size_t key_count;
	/* keys of the reports; each has only the fields that grouping compares */
	struct key *keys;
	size_t *bucket_of_report; /* index of the bucket, or CRASHES_NO_BUCKET */
};
#define CRASHES_NO_BUCKET SIZE_MAX

/* Opens crashes.json of the run @name: a directory, or an id under runs/. NULL and "latest" name
 * the newest run. Returns 0, or -errno and a message in *ret_error. -ENOENT: there is no such run.
 * -EPROTO: the keys are of another version. crashes_file_close() frees the result either way. */
int crashes_file_open(const char *name, struct crashes_file *ret, char **ret_error);
void crashes_file_close(struct crashes_file *file);

/* Returns the index of the crash @name. A name is a path, the end of exactly one path, or the id of
 * a bucket. An id stands for the bucket's reproducer. Returns -ENOENT if nothing fits, and -EEXIST
 * if several crashes fit. */
long crashes_file_find(const struct crashes_file *file, const char *name);

/* Returns the key of an object in the array `reports`. key_free() frees the key. */
struct key crashes_file_key(const json_t *report);

/* Returns the index of the report of crash @i, or CRASHES_NO_BUCKET if it has none. */
size_t crashes_file_report(const struct crashes_file *file, size_t i);

#endif
