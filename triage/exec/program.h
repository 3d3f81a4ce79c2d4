/* SPDX-License-Identifier: Apache-2.0
 * The target: the program whose crashes are triaged, and the way in which it takes its input. */
#ifndef FENCEPOST_EXEC_PROGRAM_H
#define FENCEPOST_EXEC_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

/* Does a leak count as a crash, for inputs that do not crash otherwise? */
enum program_leaks {
	PROGRAM_LEAKS_OFF,     /* only if the user's options say so */
	PROGRAM_LEAKS_DEFAULT, /* the default of the target and its runtime */
	PROGRAM_LEAKS_ON,      /* the campaign looked for leaks */
};

/* Choices about a target besides its command line. Strings are copied, and may be NULL. */
struct program_choices {
	enum program_leaks leaks;
	const char *
		name; /* name of the input's copy, if the target sees a file, such as "input.png" */
	bool fixed;   /* the target opens that name in its working directory, without an argument */
	const char *directory; /* to run it in */
	const char *
		options; /* sanitizer options of a campaign, "a=1:b=2"; the user's options override them */
	bool limits_memory; /* pass @memory_mib (0: no limit) to a libFuzzer target, unless argv has a limit */
	unsigned memory_mib;
};

struct program {
	char *program;   /* the file that is run */
	char **argv;     /* as typed, NULL-terminated; "@@" stands for the input's path */
	bool takes_file; /* an argument has "@@", or @fixed; false: standard input */
	bool forkserver; /* it contains AFL++'s forkserver */
	bool deferred;   /* ... and starts it itself (__AFL_INIT) */
	bool persistent; /* ... and runs several inputs in one process (__AFL_LOOP) */
	bool libfuzzer;
	bool sanitized;  /* it contains a sanitizer's runtime, or is a script and may start one */
	bool leak_check; /* ... and that runtime finds leaks */
	bool go;         /* it contains Go's runtime, which needs its own signal handlers */
	bool named;      /* @name was chosen */
	bool fixed; /* ... and the target opens it in its working directory, that of the copy */
	enum program_leaks leaks;
	char *name, *directory, *options;
	uint64_t hash; /* of the program's bytes */
};

/* Examines the program of the command line @argv (NULL-terminated). A libFuzzer target without arguments takes a file.
 * @choices may be NULL. 0, or -errno with a message; program_free() frees the result either way. */
int program_open(char *const argv[], const struct program_choices *choices, struct program *ret,
	char **ret_error);
void program_free(struct program *target);

/* Returns a copy of target->argv with @path in place of @@. program_arguments_free() frees it. */
char **program_arguments(const struct program *target, const char *path);
void program_arguments_free(char **arguments);

/* Returns the name of the copy of @path: the chosen one, or with @alone and without a choice its own name. The caller
 * frees. */
char *program_input_name(const struct program *target, const char *path, bool alone);

/* Returns the command for a shell, such as "./target --x 'a b'"; control characters become $'\x1b'. Unless @limit_s is
 * 0, the command ends after that time. The caller frees. */
char *program_command(const struct program *target, const char *path, int limit_s);
/* Returns one word, quoted for a shell. The caller frees. */
char *program_quoted(const char *word);

#endif
