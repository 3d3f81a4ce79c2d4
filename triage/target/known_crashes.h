/* SPDX-License-Identifier: Apache-2.0
 * The crashes of a target that are accepted, beside its source and for its repository:
 *
 * <source without suffix>.crashes/<detector>.json   schema fencepost/accepted/1, a line a way to die
 * <source without suffix>.crashes/<detector>/<id>   an input of each bucket, when it is small
 *
 * {detector, key_version, schema, buckets [{id, input, severity, title, ways [...]}]}, sorted by id. A way is
 * a report of crashes.json as far as matching looks at it. */
#ifndef FENCEPOST_TARGET_KNOWN_CRASHES_H
#define FENCEPOST_TARGET_KNOWN_CRASHES_H

#include "crashes/match.h"
#include "inputs/inputs.h"

#define KNOWN_CRASHES_INPUT_MAX (64u << 10) /* bytes; a larger input is not kept */

struct known_crashes {
	char *path, *directory; /* the list; where its inputs are */
	json_t *document;
	const json_t
		*buckets; /* also of keys of another version: then without keys, but with inputs */
	int key_version;
	size_t key_count;
	struct key *keys;
	struct match_side side; /* bucket i of the list is bucket i of it */
};

/* Reads the list. 0 or -errno with a message (-ENOENT: there is none; -EPROTO: keys of another version); for
 * known_crashes_close either way. */
int known_crashes_open(
	const char *source, const char *detector, struct known_crashes *ret, char **ret_error);
void known_crashes_close(struct known_crashes *list);

/* The path of bucket @i's input, or NULL when it was not kept or is not there. The caller frees. */
char *known_crashes_input(const struct known_crashes *list, size_t i);

/* Writes a list of the buckets of @now that can be told apart, and their inputs; inputs that no bucket has any
 * more are removed. 0 or -errno; *ret_count: how many buckets; *ret_kept: how many inputs were small enough. */
int known_crashes_write(const char *source, const char *detector, const struct crashes_file *now,
	size_t *ret_kept, size_t *ret_count);

#endif
