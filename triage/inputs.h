/* SPDX-License-Identifier: Apache-2.0
 * Finding crash files: of AFL++, libFuzzer, honggfuzz, or plain ones. */
#ifndef FENCEPOST_INPUTS_H
#define FENCEPOST_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

struct inputs {
	size_t count, capacity;
	char **list;    /* paths, in order of their bytes, each once */
	char **cmdline; /* of the first AFL++ instance that has one: argv, NULL-terminated, or NULL */
	bool leaks;     /* one is named as libFuzzer names leaks */
	bool recognised; /* a directory that a fuzzer made was among those given, even if it is empty */
};

/*
 * Adds what is in @directory:
 * - with directories crashes* in it or in one below it (AFL++'s instances; resumed ones keep crashes.DATE),
 *   or when it is one: the files id:* and id_*, and those named by a hash of hex digits
 * - else the files named as libFuzzer (crash- leak- oom- timeout- slow-unit-), honggfuzz (SIG*) or AFL++ do
 * - else all regular files but hidden ones and README.txt
 * A file given instead of a directory is added. 0 or -errno, when @directory cannot be read; the result is
 * for inputs_free either way.
 */
int inputs_find(const char *directory, struct inputs *inputs);

/* Sorts, and drops what is there twice. To be called after the last inputs_find. */
void inputs_sort(struct inputs *inputs);
void inputs_free(struct inputs *inputs);

#endif
