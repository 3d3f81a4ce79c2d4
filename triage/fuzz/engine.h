/* SPDX-License-Identifier: Apache-2.0
 * Engines: runs AFL++ or libFuzzer on one program for a while, and finds the files that they saved.
 *
 * <directory>/record.<job>        counters that the program writes, by FENCEPOST_RECORD
 * <directory>/afl/                files of AFL++; crashes are in <name>/crashes
 * <directory>/libfuzzer/<job>/    files of libFuzzer; crash-*, timeout-* and oom-* are in crashes/. Its jobs
 *                                 do not exchange inputs
 * <directory>/<engine>.<job>.log  output of the engine
 * <directory>/cell.json           requested_s, wall_s, interrupted, failed */
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
	bool waits; /* a job has not run any input yet: no count of executions ends the run before */
	char words[128]; /* behind them, such as "12 violations  3 diagnosed"; may be empty */
};

struct engine_run {
	enum engine_id engine;
	const char *label;     /* first words of progress lines, such as "oob-write go" */
	const char *directory; /* made if it is missing */
	const char *program;   /* built for the engine */
	char *const
		*arguments; /* its others for AFL++, at most ENGINE_WORDS_MAX with it; or NULL */
	bool emulated;      /* AFL++ is to run it by afl-qemu-trace */
	const char *seeds;  /* a directory of at least one file */
	const char *dictionary; /* in AFL++'s form, which libFuzzer reads too; NULL: none */
	const struct detector *detector; /* its options go into the environment */
	char *const *environment;        /* more NAME=value strings, NULL-terminated; or NULL */
	int seconds, jobs,
		seed; /* jobs: processes at a time; job k has @seed + k, but see engine_libfuzzer.c */
	uint64_t executions; /* limit besides @seconds; 0: none */
	int timeout_ms;      /* of one execution */
	int longest; /* the longest input that libFuzzer may make, in bytes; 0: its own choice */
	bool ui;     /* AFL++'s own screen instead of our lines */
	bool starts_over; /* @program does itself what libFuzzer's fork mode is for: FENCEPOST_AGAIN */
	/* Fills in the progress from the records of all jobs. */
	void (*progress)(const struct engine_run *run, struct engine_progress *ret);
	FILE *out; /* for the line of progress */
	void *arg; /* the caller's */
};

/* Runs @run and writes cell.json. 0; 1 when interrupted (base/interrupts.h); -1 when the engine could not run or ended
 * early, with its messages printed. Saved files stay in any case. */
int engine_run(const struct engine_run *run);

/* Calls @visit, unless it is NULL, for each crash file under @directory of either engine, in any order. Returns their
 * number. */
size_t engine_each_saved(const char *directory, void visit(const char *path, void *arg), void *arg);

/* Does the same for AFL++'s hangs, <name>/hangs. Hangs of libFuzzer are crash files. */
size_t engine_each_hang(const char *directory, void visit(const char *path, void *arg), void *arg);

/* Does the same for the inputs that the engines mutate: AFL++'s queues, libFuzzer's corpora. */
size_t engine_each_queued(
	const char *directory, void visit(const char *path, void *arg), void *arg);

/* Returns the path of "record.<job>" in @directory. The caller frees. */
char *engine_record_path(const char *directory, int job);

/* Can campaigns of reports use @detector, or with @hunts those that search for misses? harnesses/build.mk has the same
 * lists, FUZZED and HUNTED, and the reasons. */
bool engine_fuzzes(const struct detector *detector, bool hunts);

/* Return the slug for ENGINE=, "afl", and the name, "AFL++". engine_find() returns -1 when there is no such slug. */
const char *engine_slug(enum engine_id engine);
const char *engine_slug_at(int index); /* a slug_of of base/slugs.h: NULL past the last */
const char *engine_name(enum engine_id engine);
int engine_find(const char *slug);

/* Checks that the limit of open files is high enough. 0, or -1 with a message printed. */
int engine_check(enum engine_id engine);

/* Returns its version, such as "4.21c". The caller frees. */
char *engine_version(enum engine_id engine);

/* The command of an engine (engine_afl.c, engine_libfuzzer.c). The caller frees the strings. */
struct engine_command {
	char *arguments[16 + ENGINE_WORDS_MAX]; /* [0] the program's path; NULL-terminated */
	char *environment[8];
};
struct engine_kind {
	const char *slug, *name;
	const char *complaint; /* first word of the engine's error messages in its log */
	unsigned files;        /* open files that it needs; 0: few */
	bool kept;             /* its children would outlive it, so a keeper ends them */
	/* Fills in the command of job @job. 0, or -1 with a message printed. */
	int (*command)(const struct engine_run *run, int job, struct engine_command *ret);
	char *(*version)(void);
};
extern const struct engine_kind engine_afl, engine_libfuzzer;

#endif
