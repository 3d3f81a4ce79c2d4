/* SPDX-License-Identifier: Apache-2.0
 * Runs an engine, AFL++ or libFuzzer, on one program for a while. Finds the files that the engine
 * saved:
 *
 *   <directory>/record.<job>        counters that the program writes, by FENCEPOST_RECORD
 *   <directory>/afl/                files of AFL++; crashes are in <name>/crashes
 *   <directory>/libfuzzer/<job>/    files of libFuzzer; crash-*, timeout-*, oom-* are in crashes/
 *   <directory>/<engine>.<job>.log  output of the engine
 *   <directory>/cell.json           requested_s, wall_s, interrupted, failed
 *
 * A job is one process of the engine. The jobs of libFuzzer do not exchange inputs. */
#ifndef FENCEPOST_FUZZ_ENGINE_H
#define FENCEPOST_FUZZ_ENGINE_H

#include "harnesses/verdict/detectors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum engine_id {
	ENGINE_AFL,
	ENGINE_LIBFUZZER,
	ENGINE_COUNT
};

#define ENGINE_WORDS_MAX 32

/* The contents of a progress line. */
struct engine_progress {
	uint64_t executions;
	bool waits; /* a job has not run any input yet, so no limit of executions ends the run */
	/* text after the numbers, such as "12 violations  3 diagnosed"; may be empty */
	char words[128];
};

struct engine_run {
	enum engine_id engine;
	const char *label;     /* first words of progress lines, such as "oob-write go" */
	const char *directory; /* the directory is made if it is missing */
	const char *program;   /* path of the program, which was built for the engine */
	/* Further arguments of the program for AFL++, or NULL. Together with the program there are
	 * at most ENGINE_WORDS_MAX. */
	char *const *arguments;
	bool emulated;     /* AFL++ runs the program by afl-qemu-trace */
	const char *seeds; /* a directory that has at least one file */
	/* path of a dictionary in AFL++'s form, which libFuzzer reads too; NULL: none */
	const char *dictionary;
	const struct detector *detector; /* detector whose options go into the environment */
	/* more strings NAME=value for the environment, NULL-terminated; or NULL */
	char *const *environment;
	/* @jobs: processes at a time. Job k has the seed @seed + k; engine_libfuzzer.c has an
	 * exception. */
	int seconds, jobs, seed;
	uint64_t executions; /* most executions; 0: only the time limits */
	int timeout_ms;      /* limit of one execution */
	int longest; /* most bytes of an input that libFuzzer makes; 0: libFuzzer's own choice */
	bool ui;     /* AFL++ shows its own screen; otherwise we print lines of progress */
	/* @program restarts by itself after a crash (FENCEPOST_AGAIN), as libFuzzer's fork mode
	 * would do */
	bool starts_over;
	/* Fills in the progress from the records of all jobs. */
	void (*progress)(const struct engine_run *run, struct engine_progress *ret);
	FILE *out; /* stream for the line of progress */
	void *arg; /* data of the caller */
};

/* Runs @run and writes cell.json. Returns 0, or 1 if it was interrupted (base/interrupts.h).
 * Returns -1 if the engine could not run or ended early; its messages are printed. Saved files stay
 * in any case. */
int engine_run(const struct engine_run *run);

/* Calls @visit for each crash file under @directory, of either engine and in any order. @visit may
 * be NULL. Returns the number of files. */
size_t engine_each_saved(const char *directory, void visit(const char *path, void *arg), void *arg);

/* Does the same as engine_each_saved() for AFL++'s hangs, <name>/hangs. Hangs of libFuzzer are
 * crash files. */
size_t engine_each_hang(const char *directory, void visit(const char *path, void *arg), void *arg);

/* Does the same as engine_each_saved() for the inputs that the engines mutate: AFL++'s queues and
 * libFuzzer's corpora. */
size_t engine_each_queued(
	const char *directory, void visit(const char *path, void *arg), void *arg);

/* Returns the path of "record.<job>" in @directory. The caller frees the result. */
char *engine_record_path(const char *directory, int job);

/* Can campaigns use @detector? With @hunts, can campaigns that search for misses use it?
 * harnesses/build.mk has the same lists, FUZZED and HUNTED, and the reasons. */
bool engine_fuzzes(const struct detector *detector, bool hunts);

/* engine_slug() returns the word for ENGINE=, such as "afl"; engine_name() returns the name, such
 * as "AFL++". engine_find() returns the index of a slug, or -1 if there is no such slug. */
const char *engine_slug(enum engine_id engine);
/* a slug_of (base/slugs.h): returns NULL past the last engine */
const char *engine_slug_at(int index);
const char *engine_name(enum engine_id engine);
int engine_find(const char *slug);

/* Checks that the limit of open files is high enough. Returns 0, or -1 after a message was printed.
 */
int engine_check(enum engine_id engine);

/* Returns the engine's version, such as "4.21c". The caller frees the text. */
char *engine_version(enum engine_id engine);

/* The command of an engine (engine_afl.c, engine_libfuzzer.c). The caller frees the strings. */
struct engine_command {
	char *arguments[16 + ENGINE_WORDS_MAX]; /* [0] is the program's path; NULL-terminated */
	char *environment[8];
};
struct engine_kind {
	const char *slug, *name;
	const char *complaint; /* first word of the engine's error messages in its log */
	unsigned files;        /* open files that the engine needs; 0: few */
	/* the engine's children would outlive it, so another process (the keeper) ends them */
	bool kept;
	/* Fills in the command of job @job. Returns 0, or -1 after a message was printed. */
	int (*command)(const struct engine_run *run, int job, struct engine_command *ret);
	char *(*version)(void);
};
extern const struct engine_kind engine_afl, engine_libfuzzer;

#endif
