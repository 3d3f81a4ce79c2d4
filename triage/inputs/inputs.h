/* SPDX-License-Identifier: Apache-2.0
 * Finds crash files: of AFL++, libFuzzer, honggfuzz, or plain ones. Every file that is skipped is counted, with the
 * reason. */
#ifndef FENCEPOST_INPUTS_INPUTS_H
#define FENCEPOST_INPUTS_INPUTS_H

#include "fuzzer_setup.h"

#include <stdbool.h>
#include <stddef.h>

#define INPUTS_FILES_MAX         500000 /* files of one run */
#define INPUTS_DEPTH_MAX         8      /* levels of directories */
#define INPUTS_REPORTS_DEPTH_MAX 32
#define INPUTS_PASSED_MAX        10000 /* paths of skipped files that are kept; all are counted */

enum inputs_passed {
#define PASSED(id, slug, words) INPUTS_##id,
#include "passed.def"
	INPUTS_PASSED_COUNT
};

/* The reason for skipping a file: "corpus", and "in a campaign's queue, ...". Constants. */
const char *inputs_passed_slug(enum inputs_passed reason);
const char *inputs_passed_words(enum inputs_passed reason);

struct inputs_path {
	char *path; /* a directory ends with "/" */
	enum inputs_passed reason;
};

struct inputs {
	bool reports; /* set by the caller: look for saved reports instead of crash files */
	size_t count;
	char **list;    /* paths, in order of their bytes, each once */
	char **cmdline; /* of the first AFL++ instance that has one: argv, NULL-terminated, or NULL */
	struct fuzzer_setup setup; /* of the first instance that has one */
	bool leaks; /* the campaign looked for leaks, or a file has the name of a leak: leak-..., ...,sig:00,... */
	bool recognised; /* one of the directories was made by a fuzzer, even if it is empty */
	/* skipped files by reason, those in skipped directories included; and the paths */
	size_t passed[INPUTS_PASSED_COUNT], passed_count;
	struct inputs_path *passed_list;
};

/* Adds the crash files in @directory and the directories in it:
 * - in an instance of AFL++, the files in its directories crashes* (resumed ones keep crashes.DATE)
 * - elsewhere every file, whatever its name
 * Files that passed.def lists are skipped. Sources, programs and reports are skipped only beside files with the
 * name of a crash: a directory of nothing but .c files holds the crashes of a compiler. When saved reports are
 * wanted, every file that is not hidden is added. @directory may also be a file. 0, or -errno when @directory
 * cannot be read; inputs_free() frees the result either way. */
int inputs_find(const char *directory, struct inputs *inputs);

/* Returns the number of skipped files. */
size_t inputs_passed_over(const struct inputs *inputs);

/* Sorts the paths and drops duplicates. Call it after the last inputs_find(). */
void inputs_sort(struct inputs *inputs);
void inputs_free(struct inputs *inputs);

#endif
