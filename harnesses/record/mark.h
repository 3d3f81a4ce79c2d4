/* SPDX-License-Identifier: Apache-2.0
 * Marks: counts of the violations that a user's own target marks (include/fencepost.h), in shared memory beside the
 * record. The record's `open` plan is here the execution of one input.
 *
 * An execution is benign until a mark is triggered, and then a violation of the mark's class. Reports and deaths without
 * a triggered mark therefore count as `false-alarm` and `broken` in the record. */
#ifndef FENCEPOST_RECORD_MARK_H
#define FENCEPOST_RECORD_MARK_H

#include "record.h"

#define MARKS_MAGIC 0x46504f5354303133ull /* "FPOST013" */
#define MARKS_MAX   256
#define MARKS_FILE  "marks" /* behind the record's path and a dot */

struct mark {
	char file[192]; /* as in the compiler's command, NUL-terminated; cut off when longer */
	char slug[24];  /* of a class, as written: "oob_read" */
	uint32_t line, class;
	uint64_t reached, triggered;       /* executions */
	uint64_t verdicts[VERDICT_COUNT];  /* of executions in which it was triggered */
	uint64_t reached_in, triggered_in; /* the last such execution, by the record's number */
};

struct marks {
	uint64_t magic;
	uint32_t count;    /* of the list */
	uint32_t left_out; /* marks beyond the limit */
	uint32_t last;     /* 1 + the last one triggered in the running execution; 0: none */
	struct mark list[MARKS_MAX];
};

/* Returns the class of a mark's slug, or -1. */
int mark_class(const char *slug);

/* Maps "<path>.marks" as record_map() does. Unmap with munmap(marks, sizeof(struct marks)). */
struct marks *marks_map(const char *path);

/* Settles the last execution after the fuzzer has ended: counts a death, and takes an execution back that was cut off.
 * The reader calls it once. */
void marks_settle(struct marks *marks, struct record *of);

/* For drivers of targets. All names that users' programs are linked with begin with fencepost_. */

/* Names a file. A program with it in its environment makes the file, and exits
 * where it would run its first input. A missing file shows that the program cannot start. */
#define STARTS_VARIABLE "FENCEPOST_STARTS"

/* Reads FENCEPOST_RECORD and takes up its files; lists the marks of this program. @dies: reports end the
 * process unprinted, but for the first of each death (keep.h). Exits when the files, or a mark, are no good. */
void fencepost_target_begin(bool dies);
/* @input: what runs, for the report of a death. */
void fencepost_execution_begin(const uint8_t *input, size_t size);
void fencepost_execution_end(void);

#endif
