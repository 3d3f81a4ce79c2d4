/* SPDX-License-Identifier: Apache-2.0
 * Jobs: measurements or campaigns in parts, which machines with a common directory make.
 *
 * runs/JOB/job.json                 the request; written by the first part, never changed
 * runs/JOB/I-of-N.lock              locked by the process that is at work on part I
 * runs/JOB/I-of-N/                  part I, complete: a run like any other
 * runs/JOB/I-of-N.HOST-PID-K/       part I, half
 * runs/JOB/I-of-N.differs-K/        part I, complete, but with other bytes than I-of-N
 *
 * The lock only saves work. Two processes that both believe to have it write into directories of their own, and the one
 * that ends later compares its part with the one that is there. No step depends on a clock of a machine. */
#ifndef FENCEPOST_RUNS_JOB_H
#define FENCEPOST_RUNS_JOB_H

#include "run_dir.h"

#include <jansson.h>

#define JOB_SCHEMA "fencepost/job/1"
#define JOB_REQUEUE \
	75 /* exit code: another process is at work on the part (EX_TEMPFAIL of sysexits.h) */

/* Part @part of @parts, counted from 1. */
struct job_part {
	const char *job;
	unsigned part, parts;
};

/* Is @name a letter, then at most 63 letters, digits, "_" and "-"? "latest" is none. */
bool job_is_name(const char *name);

/* Returns the job.json of a request: @command is measure or fuzz, @arguments its options, @toolchain and @build what the
 * programs are (job_build). A new reference. */
json_t *job_request(const struct job_part *part, const char *command, const char *arguments,
	const char *toolchain, const char *build, int plan_version);

/* Returns 16 hex digits that stand for the contents of @programs; they are "" when one cannot be read. The caller frees. */
char *job_build(char *const *programs, size_t count);

/* Writes @request into the job's directory or, if a request is there, compares. 0; -EILSEQ and a message that names the
 * difference; or -errno and a message. */
int job_agree(const struct job_part *part, const json_t *request, char **ret_error);

/* Reads the request of a job. NULL and a message with the next command. */
json_t *job_read(const char *job, char **ret_error);

/* Returns the command that makes a part, such as "scripts/shard nightly 2 12 -- measure --inputs=1000". The caller
 * frees. */
char *job_command(const json_t *request, unsigned part);

/* Returns the directory of a complete part. The caller frees. */
char *job_part_directory(const struct job_part *part);

/* Is the part there, complete? */
bool job_part_is_done(const struct job_part *part);

/* Locks a part, as run_dir_lock() locks a run. */
int job_lock(const struct job_part *part);

/* Is another process at work on the part? */
bool job_is_locked(const struct job_part *part);

/* Makes an empty directory for a new half of the part. NULL with errno. The caller frees. */
char *job_half_make(const struct job_part *part);

/* Lists the halves of the part that have a run.json, or its copies that differ; run_dir_free() frees. */
void job_halves(const struct job_part *part, struct run_dirs *ret);
void job_copies(const struct job_part *part, struct run_dirs *ret);

/* Makes @half the complete part. If the part is there, @compare says whether both are equal (0, or -errno and a message):
 * an equal half is removed, another one becomes a copy that differs. 0; -EILSEQ and a message; or -errno and a message.
 * @half is made durable before. */
int job_publish(const struct job_part *part, const char *half,
	int compare(const char *mine, const char *there, char **ret_error), char **ret_error);

/* Removes the halves of a complete part, except those whose run is locked: their processes come to compare. */
void job_remove_halves(const struct job_part *part);

/* Returns the seconds from the job's beginning to the end of its last part so far, by the clock of the file system. */
double job_wall_s(const char *job);

/* Returns an object that says where this process runs: host, cpu, kernel, cores. A new reference. */
json_t *job_host(void);

#endif
