/* SPDX-License-Identifier: Apache-2.0
 * A job is a measurement or a campaign in parts, which machines with a common directory make. A
 * half is an unfinished part. The files are:
 *
 *   runs/JOB/job.json              the request; the first part writes it, and it never changes
 *   runs/JOB/I-of-N.lock           locked by the process that works on part I
 *   runs/JOB/I-of-N/               part I, complete: a run like any other
 *   runs/JOB/I-of-N.HOST-PID-K/    a half of part I
 *   runs/JOB/I-of-N.differs-K/     part I, complete, but with other bytes than I-of-N
 *
 * The lock only saves work. Two processes may both believe to have the lock. They write into
 * directories of their own, and the later one compares its part with the first. No step depends on
 * the clock of a machine. */
#ifndef FENCEPOST_RUNS_JOB_H
#define FENCEPOST_RUNS_JOB_H

#include "run_dir.h"

#include <jansson.h>

#define JOB_SCHEMA "fencepost/job/1"
#define JOB_REQUEUE \
	75 /* exit code: another process works on the part (EX_TEMPFAIL of sysexits.h) */

/* Part @part of @parts parts, counted from 1. */
struct job_part {
	const char *job;
	unsigned part, parts;
};

/* Is @name a valid name: a letter, then at most 63 letters, digits, "_" and "-"? "latest" is not
 * valid. */
bool job_is_name(const char *name);

/* Returns the job.json of a request. @command is measure or fuzz, and @arguments has its options.
 * @toolchain and @build (job_build) describe the programs. The caller owns the new reference. */
json_t *job_request(const struct job_part *part, const char *command, const char *arguments,
	const char *toolchain, const char *build, int plan_version);

/* Returns 16 hexadecimal digits, a hash of the contents of @programs. Returns "" if one of them
 * cannot be read. The caller frees the text. */
char *job_build(char *const *programs, size_t count);

/* Writes @request into the directory of the job. If a request is there, compares both instead.
 * Returns 0, or -errno and a message. -EILSEQ: the message names the difference. -ESTALE: only the
 * build of the programs differs. */
int job_agree(const struct job_part *part, const json_t *request, char **ret_error);

/* Reads the request of a job. Returns NULL and a message with the next command on failure. */
json_t *job_read(const char *job, char **ret_error);

/* Returns the command that makes a part, such as "scripts/shard nightly 2 12 -- measure
 * --inputs=1000". The caller frees the text. */
char *job_command(const json_t *request, unsigned part);

/* Returns the directory of a complete part. The caller frees the path. */
char *job_part_directory(const struct job_part *part);

/* Is the part complete? */
bool job_part_is_done(const struct job_part *part);

/* Locks a part, as run_dir_lock() locks a run. */
int job_lock(const struct job_part *part);

/* Does another process work on the part? */
bool job_is_locked(const struct job_part *part);

/* Makes an empty directory for a new half of the part. Returns NULL and sets errno on failure. The
 * caller frees the path. */
char *job_half_make(const struct job_part *part);

/* List the halves of the part that have a run.json, and the copies of the part that differ.
 * run_dir_free() frees the list. */
void job_halves(const struct job_part *part, struct run_dirs *ret);
void job_copies(const struct job_part *part, struct run_dirs *ret);

/* Makes @half the complete part, after it was written to disk for good. If a complete part is
 * there, @compare compares both: 0 if they are equal, or -errno and a message. An equal half is
 * removed. A half that differs becomes a copy.
 *
 * Returns 0, or -errno and a message. -EILSEQ: the parts differ. */
int job_publish(const struct job_part *part, const char *half,
	int compare(const char *mine, const char *there, char **ret_error), char **ret_error);

/* Removes the halves of a complete part. A half whose run is locked stays, because its process will
 * compare it. */
void job_remove_halves(const struct job_part *part);

/* Returns the seconds from the beginning of the job to the end of its last part so far. The clock
 * is that of the file system. */
double job_wall_s(const char *job);

/* Returns an object that describes the machine of this process: host, cpu, kernel, cores. The
 * caller owns the new reference. */
json_t *job_host(void);

#endif
