/* SPDX-License-Identifier: Apache-2.0
 * The program whose crashes are triaged: what it is, how it takes its input. */
#ifndef FENCEPOST_EXEC_PROGRAM_H
#define FENCEPOST_EXEC_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

/* Whether leaks are looked for in what does not crash otherwise. */
enum program_leaks {
	PROGRAM_LEAKS_OFF,     /* only where the user's options say so */
	PROGRAM_LEAKS_DEFAULT, /* as the target and its runtime have it when nobody says anything */
	PROGRAM_LEAKS_ON,      /* a campaign looked for them */
};

/* What is to be known of a target besides its command line. Strings may be NULL; they are copied. */
struct program_choices {
	enum program_leaks leaks;
	const char *name; /* of the input's copy, where the target sees one: "input.png" */
	bool fixed;       /* no argument tells it that name: it opens it in its working directory */
	const char *directory; /* to run it in */
	const char *options; /* for sanitizers, "a=1:b=2", below the user's: those of a campaign */
	bool limits_memory; /* a libFuzzer target is told of @memory_mib, 0 for none, unless argv does */
	unsigned memory_mib;
};

struct program {
	char *program;   /* the file that is run */
	char **argv;     /* as typed, NULL-terminated; "@@" stands for the input's path */
	bool takes_file; /* an argument has "@@", or @fixed; otherwise the input is standard input */
	bool forkserver; /* it holds AFL++'s */
	bool deferred;   /* ... and starts it itself (__AFL_INIT) */
	bool persistent; /* ... and runs several inputs a process (__AFL_LOOP) */
	bool libfuzzer;
	bool sanitized;  /* a sanitizer's runtime is in it, or may be, for it is a script */
	bool leak_check; /* ... one that finds leaks */
	bool go;         /* Go's runtime lives by signal handlers of its own */
	bool named;      /* @name was chosen */
	bool fixed; /* ... and is opened in the working directory, which is that of the input's copy */
	enum program_leaks leaks;
	char *name, *directory, *options;
	uint64_t hash; /* of the program's bytes */
};

/* Of the command line @argv (NULL-terminated). A libFuzzer target without arguments takes a file. 0, or
 * -errno with a message; the result is for program_free either way. @choices: NULL for none. */
int program_open(char *const argv[], const struct program_choices *choices, struct program *ret,
	char **ret_error);
void program_free(struct program *target);

/* A copy of target->argv in which @@ is @path; for program_arguments_free. */
char **program_arguments(const struct program *target, const char *path);
void program_arguments_free(char **arguments);

/* What the target sees the copy of @path called: as was chosen, or, @alone and without a choice, by its own name.
 * The caller frees. */
char *program_input_name(const struct program *target, const char *path, bool alone);

/* "./target --x 'a b'", fit for a shell; control characters as $'\x1b'. With @limit_s, which 0 is not, it ends
 * after that time. The caller frees. */
char *program_command(const struct program *target, const char *path, int limit_s);
char *program_quoted(const char *word);

#endif
