/* SPDX-License-Identifier: Apache-2.0
 * Makes the fields of a bucket from the audit that represents the bucket. */
#ifndef FENCEPOST_AUDIT_BUCKET_H
#define FENCEPOST_AUDIT_BUCKET_H

#include "audit.h"
#include "dedup/key.h"

#include <jansson.h>

/* Returns the functions of the key (dedup/key.h). The caller owns the new reference. */
json_t *bucket_frames(const struct audit *audit);

/* Writes the key (dedup/key.h) of an audit. */
void bucket_key(const struct audit *audit, char ret[KEY_DIGITS + 1]);

/* Returns "READ" or "WRITE". Returns "" if the report names no access. */
const char *bucket_access(const struct audit *audit);

/* Returns the report as it was printed, with function names, but without process ids and the path
 * of the tree. The caller frees the text. */
char *bucket_text(const struct audit *audit);

#endif
