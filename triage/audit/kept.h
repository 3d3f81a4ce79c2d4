/* SPDX-License-Identifier: Apache-2.0
 * Kept inputs: reproducers for the repository, under crashes/<class>/<name>/ with
 *
 *   input        the plan
 *   report.txt   the report, if there was one
 *   plan.txt     of a blind spot: the plan in words, the cause of the silence, and the detectors that do report it
 *   bucket.json  schema fencepost/bucket/1 */
#ifndef FENCEPOST_AUDIT_KEPT_H
#define FENCEPOST_AUDIT_KEPT_H

#include "audit.h"

#include <jansson.h>

#define KEPT_SCHEMA "fencepost/bucket/1"

struct kept {
	const char *crashes; /* the directory of all kept inputs */
	const char *name;    /* of its own directory, inside that of its class */
	const struct detector *detector;
	const struct audit *audit;                    /* of the plan that is kept */
	const char *key, *access, *fault, *toolchain; /* @fault: NULL when it is not known */
	const char *report, *words; /* contents of report.txt and plan.txt, or NULL */
	json_t *more; /* more fields for bucket.json; the reference stays the caller's */
};

/* Returns the path of its directory. The caller frees. */
char *kept_directory(const struct kept *kept);

/* Makes the directory with all files, or nothing. 0; 1 when it exists already, and stays as it is; or -errno. */
int kept_write(const struct kept *kept);

#endif
