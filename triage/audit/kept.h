/* SPDX-License-Identifier: Apache-2.0
 * An input that is kept for the repository, under crashes/<class>/<name>/ with
 *
 *   input        the plan
 *   report.txt   what was reported, when something was
 *   plan.txt     of a blind spot: the plan in words, why nobody spoke, and who would have
 *   bucket.json  schema fencepost/bucket/1 */
#ifndef FENCEPOST_AUDIT_KEPT_H
#define FENCEPOST_AUDIT_KEPT_H

#include "audit.h"

#include <jansson.h>

#define KEPT_SCHEMA "fencepost/bucket/1"

struct kept {
	const char *crashes; /* the directory of all of them */
	const char *name;    /* of its own, under that of its class */
	const struct detector *detector;
	const struct audit *audit;                    /* of the plan that is kept */
	const char *key, *access, *fault, *toolchain; /* @fault: NULL when it is not known */
	const char *report, *words;                   /* texts of the files; NULL: there is none */
	json_t *more; /* what bucket.json has besides; the caller's */
};

/* Its directory. The caller frees. */
char *kept_directory(const struct kept *kept);

/* Makes the directory, whole or not at all. 0; 1 when it was there already (it is left alone); or -errno. */
int kept_write(const struct kept *kept);

#endif
