/* SPDX-License-Identifier: Apache-2.0
 * Stages: the memory around the object of a plan.
 *
 * A stage is built the same way in every process. It has the object between two live neighbours of its size, freed
 * blocks, mapped memory that no allocator handed out, and pages that may not be touched. Everything within 1 MiB
 * of an object belongs to the stage. Address randomisation, argv, the environment and earlier plans therefore do not
 * change the memory that an access meets.
 *
 * This header, block.h, local.h and heap.h are the interface to memory: class code uses nothing else. */
#ifndef FENCEPOST_MEMORY_STAGE_H
#define FENCEPOST_MEMORY_STAGE_H

#include "truth/layout.h"
#include "verdict/cause.h"

/* The version of the stages. A change that lets the same plan meet other memory raises it: results of different versions
 * are not comparable. */
#define STAGE_VERSION 2

/* Is this file instrumented by MSan, which reports the use of bytes that were never written? */
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#define UNDER_MSAN
#endif
#endif

/* Marks a function that no detector may instrument. Only clang has MSan. */
#ifdef __clang__
#define UNINSTRUMENTED __attribute__((noinline, no_sanitize("address", "undefined", "memory")))
#else
#define UNINSTRUMENTED __attribute__((noinline, no_sanitize("address", "undefined")))
#endif

/* Builds all stages except the stack's, and calls @body. Returns NULL after @body has returned, or the name of the part
 * that could not be built. Call it once in each process. */
const char *stage_run(void (*body)(void *), void *arg);

/* Calls @body with the stage of @region and @size, one of plan_sizes. For the stack, a frame with the objects is entered
 * first. Returns when that frame is left, also when its checks made the driver land (landing.h). */
void stage_enter(enum plan_region region, uint32_t size,
	void (*body)(const struct stage *stage, void *arg), void *arg);

/* Lets glibc's allocator notice an overrun: frees the blocks next to the object and allocates them again. Only for
 * programs with glibc's malloc. Call memory_undo() afterwards, then heap_revive(). */
void stage_last_chance(enum plan_region region, uint32_t size);

/* Returns the kind of memory that the stage of @region and @size has @offset bytes from its object. */
enum ground stage_ground(enum plan_region region, uint32_t size, int64_t offset);

/* Is that memory undecided, that is: no rule of a language or an allocator says what it is? */
bool stage_is_undecided(enum plan_region region, uint32_t size, int64_t offset);

/* Returns a stage. Valid while the body of stage_run() runs; for REGION_STACK only inside stage_enter(). */
const struct stage *stage_of(enum plan_region region, uint32_t size);

/* Returns a pointer to the last @bytes (at most SIZE_MAX_BYTES) before an untouchable page. STAGE_CLIFF_BYTES may be
 * touched before that page; another untouchable page precedes them. */
#define STAGE_CLIFF_BYTES (256 << 10)
uint8_t *stage_cliff(uint32_t bytes);

/* No single access inside an object ends farther from its start: 256 elements (plan->pick) of 16 bytes. */
#define REACHED_INSIDE 4096

#endif
