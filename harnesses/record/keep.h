/* SPDX-License-Identifier: Apache-2.0
 * The first report of each death of a target, kept beside the record, with its input. A fuzzer keeps inputs alone,
 * and one that died among others need not die by itself.
 *
 * <record>.kept               struct kept
 * <record>.death.<n>          the input of the n-th
 * <record>.death.<n>.<pid>    its report, as the runtime printed it; or ours, where there is no runtime */
#ifndef FENCEPOST_RECORD_KEEP_H
#define FENCEPOST_RECORD_KEEP_H

#include "record.h"

#define KEEP_MAGIC 0x46504f5354303134ull /* "FPOST014" */
#define KEEP_MAX   64
#define KEEP_FILE  "kept" /* behind the record's path and a dot */
#define KEEP_DEATH "death"
#define KEEP_DYING "dying" /* <record>.dying.<pid>: a report whose death is not known yet */

struct kept {
	uint64_t magic;
	uint32_t count;    /* of the list */
	uint32_t left_out; /* deaths that had no room in it */
	struct kept_death {
		uint64_t hash;  /* of what was reported, and where */
		uint64_t times; /* such deaths */
		int32_t pid;    /* of the first */
		char kind[KIND_MAX];
	} list[KEEP_MAX];
};

/* Maps "<path>.kept" as record_map does; munmap(kept, sizeof(struct kept)). */
struct kept *keep_map(const char *path);

/* In the target. @path: the record's. Without it nothing is kept. */
void keep_begin(const char *path);

/* What runs from now on; it must stay as it is until the execution ends. */
void keep_input(const uint8_t *input, size_t size);

/* Where a death lies, from those who know more than its report tells us: a number of its own; the program counter;
 * or this very place, by its callers. */
void keep_at(uintptr_t place);
void keep_at_pc(uintptr_t pc);
void keep_here(void);

/* The process is about to end by what @tool calls @kind. Is this the first such death, whose report is wanted? *ret_hash is the
 * same in every process of a campaign. */
bool keep_death(enum tool tool, const char *kind, uintptr_t *ret_hash);

/* The report of a death that no runtime reports: @words, a line, and the stack from @pc on. */
void keep_write(const char *words, uintptr_t pc);

/* Does the runtime print its report before it tells us? Then it is in the file already. */
bool keep_is_late(void);

#endif
