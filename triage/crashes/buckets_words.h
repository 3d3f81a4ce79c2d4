/* SPDX-License-Identifier: Apache-2.0
 * What is said of a bucket, and a bucket's first frame. Each text is for free. */
#ifndef FENCEPOST_CRASHES_BUCKETS_WORDS_H
#define FENCEPOST_CRASHES_BUCKETS_WORDS_H

#include "buckets.h"

/* How @bucket's reports hang together: "same key, same lines (12 times); the same functions recur"; of what
 * cannot be told apart, why not. The caller frees. */
char *crash_bucket_why(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* What it is to be looked at together with: "family 2, 3 buckets to be looked at together: ..."; NULL when it
 * stands alone. The caller frees. */
char *crash_bucket_kin(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* The functions on top of the one at fault, which were passed over: "abort, my_assert_fail"; NULL of none. The
 * caller frees. */
char *crash_bucket_passed(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* The command that shows a stack where none is known, or NULL: also where the program would take all the memory
 * there is. The caller frees. */
char *crash_bucket_next(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* The function that is at fault in buckets of most callers, at least three: it may only do what others ask for.
 * NULL when there is none. The caller frees. */
char *crash_buckets_shared(const struct crash_buckets *buckets, size_t *ret_callers);

/* "heap-buffer-overflow WRITE in parse at src/parse.c:41:7"; the caller frees. */
char *crash_bucket_title(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* Why it is rated as it is; of a limit of ours, which option lifts it: "it went over the 2048 MiB of -m; -m 0 lifts
 * it". The caller frees. */
char *crash_bucket_words(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* A line for a shell that reproduces it; the caller frees. */
char *crash_bucket_command(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* What else its members were called: "SEGV, stack-buffer-overflow", or "". The caller frees. */
char *crash_bucket_kinds(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* The frame to look at first: the first that is not ignored. NULL without any. */
const struct report_frame *crash_bucket_frame(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket);

#endif
