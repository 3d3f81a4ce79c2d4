/* SPDX-License-Identifier: Apache-2.0
 * Describes a bucket in words, for all output formats. */
#ifndef FENCEPOST_CRASHES_BUCKETS_WORDS_H
#define FENCEPOST_CRASHES_BUCKETS_WORDS_H

#include "buckets.h"

struct bucket_words {
	/* Names the bug: "heap-buffer-overflow WRITE in parse at src/parse.c:41:7". */
	char *title;
	/* Gives the reason for the bucket's severity. If a limit of this program stopped the
	 * target, the text names the option: "it exceeded the limit of 2048 MiB; -m 0 lifts the
	 * limit". */
	char *because;
	/* Gives the reason for which the reports form one bucket: "same key, same lines (12 times);
	 * the same functions recur". If the reports cannot be told apart, gives the reason for
	 * that. */
	char *together;
	/* Lists further kinds of report in the bucket: "SEGV, stack-buffer-overflow", or "". */
	char *also;
	/* Names the family of the bucket: "family 2, 3 buckets to be looked at together: ...". NULL
	 * if there is no family. */
	char *kin;
	/* Lists the skipped functions above the function at fault: "abort, my_assert_fail". NULL if
	 * there are none. */
	char *passed;
	/* Gives the command that shows a missing stack. NULL if no stack is missing, or if the
	 * program would use up the machine's memory. */
	char *next;
	/* Gives the shell command that reproduces the crash. */
	char *command;
	/* The first frame that is not ignored, or NULL. */
	const struct report_frame *frame;
	/* The source lines around that frame (formats/source.h), or NULL. */
	char *source;
};

/* Returns the words of a bucket. bucket_words_free() frees them. */
struct bucket_words bucket_words_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket);
void bucket_words_free(struct bucket_words *words);
#define AUTO_BUCKET_WORDS __attribute__((cleanup(bucket_words_free)))

/* Returns the title alone. The caller frees the text. */
char *bucket_title(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* Returns the directory that all source files at fault have in common, with its last slash:
 * "/home/me/src/library-1.2.3/". The output prints a long directory once instead of in every
 * bucket. Returns NULL if the directory is short, or if there are fewer than two buckets. The
 * caller frees the text. */
char *crash_buckets_directory(const struct crash_buckets *buckets);

/* Returns the function at fault that has the most different callers over all buckets. If a function
 * has at least three callers, one of them may be the true cause. Returns NULL if no function has so
 * many. *ret_callers is their number. The caller frees the text. */
char *crash_buckets_shared(const struct crash_buckets *buckets, size_t *ret_callers);

#endif
