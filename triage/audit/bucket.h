/* SPDX-License-Identifier: Apache-2.0
 * What a bucket says of the audit that stands for it. */
#ifndef FENCEPOST_AUDIT_BUCKET_H
#define FENCEPOST_AUDIT_BUCKET_H

#include "audit.h"
#include "dedup/key.h"

#include <jansson.h>

/* The functions that the key is made of; a new reference. */
json_t *bucket_frames(const struct audit *audit);

/* The key of one audit, of dedup/key.h. */
void bucket_key(const struct audit *audit, char ret[KEY_DIGITS + 1]);

/* "READ", "WRITE", or "" when the report does not say. */
const char *bucket_access(const struct audit *audit);

/* The report as it was printed, in the symbolizer's words, without process ids and the way to the tree; the
 * caller frees. */
char *bucket_text(const struct audit *audit);

#endif
