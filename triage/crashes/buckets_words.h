/* SPDX-License-Identifier: Apache-2.0
 * What is said of a bucket. */
#ifndef FENCEPOST_CRASHES_BUCKETS_WORDS_H
#define FENCEPOST_CRASHES_BUCKETS_WORDS_H

#include "buckets.h"

struct bucket_words {
	/* "heap-buffer-overflow WRITE in parse at src/parse.c:41:7" */
	char *title;
	/* Why it is rated as it is; of a limit of ours, which option lifts it: "it went over the 2048 MiB of -m; -m 0
	 * lifts it". */
	char *because;
	/* How its reports hang together: "same key, same lines (12 times); the same functions recur"; of what cannot be
	 * told apart, why not. */
	char *together;
	/* What else its members were called: "SEGV, stack-buffer-overflow", or "". */
	char *also;
	/* What it is to be looked at together with: "family 2, 3 buckets to be looked at together: ..."; NULL when it
	 * stands alone. */
	char *kin;
	/* The functions on top of the one at fault, which were passed over: "abort, my_assert_fail"; NULL of none. */
	char *passed;
	/* The command that shows a stack where none is known, or NULL: also where the program would take all the memory
	 * there is. */
	char *next;
	/* A line for a shell that reproduces it. */
	char *command;
	/* The frame to look at first: the first that is not ignored. NULL without any. */
	const struct report_frame *frame;
	/* The lines around it, as formats/source.h has them, or NULL. */
	char *source;
};

struct bucket_words bucket_words_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket);
void bucket_words_free(struct bucket_words *words);
#define AUTO_BUCKET_WORDS __attribute__((cleanup(bucket_words_free)))

/* The title alone; the caller frees. */
char *bucket_title(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* The function that is at fault in buckets of most callers, at least three: it may only do what others ask for.
 * NULL when there is none. The caller frees. */
char *crash_buckets_shared(const struct crash_buckets *buckets, size_t *ret_callers);

#endif
