/* SPDX-License-Identifier: Apache-2.0
 * Reads and writes the accepted crashes of a target. They are files beside its source, for the
 * source's repository:
 *
 *   <source without suffix>.crashes/<detector>.json   schema fencepost/accepted/1
 *   <source without suffix>.crashes/<detector>/<id>   an input of each bucket, if it is small
 *
 * The JSON is {detector, key_version, schema, buckets [{id, input, severity, title, ways [...]}]},
 * sorted by id. A way is one form of the crash: those fields of a report in crashes.json that
 * matching compares. Each way has one line. */
#ifndef FENCEPOST_TARGET_KNOWN_CRASHES_H
#define FENCEPOST_TARGET_KNOWN_CRASHES_H

#include "crashes/match.h"
#include "inputs/inputs.h"

#define KNOWN_CRASHES_INPUT_MAX (64u << 10) /* most bytes of an input that is kept */

struct known_crashes {
	char *path, *directory; /* path of the list, and directory of its inputs */
	json_t *document;
	const json_t
		/* set even if the keys are of another version; the keys are then left out */
		*buckets;
	int key_version;
	size_t key_count;
	struct key *keys;
	struct match_side side; /* bucket i of @side is bucket i of @buckets */
};

/* Reads the list. Returns 0, or -errno and a message in *ret_error. -ENOENT: there is no list.
 * -EPROTO: the keys are of another version. known_crashes_close() frees the result either way. */
int known_crashes_open(
	const char *source, const char *detector, struct known_crashes *ret, char **ret_error);
void known_crashes_close(struct known_crashes *list);

/* Returns the path of the input of bucket @i, or NULL if it was not kept or is missing. The caller
 * frees the path. */
char *known_crashes_input(const struct known_crashes *list, size_t i);

/* Writes a list of the buckets of @now that can be told apart, and their inputs. Inputs of other
 * buckets are removed. Returns 0 or -errno. *ret_count is the number of buckets. *ret_kept is the
 * number of inputs that were small enough to keep. */
int known_crashes_write(const char *source, const char *detector, const struct crashes_file *now,
	size_t *ret_kept, size_t *ret_count);

#endif
