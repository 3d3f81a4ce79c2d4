/* SPDX-License-Identifier: Apache-2.0
 * Memory as Go 1.22 lays it out, for the rows that model Go: spans of one size class each, their slots
 * handed out in address order, no redzone to the left, and under -asan a poisoned rest behind each object.
 *
 * The stages: objects of one size fill contiguous spans of their class for GO_WINDOW bytes below and above
 * the object, which lies in slot nelems / 2 of its span between two live slots; the slots beside those
 * are collected. harnesses/reference/go builds the same out of real objects.
 *
 * Sources: runtime/sizeclasses.go, runtime/malloc.go (mallocgc, computeRZlog), runtime/mbitmap.go (findObject),
 * cmd/compile/internal/pkginit/initAsanGlobals.go; file names are relative to Go's src/. */
#ifndef FENCEPOST_MEMORY_GO_H
#define FENCEPOST_MEMORY_GO_H

#include "block.h"
#include "go_class.h"
#include "internal.h"

#define GO_WINDOW (STAGE_REACH + (256 << 10))

/* Builds the heap's stages and, under -asan, those of globals and of locals, which are moved to the heap
 * when their address becomes an unsafe.Pointer (cmd/compile/internal/escape/expr.go). NULL, or what could
 * not be built. */
const char *go_build(struct trio ret[REGION_COUNT][SIZE_COUNT],
	uint8_t *ret_freed[REGION_COUNT][SIZE_COUNT][2], bool asan);

/* Blocks of a plan's own, alive until go_collect, which is what a collection does to what nothing points
 * to any more. go_take_again hands the same slot out once more. */
struct block go_allocate(enum plan_region region, uint32_t size);
void go_collect(struct block block);
void go_take_again(struct block block);

/* runtime/checkptr.go, checkptrBase: the start of the allocation that @address is in, 0 for memory that is not
 * Go's. Any two addresses of the goroutine's stack have the same. GO_BAD_POINTER where findObject throws:
 * in a span that is free, or in the rest of a span behind its last slot. */
#define GO_BAD_POINTER 2u /* no allocation starts there, nor at 1, which is the stack's */
uintptr_t go_base(uintptr_t address);

/* Without -asan: three variables of @size bytes as Go's compiler packs them on the stack and its linker among
 * the globals, around @object (cmd/compile/internal/ssagen/pgen.go, cmd/link/internal/ld/data.go). */
struct trio go_neighbours(enum plan_region region, uint8_t *object, uint32_t size);

/* Does @offset lie in the slot of @size's object, behind the object? */
bool go_is_slack(uint32_t size, int64_t offset);

/* What lies farther from a global than the variables of its size, be it in a redzone of another or in .bss, no
 * rule decides. */
#define GO_UNDECIDED "no rule orders globals of different sizes"
bool go_is_undecided(enum plan_region region, uint32_t size, int64_t offset);

#endif
