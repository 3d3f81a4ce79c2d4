/* SPDX-License-Identifier: Apache-2.0
 * Operations: a plan on one stage as plain numbers, for programs that run it in another language. Such a program
 * needs no decoder: it sees neither plan bytes nor distances.
 *
 * The dialogue with a reference (harnesses/reference), line by line on its standard input and output:
 *
 *   > stage REGION SIZE
 *   < stage OBJECT NEXT PREVIOUS FREED0 FREED1 NEVER0 NEVER1 UNMAPPED0 UNMAPPED1
 *   > act CLASS HOW WAY ACCESS STORE WIDTH VIOLATES NULL MOVED LENGTH FIRST LAST STEP COPIED ELEMENTS CALLS INTERIOR
 *   < done
 *
 * OBJECT is an address in decimal; the numbers after it are offsets from it, as in struct stage. Words are the slugs of
 * plan/plan.h, WAY in the idiom's own words; STORE, VIOLATES and NULL are 0 or 1. The reference prints `done` at the
 * end of the act. If the act ends the process, standard output has nothing more, and standard error has the messages of
 * the language, runtime or libc. `layout REASON` instead of `done` means that no rule of language or allocator decides
 * which memory the act meets. A reference that could not build its stage exits with OPERATION_EXIT_STAGE before the act.
 * It is then started again, because allocations of the runtime and addresses differ from process to process. */
#ifndef FENCEPOST_IDIOMS_OPERATION_H
#define FENCEPOST_IDIOMS_OPERATION_H

#include "memory/stage.h"

#define OPERATION_LINE_MAX    320
#define OPERATION_EXIT_STAGE  70 /* EX_SOFTWARE of sysexits.h */
#define OPERATION_STAGE_TRIES 3  /* of a hundred processes of Go about two have no stage */

struct operation {
	const struct plan *plan;
	bool null;      /* the base is null, and the offsets count from address 0 */
	int64_t moved;  /* views: bytes from the object to the slice's base */
	int64_t length; /* views: elements that the slice claims; blocks: elements asked for */
	/* Views: indices; pointers: offsets in bytes. @first, @first + @step, ... @last. */
	int64_t first, last, step;
	size_t copied;     /* bytes of one copy: the width, or 0 */
	uint32_t elements; /* that fit the object */
	unsigned calls;    /* use-after-return: made after the local died */
	uint32_t
		interior; /* invalid-free: the offset freed instead of a block's start; arenas: see memory/block.c */
};

/* Returns the operation of @plan on a reference's @stage. The object's address matters only for targets from null. */
struct operation operation_of(const struct plan *plan, const struct stage *stage);

/* Writes the `act` line, with its newline. */
void operation_line(const struct operation *act, char ret[OPERATION_LINE_MAX]);

#endif
