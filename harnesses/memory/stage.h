/* SPDX-License-Identifier: Apache-2.0
 * Stages and memory: what surrounds the object of a plan, and where its memory comes from.
 *
 * A stage is built the same way in every process: the object between two live neighbours of its
 * size, a freed block, mapped memory that no allocator handed out, and a page that may not be touched.
 * Everything within 1 MiB of an object belongs to the stage, so neither ASLR nor argv, the
 * environment or the plans before it change what an access meets.
 *
 * This header, block.h, local.h and heap.h are the interface to memory: class code asks here and nowhere else.
 */
#ifndef FENCEPOST_MEMORY_STAGE_H
#define FENCEPOST_MEMORY_STAGE_H

#include "truth/layout.h"
#include "verdict/cause.h"

/* Of what the stages are made. It goes up with a change that lets the same plan meet other memory: results
 * of different versions are not comparable. */
#define STAGE_VERSION 2

/* Is this file instrumented by MSan, which minds each byte that nobody has written? */
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#define UNDER_MSAN
#endif
#endif

/* For what no detector may instrument. Only clang has a memory sanitizer. */
#ifdef __clang__
#define UNINSTRUMENTED __attribute__((noinline, no_sanitize("address", "undefined", "memory")))
#else
#define UNINSTRUMENTED __attribute__((noinline, no_sanitize("address", "undefined")))
#endif

/* Builds every stage but the stack's and calls @body. Returns NULL after @body has returned, or what
 * could not be built. Call it once a process. */
const char *stage_run(void (*body)(void *), void *arg);

/* Calls @body with the stage of @region and @size in place: the stack's objects live in a frame that is
 * entered for it. @size must be one of plan_sizes. Returns when that frame was left, also when what it
 * checked then made the driver land. */
void stage_enter(enum plan_region region, uint32_t size,
	void (*body)(const struct stage *stage, void *arg), void *arg);

/* What glibc's allocator has to say of an overrun: the blocks next to which a plan wrote are freed and
 * taken again. For programs whose malloc is glibc's. memory_undo comes after it, then heap_revive. */
void stage_last_chance(enum plan_region region, uint32_t size);

/* What the stage of @region and @size holds @offset bytes from its object. */
enum ground stage_ground(enum plan_region region, uint32_t size, int64_t offset);

/* Is what lies there decided by no rule of a language or an allocator? */
bool stage_is_undecided(enum plan_region region, uint32_t size, int64_t offset);

/* Valid while stage_run's body runs; for REGION_STACK only inside of stage_enter. */
const struct stage *stage_of(enum plan_region region, uint32_t size);

/* A pointer to the last @bytes (at most SIZE_MAX_BYTES) that may be touched before an untouchable page, of
 * STAGE_CLIFF_BYTES that lie behind another one. */
#define STAGE_CLIFF_BYTES (256 << 10)
uint8_t *stage_cliff(uint32_t bytes);

/* No single access inside an object ends farther from its start: 256 elements (plan->pick) of 16 bytes. */
#define REACHED_INSIDE 4096

#endif
