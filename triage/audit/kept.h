/* SPDX-License-Identifier: Apache-2.0
 * Keeps inputs as reproducers for the repository. Each has a directory crashes/<class>/<name>/ with
 * these files:
 *
 *   input        the plan
 *   report.txt   the report, if there was one
 *   plan.txt     of a blind spot (fuzz/blindspots.h): the plan in words, the cause of the silence,
 *                and the detectors that do report it
 *   bucket.json  schema fencepost/bucket/1 */
#ifndef FENCEPOST_AUDIT_KEPT_H
#define FENCEPOST_AUDIT_KEPT_H

#include "audit.h"

#include <jansson.h>

#define KEPT_SCHEMA "fencepost/bucket/1"

struct kept {
	const char *crashes; /* the directory of all kept inputs */
	/* name of the kept input's own directory, inside the directory of its class */
	const char *name;
	const struct detector *detector;
	const struct audit *audit; /* audit of the plan that is kept */
	/* fields of bucket.json; @fault is NULL if it is unknown */
	const char *key, *access, *fault, *toolchain;
	const char *report, *words; /* contents of report.txt and plan.txt, or NULL */
	json_t *more; /* further fields for bucket.json; the caller keeps the reference */
};

/* Returns the path of the kept input's directory. The caller frees the path. */
char *kept_directory(const struct kept *kept);

/* Makes the directory with all files. Returns 0 or -errno; after an error nothing was made. Returns
 * 1 if the directory exists already; it then stays as it is. */
int kept_write(const struct kept *kept);

#endif
