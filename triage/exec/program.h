/* SPDX-License-Identifier: Apache-2.0
 * Describes the target: the program whose crashes are triaged, and the way in which it takes its
 * input. */
#ifndef FENCEPOST_EXEC_PROGRAM_H
#define FENCEPOST_EXEC_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

/* Decides whether a leak counts as a crash, for an input that does not crash otherwise. */
enum program_leaks {
	PROGRAM_LEAKS_OFF,     /* a leak counts only if the user's options say so */
	PROGRAM_LEAKS_DEFAULT, /* the target and its runtime decide */
	PROGRAM_LEAKS_ON,      /* a leak counts, because the campaign looked for leaks */
};

/* The user's choices about a target, besides its command line. program_open() copies the strings,
 * which may be NULL. */
struct program_choices {
	enum program_leaks leaks;
	/* name of the input's copy, such as "input.png", for a target that reads a file */
	const char *name;
	bool fixed; /* the target opens @name in its working directory, without an argument */
	const char *directory; /* working directory of the target */
	/* Sanitizer options of the campaign, "a=1:b=2". The user's own options override them. */
	const char *options;
	/* A libFuzzer target gets @memory_mib as its limit (0: no limit), unless argv has a limit. */
	bool limits_memory;
	unsigned memory_mib;
};

struct program {
	char *program; /* path of the file that is run */
	/* the command line as typed, NULL-terminated; "@@" stands for the input's path */
	char **argv;
	/* true: an argument has "@@", or @fixed is set; false: the input is standard input */
	bool takes_file;
	bool forkserver; /* the program contains AFL++'s forkserver */
	bool deferred;   /* the program starts the forkserver itself (__AFL_INIT) */
	bool persistent; /* the program runs several inputs in one process (__AFL_LOOP) */
	bool libfuzzer;
	/* the program contains a sanitizer's runtime, or is a script and may start one */
	bool sanitized;
	bool leak_check; /* that runtime finds leaks */
	bool old_scudo; /* the program contains the Scudo of LLVM before 15, which exits without a signal */
	/* the program contains Go's runtime, which needs its own signal handlers */
	bool go;
	bool named; /* the user chose @name */
	bool fixed; /* the target opens @name in its working directory, where the copy is */
	enum program_leaks leaks;
	char *name, *directory, *options;
	uint64_t hash; /* hash of the program's bytes */
};

/* Examines the program of the NULL-terminated command line @argv. A libFuzzer target without
 * arguments takes a file. @choices may be NULL. Returns 0, or -errno and a message in *ret_error.
 * program_free() frees the result either way. */
int program_open(char *const argv[], const struct program_choices *choices, struct program *ret,
	char **ret_error);
void program_free(struct program *target);

/* Returns a copy of target->argv in which @path replaces "@@". program_arguments_free() frees the
 * copy. */
char **program_arguments(const struct program *target, const char *path);
void program_arguments_free(char **arguments);

/* Returns the name that the copy of the file @path gets: the chosen name, if there is one. Without
 * a choice, @alone gives the copy the file's own name. The caller frees the name. */
char *program_input_name(const struct program *target, const char *path, bool alone);

/* Returns the command line for a shell, such as "./target --x 'a b'". Control characters become
 * $'\x1b'. If @limit_s is not 0, the command ends the target after @limit_s seconds. The caller
 * frees the text. */
char *program_command(const struct program *target, const char *path, int limit_s);
/* Returns one word, quoted for a shell. The caller frees the result. */
char *program_quoted(const char *word);

#endif
