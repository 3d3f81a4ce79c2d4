/* SPDX-License-Identifier: Apache-2.0
 * Writes buckets in three formats for programs: JSON (the file crashes.json), SARIF and JUnit XML.
 */
#ifndef FENCEPOST_CRASHES_BUCKETS_FORMATS_H
#define FENCEPOST_CRASHES_BUCKETS_FORMATS_H

#include "buckets.h"

/* Return the buckets as JSON and as SARIF. The caller owns the new reference. */
json_t *crash_buckets_json(const struct crash_buckets *buckets);
json_t *crash_buckets_sarif(const struct crash_buckets *buckets);
/* Returns the buckets as JUnit XML. The caller frees the text. */
char *crash_buckets_junit(const struct crash_buckets *buckets);

#endif
