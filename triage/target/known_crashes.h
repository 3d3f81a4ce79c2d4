/* SPDX-License-Identifier: Apache-2.0
 * The accepted crashes of a target, in files beside its source, for its repository:
 *
 * <source without suffix>.crashes/<detector>.json   schema fencepost/accepted/1, one line for each way
 * <source without suffix>.crashes/<detector>/<id>   an input of each bucket, when it is small
 *
 * {detector, key_version, schema, buckets [{id, input, severity, title, ways [...]}]}, sorted by id. A way has those
 * fields of a report in crashes.json that matching compares. */
#ifndef FENCEPOST_TARGET_KNOWN_CRASHES_H
#define FENCEPOST_TARGET_KNOWN_CRASHES_H

#include "crashes/match.h"
#include "inputs/inputs.h"

#define KNOWN_CRASHES_INPUT_MAX (64u << 10) /* bytes; a larger input is not kept */

struct known_crashes {
	char *path, *directory; /* of the list; of its inputs */
	json_t *document;
	const json_t
		*buckets; /* also when the keys are of another version, which are then left out */
	int key_version;
	size_t key_count;
	struct key *keys;
	struct match_side side; /* bucket i of @buckets is bucket i of @side */
};

/* Reads the list. 0, or -errno with a message (-ENOENT: no list; -EPROTO: keys of another version). known_crashes_close()
 * frees the result either way. */
int known_crashes_open(
	const char *source, const char *detector, struct known_crashes *ret, char **ret_error);
void known_crashes_close(struct known_crashes *list);

/* Returns the path of bucket @i's input, or NULL when it was not kept or is missing. The caller frees. */
char *known_crashes_input(const struct known_crashes *list, size_t i);

/* Writes a list of the buckets of @now that can be told apart, and their inputs, and removes the inputs of other buckets.
 * 0 or -errno; *ret_count is the number of buckets, *ret_kept that of the inputs that were small enough. */
int known_crashes_write(const char *source, const char *detector, const struct crashes_file *now,
	size_t *ret_kept, size_t *ret_count);

#endif
