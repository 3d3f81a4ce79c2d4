/* SPDX-License-Identifier: Apache-2.0
 * Writes buckets as one page of HTML. */
#ifndef FENCEPOST_CRASHES_BUCKETS_HTML_H
#define FENCEPOST_CRASHES_BUCKETS_HTML_H

#include "buckets.h"

/* Returns the page as text. The caller frees the text. */
char *crash_buckets_html(const struct crash_buckets *buckets);

#endif
