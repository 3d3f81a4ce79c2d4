/* SPDX-License-Identifier: Apache-2.0
 * Buckets as one page of HTML. */
#ifndef FENCEPOST_CRASHES_BUCKETS_HTML_H
#define FENCEPOST_CRASHES_BUCKETS_HTML_H

#include "buckets.h"

/* Returns the page. The caller frees. */
char *crash_buckets_html(const struct crash_buckets *buckets);

#endif
