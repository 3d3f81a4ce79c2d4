/* SPDX-License-Identifier: Apache-2.0
 * Acts: a plan on one stage as plain numbers, for programs that carry it out in another language.
 * The decoder exists once, here; such a program knows neither plan bytes nor distances.
 *
 * The dialogue with a reference (harnesses/reference), line by line on its standard input and output:
 *
 *   > stage REGION SIZE
 *   < stage OBJECT NEXT PREVIOUS FREED0 FREED1 NEVER0 NEVER1 UNMAPPED0 UNMAPPED1
 *   > act CLASS HOW WAY ACCESS STORE WIDTH VIOLATES NULL MOVED LENGTH FIRST LAST STEP COPIED ELEMENTS CALLS INTERIOR
 *   < done
 *
 * OBJECT is an address in decimal; what follows it are offsets from it as in struct stage. Words are the
 * slugs of plan/plan.h, WAY in the idiom's own words; STORE, VIOLATES and NULL are 0 or 1. `done` is printed
 * after the act came to its end; a reference that the act ends prints nothing more on standard output,
 * and whatever its language, runtime or libc has to say on standard error. `layout REASON` in place of
 * `done`: no rule of language or allocator decides what this act meets. A reference that could not build
 * its stage ends with OPERATION_EXIT_STAGE, and nothing was tried: what the runtime's own threads allocate and
 * where the kernel puts things differs from process to process, so it is started anew.
 */
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
	/* Views: the indices used; pointers: the offsets in bytes. @first, @first + @step, ... @last. */
	int64_t first, last, step;
	size_t copied;     /* bytes of one copy: the width, or 0 */
	uint32_t elements; /* that fit the object */
	unsigned calls;    /* use-after-return: made after the local died */
	uint32_t
		interior; /* invalid-free: the offset freed instead of a block's start; arenas: see memory/block.c */
};

/* @stage: where the reference has put things; its object's address matters for targets from null only. */
struct operation operation_of(const struct plan *plan, const struct stage *stage);

/* The `act` line, ended by a newline. */
void operation_line(const struct operation *act, char ret[OPERATION_LINE_MAX]);

#endif
