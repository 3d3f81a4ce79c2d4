/* SPDX-License-Identifier: Apache-2.0
 * Finding crash files: of AFL++, libFuzzer, honggfuzz, or plain ones. No file is left out without a word. */
#ifndef FENCEPOST_INPUTS_INPUTS_H
#define FENCEPOST_INPUTS_INPUTS_H

#include "fuzzer_setup.h"

#include <stdbool.h>
#include <stddef.h>

#define INPUTS_FILES_MAX         500000 /* of one run */
#define INPUTS_DEPTH_MAX         8      /* directories within each other */
#define INPUTS_REPORTS_DEPTH_MAX 32
#define INPUTS_PASSED_MAX \
	10000 /* of the paths that are kept of what was passed over; all are counted */

enum inputs_passed {
#define PASSED(id, slug, words) INPUTS_##id,
#include "passed.def"
	INPUTS_PASSED_COUNT
};

const char *inputs_passed_slug(enum inputs_passed reason);  /* "corpus" */
const char *inputs_passed_words(enum inputs_passed reason); /* "in a campaign's queue, ..." */

struct inputs_path {
	char *path; /* of a directory with "/" at its end */
	enum inputs_passed reason;
};

struct inputs {
	bool reports; /* set by the caller: saved reports are looked for, not crash files */
	size_t count, capacity;
	char **list;    /* paths, in order of their bytes, each once */
	char **cmdline; /* of the first AFL++ instance that has one: argv, NULL-terminated, or NULL */
	struct fuzzer_setup setup; /* of the first instance that has one */
	bool leaks; /* the campaign looked for leaks, or a file is named as leaks are: leak-..., ...,sig:00,... */
	bool recognised; /* a directory that a fuzzer made was among those given, even if it is empty */
	/* what was passed over: files, those in directories included, and the paths */
	size_t passed[INPUTS_PASSED_COUNT], passed_count, passed_capacity;
	struct inputs_path *passed_list;
};

/*
 * Adds what is in @directory and the directories in it:
 * - of AFL++'s instances, which have directories crashes* (resumed ones keep crashes.DATE), all that is in these
 * - else every file: named as libFuzzer, honggfuzz, ClusterFuzz or AFL++ name crashes, or otherwise
 * but not what passed.def lists, which is noted. Sources, programs and reports are such only beside files
 * that are named as crashes are: a directory of files that all end in .c is a compiler's crashes.
 * Of saved reports every file but a hidden one is taken.
 * A file given instead of a directory is added. 0 or -errno, when @directory cannot be read; the result is
 * for inputs_free either way.
 */
int inputs_find(const char *directory, struct inputs *inputs);

/* Notes @files files, or one, that are passed over at @path. */
void inputs_pass(struct inputs *inputs, const char *path, enum inputs_passed reason, size_t files);

/* All that was passed over. */
size_t inputs_passed_over(const struct inputs *inputs);

/* Sorts, and drops what is there twice. To be called after the last inputs_find. */
void inputs_sort(struct inputs *inputs);
void inputs_free(struct inputs *inputs);

#endif
