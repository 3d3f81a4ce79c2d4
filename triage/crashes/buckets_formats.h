/* SPDX-License-Identifier: Apache-2.0
 * Buckets as JSON, which is crashes.json, as SARIF and as JUnit XML. */
#ifndef FENCEPOST_CRASHES_BUCKETS_FORMATS_H
#define FENCEPOST_CRASHES_BUCKETS_FORMATS_H

#include "buckets.h"

/* Return the buckets as JSON and as SARIF; new references. */
json_t *crash_buckets_json(const struct crash_buckets *buckets);
json_t *crash_buckets_sarif(const struct crash_buckets *buckets);
/* Returns the buckets as JUnit XML. The caller frees. */
char *crash_buckets_junit(const struct crash_buckets *buckets);

#endif
