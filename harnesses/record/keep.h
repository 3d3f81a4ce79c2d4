/* SPDX-License-Identifier: Apache-2.0
 * Keeps the first report of each death of a target, with its input, beside the record. A fuzzer keeps only inputs, and
 * an input that died after others in one process need not die alone.
 *
 * <record>.kept               struct kept
 * <record>.death.<n>          the input of death n
 * <record>.death.<n>.<pid>    its report, by the runtime or, without a runtime, by us */
#ifndef FENCEPOST_RECORD_KEEP_H
#define FENCEPOST_RECORD_KEEP_H

#include "record.h"

#define KEEP_MAGIC 0x46504f5354303134ull /* "FPOST014" */
#define KEEP_MAX   64
#define KEEP_FILE  "kept" /* suffix, after the record's path and a dot */
#define KEEP_DEATH "death"
#define KEEP_DYING "dying" /* <record>.dying.<pid>: a report whose death is not known yet */

struct kept {
	uint64_t magic;
	uint32_t count;    /* of the list */
	uint32_t left_out; /* deaths that had no room in it */
	struct kept_death {
		uint64_t hash;  /* of the kind and place of the report */
		uint64_t times; /* number of such deaths */
		int32_t pid;    /* of the first death */
		char kind[KIND_MAX];
	} list[KEEP_MAX];
};

/* Maps "<path>.kept" as record_map() does. Unmap with munmap(kept, sizeof(struct kept)). */
struct kept *keep_map(const char *path);

/* Begins to keep reports, in the target; @path is that of the record. Without this call nothing is kept. */
void keep_begin(const char *path);

/* Names the running input, which must not change until the execution ends. */
void keep_input(const uint8_t *input, size_t size);

/* Set the place of a death, when the report does not have it: a number, a program counter, or the present callers. */
void keep_at(uintptr_t place);
void keep_at_pc(uintptr_t pc);
void keep_here(void);

/* Notes that the process ends by @kind of @tool. Is it the first such death, so that a report is wanted? *ret_hash is the
 * same in every process of a campaign. */
bool keep_death(enum tool tool, const char *kind, uintptr_t *ret_hash);

/* Writes a report for a death without a runtime: the line @words, and the stack from @pc on. */
void keep_write(const char *words, uintptr_t pc);

/* Does the runtime print its report before it calls us? Then the report is in the file already. */
bool keep_is_late(void);

#endif
