/* SPDX-License-Identifier: Apache-2.0
 * The fields of a bucket, from the audit that represents it. */
#ifndef FENCEPOST_AUDIT_BUCKET_H
#define FENCEPOST_AUDIT_BUCKET_H

#include "audit.h"
#include "dedup/key.h"

#include <jansson.h>

/* Returns the functions of the key; a new reference. */
json_t *bucket_frames(const struct audit *audit);

/* Writes the key (dedup/key.h) of an audit. */
void bucket_key(const struct audit *audit, char ret[KEY_DIGITS + 1]);

/* Returns "READ", "WRITE", or "" when the report names no access. */
const char *bucket_access(const struct audit *audit);

/* Returns the report as it was printed, with symbols, but without process ids and the path of the tree. The caller
 * frees. */
char *bucket_text(const struct audit *audit);

#endif
