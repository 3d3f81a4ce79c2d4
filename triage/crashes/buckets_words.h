/* SPDX-License-Identifier: Apache-2.0
 * A bucket in words, for all formats. */
#ifndef FENCEPOST_CRASHES_BUCKETS_WORDS_H
#define FENCEPOST_CRASHES_BUCKETS_WORDS_H

#include "buckets.h"

struct bucket_words {
	/* "heap-buffer-overflow WRITE in parse at src/parse.c:41:7" */
	char *title;
	/* The reason for its severity. For a limit of ours, the option that lifts it: "it went over the 2048 MiB of -m; -m 0
	 * lifts it". */
	char *because;
	/* The reasons why its reports are one bucket: "same key, same lines (12 times); the same functions recur". Or the reason
	 * why they cannot be told apart. */
	char *together;
	/* Other kinds of its members: "SEGV, stack-buffer-overflow", or "". */
	char *also;
	/* Its family: "family 2, 3 buckets to be looked at together: ..."; NULL without one. */
	char *kin;
	/* The skipped functions above the one at fault: "abort, my_assert_fail"; or NULL. */
	char *passed;
	/* The command that shows a missing stack, or NULL. NULL too if the program would use up the memory of the machine. */
	char *next;
	/* The shell command that reproduces it. */
	char *command;
	/* The first frame that is not ignored, or NULL. */
	const struct report_frame *frame;
	/* The source lines around it (formats/source.h), or NULL. */
	char *source;
};

/* Returns the words of a bucket; bucket_words_free() frees them. */
struct bucket_words bucket_words_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket);
void bucket_words_free(struct bucket_words *words);
#define AUTO_BUCKET_WORDS __attribute__((cleanup(bucket_words_free)))

/* Returns the title alone. The caller frees. */
char *bucket_title(const struct crash_buckets *buckets, const struct crash_bucket *bucket);

/* Returns the directory, with its slash, that holds the files at fault of all buckets, where it is long enough to be
 * said once for all of them: "/home/me/src/library-1.2.3/". NULL of fewer than two buckets. The caller frees. */
char *crash_buckets_directory(const struct crash_buckets *buckets);

/* Returns the function at fault that has the most different callers over all buckets, at least three: its callers may
 * be the true cause. NULL when there is none. The caller frees. */
char *crash_buckets_shared(const struct crash_buckets *buckets, size_t *ret_callers);

#endif
