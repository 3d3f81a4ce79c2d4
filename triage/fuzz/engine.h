/* SPDX-License-Identifier: Apache-2.0
 * Engines: AFL++ and libFuzzer, run on one program for a while, and where they keep what they saved.
 *
 * <directory>/record.<job>        counters of the program's own, by FENCEPOST_RECORD
 * <directory>/afl/                AFL++'s, crashes under <name>/crashes
 * <directory>/libfuzzer/<job>/    libFuzzer's, crash-*, timeout-* and oom-* under crashes/; its jobs do
 *                                 not exchange what they find
 * <directory>/<engine>.<job>.log  what the engine printed
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

/* What goes into a line of progress. */
struct engine_progress {
	uint64_t executions;
	char words[128]; /* behind them, such as "12 violations  3 diagnosed"; may be empty */
};

struct engine_run {
	enum engine_id engine;
	const char *label;      /* what progress lines start with, such as "oob-write go" */
	const char *directory;  /* made if it is not there */
	const char *program;    /* built for the engine */
	const char *seeds;      /* a directory of at least one file */
	const char *dictionary; /* in AFL++'s form, which libFuzzer reads too; NULL: none */
	const struct detector *detector; /* whose options the environment has */
	char *const *environment; /* NAME=value strings besides, NULL-terminated; NULL: none */
	int seconds, jobs,
		seed; /* jobs: processes at a time; job k has @seed + k, but see engine_libfuzzer.c */
	uint64_t
		executions; /* that it ends after, if @seconds are not over by then; 0: any number */
	int timeout_ms;     /* of one execution */
	int longest;        /* input in bytes that libFuzzer may make; 0: what it thinks fit */
	bool ui;            /* AFL++'s own screen instead of our lines */
	bool starts_over; /* @program does itself what libFuzzer's fork mode is for: FENCEPOST_AGAIN */
	/* Looks at the records of all jobs. */
	void (*progress)(const struct engine_run *run, struct engine_progress *ret);
	FILE *out; /* for the line of progress */
	void *arg; /* the caller's */
};

/* Runs @run and writes cell.json. 0; 1 when interrupted (base/interrupts.h); -1 when the engine could not run, or ended by
 * itself before its time, with its own words printed. What was saved is there in any case. */
int engine_run(const struct engine_run *run);

/* Calls @visit, unless it is NULL, for each crash file that either engine saved under @directory so far, in
 * no order; returns how many there are. */
size_t engine_each_saved(const char *directory, void visit(const char *path, void *arg), void *arg);

/* The same for the inputs on which AFL++ lost patience, <name>/hangs; libFuzzer's are crash files. */
size_t engine_each_hang(const char *directory, void visit(const char *path, void *arg), void *arg);

/* The same for the inputs from which the engines go on: AFL++'s queues, libFuzzer's corpora. */
size_t engine_each_queued(
	const char *directory, void visit(const char *path, void *arg), void *arg);

/* "record.<job>" in @directory; the caller frees. */
char *engine_record_path(const char *directory, int job);

/* Has @detector a form for fuzzers, or at least (@hunts) for campaigns that need no report? harnesses/build.mk has the
 * same lists, FUZZED and HUNTED, and the reasons. */
bool engine_fuzzes(const struct detector *detector, bool hunts);

/* The slug for ENGINE=, and the name for people: "afl", "AFL++". -1: no such slug. */
const char *engine_slug(enum engine_id engine);
const char *engine_slug_at(int index); /* as base/slugs.h has it: NULL past the last */
const char *engine_name(enum engine_id engine);
int engine_find(const char *slug);

/* Does this process's limit of open files let it run? 0, or -1 with a message printed. */
int engine_check(enum engine_id engine);

/* Its version, such as "4.21c"; the caller frees. */
char *engine_version(enum engine_id engine);

/* What each engine has a file for: engine_afl.c, engine_libfuzzer.c. The strings and the list are the caller's. */
struct engine_command {
	char *arguments[48]; /* [0] the program's path; NULL-terminated */
	char *environment[8];
};
struct engine_kind {
	const char *slug, *name;
	const char *complaint; /* what the engine starts its complaints with, in its log */
	unsigned files;        /* that have to be free when it starts; 0: few */
	bool kept;             /* what it starts would go on without it, so it has a keeper */
	/* What starts job @job. 0, or -1 with a message printed. */
	int (*command)(const struct engine_run *run, int job, struct engine_command *ret);
	char *(*version)(void);
};
extern const struct engine_kind engine_afl, engine_libfuzzer;

#endif
