/* SPDX-License-Identifier: Apache-2.0
 * Memory in the layout of Go 1.22, for the rows that model Go. A span has slots of one size class, which are handed out
 * in address order. There is no redzone before an object; with -asan, the rest of the slot after it is poisoned.
 *
 * On the stages, objects of one size fill contiguous spans for GO_WINDOW bytes below and above the object. The object
 * has slot nelems / 2 of its span, between two live slots; the slots beside those are collected. harnesses/reference/go
 * builds the same from real objects.
 *
 * Sources: runtime/sizeclasses.go, runtime/malloc.go (mallocgc, computeRZlog), runtime/mbitmap.go (findObject),
 * cmd/compile/internal/pkginit/initAsanGlobals.go; file names are relative to Go's src/. */
#ifndef FENCEPOST_MEMORY_GO_H
#define FENCEPOST_MEMORY_GO_H

#include "block.h"
#include "go_class.h"
#include "internal.h"

#define GO_WINDOW (STAGE_REACH + (256 << 10))

/* Builds the stages of the heap and, with -asan, those of globals and locals. With -asan, Go moves a local to the heap
 * when its address becomes an unsafe.Pointer (cmd/compile/internal/escape/expr.go). Returns NULL, or the name of the part
 * that could not be built. */
const char *go_build(struct trio ret[REGION_COUNT][SIZE_COUNT],
	uint8_t *ret_freed[REGION_COUNT][SIZE_COUNT][2], bool asan);

/* Blocks that a plan allocates. go_collect() frees a block as a garbage collection does, and go_take_again() hands the
 * same slot out once more. */
struct block go_allocate(enum plan_region region, uint32_t size);
void go_collect(struct block block);
void go_take_again(struct block block);

/* Returns the start of the allocation at @address; 0 for memory that is not Go's (runtime/checkptr.go, checkptrBase). All
 * addresses of the goroutine's stack have one start. GO_BAD_POINTER where findObject throws: in a free span, or after the
 * last slot of a span. */
#define GO_BAD_POINTER 2u /* no allocation starts there, nor at 1, which is the stack's */
uintptr_t go_base(uintptr_t address);

/* Returns @object and its neighbours of @size bytes, packed without redzones: as Go's compiler packs the stack and its
 * linker the globals, without -asan (cmd/compile/internal/ssagen/pgen.go, cmd/link/internal/ld/data.go). */
struct trio go_neighbours(enum plan_region region, uint8_t *object, uint32_t size);

/* Is @offset behind an object of @size bytes, but still in its slot? */
bool go_is_slack(uint32_t size, int64_t offset);

/* Is the memory at @offset undecided? No rule says what lies beyond the globals of one size: redzones of others, or
 * .bss. */
#define GO_UNDECIDED "no rule orders globals of different sizes"
bool go_is_undecided(enum plan_region region, uint32_t size, int64_t offset);

#endif
