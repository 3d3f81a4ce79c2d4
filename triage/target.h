/* SPDX-License-Identifier: Apache-2.0
 * The program whose crashes are triaged: what it is, how it takes its input, its environment. */
#ifndef FENCEPOST_TARGET_H
#define FENCEPOST_TARGET_H

#include <stdbool.h>
#include <stdint.h>

struct target {
	char *program;   /* the file that is run */
	char **argv;     /* as typed, NULL-terminated; "@@" stands for the input's path */
	bool takes_file; /* an argument has "@@"; otherwise the input is standard input */
	bool forkserver; /* it holds AFL++'s */
	bool deferred;   /* ... and starts it itself (__AFL_INIT) */
	bool persistent; /* ... and runs several inputs a process (__AFL_LOOP) */
	bool libfuzzer;
	uint64_t hash;      /* of the program's bytes */
	char **environment; /* ours, with the options that make reports fit to be read */
	char **bare;        /* the same, for reports with bare program counters (modules.h) */
};

/* Of the command line @argv (NULL-terminated). A libFuzzer target without arguments takes a file. 0, or
 * -errno with a message; the result is for target_free either way. @leaks: ask for leaks too. */
int target_open(char *const argv[], bool leaks, struct target *ret, char **ret_error);
void target_free(struct target *target);

/* A copy of target->argv in which @@ is @path; for target_arguments_free. */
char **target_arguments(const struct target *target, const char *path);
void target_arguments_free(char **arguments);

/* "./target --x 'a b'", fit for a shell; control characters as $'\x1b'. The caller frees. */
char *target_command(const struct target *target, const char *path);
char *target_quoted(const char *word);

#endif
