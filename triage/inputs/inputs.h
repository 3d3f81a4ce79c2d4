/* SPDX-License-Identifier: Apache-2.0
 * Finds the crash files of AFL++, libFuzzer and honggfuzz, and plain files. Every file that is
 * skipped is counted with the reason. */
#ifndef FENCEPOST_INPUTS_INPUTS_H
#define FENCEPOST_INPUTS_INPUTS_H

#include "fuzzer_setup.h"

#include <stdbool.h>
#include <stddef.h>

#define INPUTS_FILES_MAX         500000 /* most files of one run */
#define INPUTS_DEPTH_MAX         8      /* most levels of directories */
#define INPUTS_REPORTS_DEPTH_MAX 32
/* most paths of skipped files that are kept; all skipped files are counted */
#define INPUTS_PASSED_MAX 10000

enum inputs_passed {
#define PASSED(id, slug, words) INPUTS_##id,
#include "passed.def"
	INPUTS_PASSED_COUNT
};

/* Return the reason for which a file is skipped: a short name such as "corpus", and words such as
 * "in a campaign's queue, ...". Both are constant. */
const char *inputs_passed_slug(enum inputs_passed reason);
const char *inputs_passed_words(enum inputs_passed reason);

struct inputs_path {
	char *path; /* the path of a directory ends with "/" */
	enum inputs_passed reason;
};

struct inputs {
	/* The caller sets it: saved reports are searched for, instead of crash files. */
	bool reports;
	size_t count;
	char **list; /* paths without duplicates, in the order of their bytes */
	/* command line of the first AFL++ instance that has one, NULL-terminated; or NULL */
	char **cmdline;
	struct fuzzer_setup setup; /* settings of the first AFL++ instance that has some */
	/* the campaign looked for leaks, or a file has the name of a leak: leak-..., ...,sig:00,... */
	bool leaks;
	/* one of the directories was made by a fuzzer; the directory may be empty */
	bool recognised;
	/* Skipped files for each reason, with the files of skipped directories; then the paths. */
	size_t passed[INPUTS_PASSED_COUNT], passed_count;
	struct inputs_path *passed_list;
};

/* Adds the crash files in @directory and in the directories below it:
 *
 * - In an instance of AFL++, the files of its directories crashes* are added. A resumed instance
 *   keeps crashes.DATE.
 * - Elsewhere every file is added, whatever its name.
 *
 * Files that passed.def lists are skipped. Sources, programs and reports are skipped only beside
 * files with the name of a crash. A directory of nothing but .c files holds the crashes of a
 * compiler. If saved reports are wanted, every file that is not hidden is added.
 *
 * @directory may also be a file. Returns 0, or -errno if @directory cannot be read. inputs_free()
 * frees the result either way. */
int inputs_find(const char *directory, struct inputs *inputs);

/* Returns the number of skipped files. */
size_t inputs_passed_over(const struct inputs *inputs);

/* Sorts the paths and drops duplicates. Call it after the last inputs_find(). */
void inputs_sort(struct inputs *inputs);
void inputs_free(struct inputs *inputs);

#endif
