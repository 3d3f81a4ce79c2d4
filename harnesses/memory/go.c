/* SPDX-License-Identifier: Apache-2.0
 * Go's allocator: gives the memory that it would have given, without running it. */
#include "go.h"

#include "block.h"

#include <stdlib.h>
#include <sys/mman.h>

#define TINY_BLOCK 16 /* runtime/malloc.go, maxTinySize */
#define STACK_MAX  ((uintptr_t)64 << 20)

/* Present only in programs that are linked with ASan's runtime: sanitizer/asan_interface.h. */
__attribute__((weak)) void __asan_poison_memory_region(const volatile void *memory, size_t bytes);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void *memory, size_t bytes);
__attribute__((weak)) void __asan_register_globals(void *globals, size_t count);

/* Where Go has things, for whether an offset between them is negative decides how a slice is made: its heap
 * (runtime/malloc.go, mallocinit; under -asan the first of its hints that is not in ASan's shadow) lies below the
 * program, C's heap and the stacks of threads. As far as the kernel lets us. */
#define HEAP_AT      ((void *)0xc000000000)
#define HEAP_ASAN_AT ((void *)0x10c000000000)
#define GLOBALS_AT   ((void *)0x500000000000)

static uint8_t *map_at(void *where, size_t bytes)
{
	void *memory = mmap(where, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* ---- the heap ------------------------------------------------------------------------------------- */

/* Spans of one class side by side, objects of one size in them. With the tiny allocator several objects
 * share a slot (runtime/malloc.go, mallocgc: noscan && size < maxTinySize). */
struct window {
	uintptr_t start;
	struct go_class class;
	uint32_t bytes;  /* of an object, without its redzone */
	uint32_t spans;  /* how many */
	uint32_t slots;  /* in a span */
	uint32_t shared; /* objects in a slot */
	uint32_t stride; /* from one to the next of those */
	bool is_free;    /* the span of a large object that was collected */
};

/* One window a size for the stages; then those of a plan's own blocks: heap and arena. */
enum {
	STAGED,
	OWN_HEAP,
	OWN_ARENA,
	WINDOW_KINDS
};
static struct window windows[WINDOW_KINDS * SIZE_COUNT];
static uintptr_t heap;
static uintptr_t first_global; /* the lowest object of the globals' stages */
static bool is_asan;

/* Every window begins at a multiple of this from the heap's start. */
#define WINDOW_STEP ((uintptr_t)4 << 20)

static unsigned size_index(uint32_t size)
{
	unsigned i = 0;

	while (plan_sizes[i] != size)
		i++;
	return i;
}

/* As offsets grow by the alignment that the size has: runtime/malloc.go, mallocgc. */
static uint32_t tiny_stride(uint32_t bytes)
{
	uint32_t align = bytes % 8 == 0 ? 8 : bytes % 4 == 0 ? 4 : bytes % 2 == 0 ? 2 : 1;

	return (bytes + align - 1) / align * align;
}

static struct window *window_lay(unsigned number, uint32_t bytes, uint32_t reach)
{
	struct window *window = &windows[number];
	bool tiny = !is_asan && bytes < TINY_BLOCK;

	*window = (struct window){ .start = heap + number * WINDOW_STEP,
		.class = go_class_of(tiny ? TINY_BLOCK : bytes, is_asan),
		.bytes = bytes,
		.shared = 1 };
	window->spans = 2 * (reach / window->class.span + 1) + 1;
	window->slots = window->class.span / window->class.slot;
	if (tiny) {
		window->stride = tiny_stride(bytes);
		window->shared = (TINY_BLOCK - bytes) / window->stride + 1;
	}
	return window;
}

/* Objects are numbered in address order. */
static uint8_t *object_at(const struct window *window, uint32_t number)
{
	uint32_t slot = number / window->shared, inside = number % window->shared;

	return (uint8_t *)(window->start + (uintptr_t)(slot / window->slots) * window->class.span +
		(uintptr_t)(slot % window->slots) * window->class.slot + inside * window->stride);
}

static uint32_t middle_of(const struct window *window)
{
	return (window->spans / 2 * window->slots + window->slots / 2) * window->shared;
}

/* As mallocgc leaves an object. */
static void poison_rest(const struct window *window, uint8_t *object)
{
	if (!is_asan)
		return;
	__asan_poison_memory_region(object + window->bytes, window->class.slot - window->bytes);
	__asan_unpoison_memory_region(object, window->bytes);
}

/* As a sweep leaves a dead slot, and the page allocator a free span: runtime/mgcsweep.go, mheap.go. */
static void poison_all(const struct window *window, uint8_t *object)
{
	if (is_asan)
		__asan_poison_memory_region(object, window->class.slot);
}

/* Where a plan of the object in the middle can come: next to it and STAGE_REACH away. */
static bool is_in_reach(int64_t distance)
{
	int64_t far = distance < 0 ? -distance : distance;

	return far < 5 * SIZE_MAX_BYTES || (far > STAGE_REACH - 3 * SIZE_MAX_BYTES);
}

static void window_poison(const struct window *window)
{
	uint32_t objects = window->spans * window->slots * window->shared;
	const uint8_t *middle = object_at(window, middle_of(window));

	for (uint32_t i = 0; is_asan && i < objects; i++)
		if (is_in_reach((intptr_t)object_at(window, i) - (intptr_t)middle))
			poison_rest(window, object_at(window, i));
}

static struct trio window_stage(const struct window *window, uint8_t *ret_freed[2])
{
	uint32_t middle = middle_of(window);

	for (uint32_t i = middle - 2; i <= middle + 2; i++)
		stage_fill(object_at(window, i), window->bytes);
	ret_freed[0] = object_at(window, middle + 2);
	ret_freed[1] = object_at(window, middle - 2);
	/* a slot that a live object shares is not swept */
	if (window->shared == 1) {
		poison_all(window, ret_freed[0]);
		poison_all(window, ret_freed[1]);
	}
	return (struct trio){ object_at(window, middle - 1), object_at(window, middle),
		object_at(window, middle + 1) };
}

/* In an arena the object lies between two others of the same block, as memory_allocate has it. */
static uint32_t arena_beside(uint32_t size)
{
	uint32_t stride = (size + 15) / 16 * 16;

	return stride < 4096 ? stride : 4096;
}

static const char *heap_lay(struct trio ret[SIZE_COUNT], uint8_t *ret_freed[SIZE_COUNT][2])
{
	heap = (uintptr_t)map_at(
		is_asan ? HEAP_ASAN_AT : HEAP_AT, WINDOW_KINDS * SIZE_COUNT * WINDOW_STEP);
	if (heap == 0)
		return "go: no memory for the heap";
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		uint32_t size = plan_sizes[i], stride = (size + 15) / 16 * 16;
		struct window *window = window_lay(STAGED * SIZE_COUNT + i, size, GO_WINDOW);

		window_poison(window);
		ret[i] = window_stage(window, ret_freed[i]);
		window_lay(OWN_HEAP * SIZE_COUNT + i, size, 0);
		window_lay(OWN_ARENA * SIZE_COUNT + i, stride + 2 * arena_beside(size), 0);
	}
	return NULL;
}

/* ---- blocks of a plan's own ------------------------------------------------------------------------- */

struct block go_allocate(enum plan_region region, uint32_t size)
{
	unsigned kind = region == REGION_ARENA ? OWN_ARENA : OWN_HEAP;
	struct window *window = &windows[kind * SIZE_COUNT + size_index(size)];
	struct block block = { .block = object_at(window, middle_of(window)) };

	window->is_free = false;
	poison_rest(window, block.block);
	block.object = block.block + (region == REGION_ARENA ? arena_beside(size) : 0);
	memory_initialise(block.object, size);
	return block;
}

static struct window *window_at(uintptr_t address)
{
	uintptr_t offset = address - heap;

	return heap != 0 && offset < WINDOW_KINDS * SIZE_COUNT * WINDOW_STEP ?
		&windows[offset / WINDOW_STEP] :
		NULL;
}

/* The siblings of a small block live, so its span stays; a large block's span is freed with it. */
void go_collect(struct block block)
{
	struct window *window = window_at((uintptr_t)block.block);

	window->is_free = window->slots == 1;
	if (window->shared == 1)
		poison_all(window, block.block);
}

void go_take_again(struct block block)
{
	struct window *window = window_at((uintptr_t)block.block);

	window->is_free = false;
	poison_rest(window, block.block);
}

/* ---- globals under -asan ------------------------------------------------------------------------------ */

#define GLOBALS_BESIDE 4 /* variables of the same size on either side */
#define GLOBALS        (2 * GLOBALS_BESIDE + 1)
#define MARGIN         (STAGE_REACH + (256 << 10))

/* compiler-rt, asan_interface_internal.h, __asan_global. */
struct asan_global {
	uintptr_t start;
	size_t bytes, bytes_with_redzone;
	const char *name, *module;
	uintptr_t has_dynamic_init;
	void *location;
	uintptr_t odr_indicator;
};

static void globals_of(uint8_t *at, unsigned index, struct trio *ret)
{
	static struct asan_global globals[SIZE_COUNT][GLOBALS];
	uint32_t size = plan_sizes[index], stride = size + go_global_redzone(size);

	for (unsigned k = 0; k < GLOBALS; k++) {
		globals[index][k] = (struct asan_global){ .start = (uintptr_t)at + k * stride,
			.bytes = size,
			.bytes_with_redzone = stride,
			.name = "main.global",
			.module = "main" };
		stage_fill(at + k * stride, size < 4096 ? size : 4096);
	}
	__asan_register_globals(globals[index], GLOBALS);
	at += GLOBALS_BESIDE * stride;
	*ret = (struct trio){ at - stride, at, at + stride };
}

static const char *globals_lay(struct trio ret[SIZE_COUNT])
{
	size_t bytes = 2 * MARGIN;
	uint8_t *at;

	for (unsigned i = 0; i < SIZE_COUNT; i++)
		bytes += GLOBALS * (plan_sizes[i] + go_global_redzone(plan_sizes[i]));
	at = map_at(GLOBALS_AT, bytes);
	if (at == NULL)
		return "go: no memory for the globals";
	at += MARGIN;
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		globals_of(at, i, &ret[i]);
		at += GLOBALS * (plan_sizes[i] + go_global_redzone(plan_sizes[i]));
	}
	return NULL;
}

static const char *build(struct trio ret[REGION_COUNT][SIZE_COUNT],
	uint8_t *ret_freed[REGION_COUNT][SIZE_COUNT][2], bool asan)
{
	const char *error;

	is_asan = asan;
	error = heap_lay(ret[REGION_HEAP], ret_freed[REGION_HEAP]);
	if (error != NULL || !asan)
		return error;
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		ret[REGION_STACK][i] = ret[REGION_HEAP][i];
	return globals_lay(ret[REGION_GLOBAL]);
}

const char *go_build(struct trio ret[REGION_COUNT][SIZE_COUNT],
	uint8_t *ret_freed[REGION_COUNT][SIZE_COUNT][2], bool asan)
{
	const char *error = build(ret, ret_freed, asan);

	first_global = UINTPTR_MAX;
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if ((uintptr_t)ret[REGION_GLOBAL][i].object < first_global)
			first_global = (uintptr_t)ret[REGION_GLOBAL][i].object;
	return error;
}

/* ---- questions ------------------------------------------------------------------------------------- */

static bool is_on_the_stack(uintptr_t address)
{
	uintptr_t distance = address - (uintptr_t)__builtin_frame_address(0);

	return distance < STACK_MAX || -distance < STACK_MAX;
}

/* The bytes that plans are about hold no pointers and so lie behind .bss, in .noptrbss, which is no segment
 * to checkptr. */
static bool is_in_bss(uintptr_t address)
{
	return first_global - address < 2 * MARGIN && first_global - address > MARGIN / 4;
}

/* Is the span of a large object free? Of a stage those of the objects that were collected. */
static bool is_free(const struct window *window, uintptr_t span)
{
	uintptr_t middle = window->spans / 2;

	if (window >= &windows[SIZE_COUNT])
		return window->is_free;
	return window->slots == 1 && (span == middle - 2 || span == middle + 2);
}

uintptr_t go_base(uintptr_t address)
{
	const struct window *window = window_at(address);
	uintptr_t arena = arena_base(address), span, offset;

	if (is_on_the_stack(address))
		return 1;
	if (arena != 0)
		return arena;
	if (is_in_bss(address))
		return first_global;
	if (window == NULL ||
		address >= window->start + (uintptr_t)window->spans * window->class.span)
		return 0;
	span = (address - window->start) / window->class.span;
	offset = (address - window->start) % window->class.span;
	if (is_free(window, span) || offset >= window->class.limit)
		return GO_BAD_POINTER;
	return window->start + span * window->class.span +
		offset / window->class.slot * window->class.slot;
}

/* symalign: as large a power of two as the size, at most 32. */
struct trio go_neighbours(enum plan_region region, uint8_t *object, uint32_t size)
{
	uint32_t align = region == REGION_STACK ? 1 : 32, stride;

	while (align > size)
		align /= 2;
	stride = (size + align - 1) / align * align;
	return (struct trio){ object - stride, object, object + stride };
}

bool go_is_slack(uint32_t size, int64_t offset)
{
	uintptr_t object = (uintptr_t)object_at(
		&windows[size_index(size)], middle_of(&windows[size_index(size)]));

	return offset >= size && go_base(object) == go_base(object + (uintptr_t)offset);
}

bool go_is_undecided(enum plan_region region, uint32_t size, int64_t offset)
{
	int64_t stride = size + go_global_redzone(size);

	return region == REGION_GLOBAL && offset > -STAGE_REACH / 2 && offset < STAGE_REACH / 2 &&
		(offset < -GLOBALS_BESIDE * stride || offset >= (GLOBALS_BESIDE + 1) * stride);
}
