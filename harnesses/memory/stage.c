/* SPDX-License-Identifier: Apache-2.0
 * Puts the stages of all regions together. */
#include "go.h"

#include "block.h"
#include "verdict/detectors.h"

#define ZONE_OFFSET (ZONE_NEVER / 2) /* where never-used targets lie in their zone */

static struct trio trios[REGION_COUNT][SIZE_COUNT];
static uint8_t *freed[REGION_COUNT][SIZE_COUNT][2];
static struct stage stages[REGION_COUNT][SIZE_COUNT];
static struct zone zone_low, zone_high;

/* Of large objects only what plans come to: pick reaches 255 elements of 16 bytes inside, and the largest
 * distance that ends in a neighbour is 4 KiB. All of it for MSan, for which alone this file is
 * instrumented: what it takes for uninitialised outlives the frame. */
#ifdef UNDER_MSAN
#define REACHED SIZE_MAX_BYTES
#else
#define REACHED 8192
#endif

static void fill_ends(uint8_t *from, uint8_t *end)
{
	size_t bytes = (size_t)(end - from);

	stage_fill(from, bytes < REACHED ? bytes : REACHED);
	if (bytes > REACHED)
		stage_fill(bytes > 2 * REACHED ? end - REACHED : from + REACHED,
			bytes > 2 * REACHED ? REACHED : bytes - REACHED);
}

struct trio trio_sorted(uint8_t *a, uint8_t *b, uint8_t *c, uint32_t size)
{
	uint8_t *sorted[3] = { a, b, c };

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 2; j++)
			if ((uintptr_t)sorted[j] > (uintptr_t)sorted[j + 1]) {
				uint8_t *larger = sorted[j];

				sorted[j] = sorted[j + 1];
				sorted[j + 1] = larger;
			}
	/* what lies between them too: padding and redzones must not hold what ran before */
	fill_ends(sorted[0], sorted[1]);
	fill_ends(sorted[1], sorted[2]);
	fill_ends(sorted[2], sorted[2] + size);
	return (struct trio){ sorted[0], sorted[1], sorted[2] };
}

static int64_t offset(const uint8_t *from, const uint8_t *to)
{
	return (int64_t)((intptr_t)to - (intptr_t)from);
}

static const struct zone *zone_beside(const uint8_t *object, bool before)
{
	return before || (uintptr_t)zone_high.never < (uintptr_t)object ? &zone_low : &zone_high;
}

static const char *stage_finish(enum plan_region region, unsigned size_index)
{
	struct stage *stage = &stages[region][size_index];
	const struct trio *trio = &trios[region][size_index];
	uint8_t *const *dead = freed[region][size_index];
	uint32_t size = plan_sizes[size_index];
	struct trio packed;

	if ((detector_self->model == MODEL_GO || detector_self->model == MODEL_GO_CHECKPTR) &&
		(region == REGION_STACK || region == REGION_GLOBAL)) {
		packed = go_neighbours(region, trio->object, size);
		trio = &packed;
	}
	if (dead[0] == NULL)
		dead = freed[REGION_HEAP][size_index];
	stage->object = trio->object;
	stage->next = offset(trio->object, trio->next);
	stage->previous = offset(trio->object, trio->previous) + size;
	for (int side = 0; side < 2; side++) {
		const struct zone *zone = zone_beside(trio->object, side);

		stage->freed[side] = offset(trio->object, dead[side]);
		stage->never[side] = offset(trio->object, zone->never + ZONE_OFFSET);
		stage->unmapped[side] = offset(trio->object, zone->never - ZONE_GUARD / 2);
	}
	if (stage->next < size || stage->previous > 0 ||
		((uintptr_t)stage->object % 16 != 0 && !model_is_go(detector_self->model)))
		return "stage: an object does not lie aligned between its neighbours";
	return NULL;
}

static unsigned index_of(uint32_t size)
{
	unsigned i = 0;

	while (plan_sizes[i] != size)
		i++;
	return i;
}

struct visit {
	unsigned size_index;
	void (*body)(const struct stage *stage, void *arg);
	void *arg;
	struct frame frame;
	const char *error;
};

static void on_stack(void *arg)
{
	struct visit *visit = arg;
	struct stage *stage = &stages[REGION_STACK][visit->size_index];

	trios[REGION_STACK][visit->size_index] = visit->frame.trio;
	visit->error = stage_finish(REGION_STACK, visit->size_index);
	stage->guarded = visit->frame.guarded;
	stage->guarded_end = visit->frame.guarded_end;
	if (visit->body != NULL)
		visit->body(stage, visit->arg);
}

/* Under Go's -asan a local whose address is taken lies on the heap. */
static bool is_in_a_frame(enum plan_region region)
{
	return region == REGION_STACK && detector_self->model != MODEL_GO_ASAN;
}

static bool is_on_gos_heap(enum plan_region region)
{
	return model_is_go(detector_self->model) &&
		(region == REGION_HEAP || (region == REGION_STACK && !is_in_a_frame(region)));
}

void stage_enter(enum plan_region region, uint32_t size,
	void (*body)(const struct stage *stage, void *arg), void *arg)
{
	struct visit visit = { .size_index = index_of(size), .body = body, .arg = arg };

	if (is_in_a_frame(region))
		stack_enter(visit.size_index, &visit.frame, on_stack, &visit);
	else
		body(&stages[region][visit.size_index], arg);
}

static const char *finish_all(void)
{
	const char *error = NULL;

	for (unsigned region = 0; region < REGION_COUNT; region++)
		for (unsigned i = 0; i < SIZE_COUNT && error == NULL; i++) {
			struct visit visit = { .size_index = i };

			if (is_in_a_frame(region))
				stack_enter(i, &visit.frame, on_stack, &visit);
			error = is_in_a_frame(region) ? visit.error : stage_finish(region, i);
		}
	return error;
}

const char *stage_run(void (*body)(void *), void *arg)
{
	const char *error = zones_build(&zone_low, &zone_high);

	if (error == NULL)
		error = heap_build(trios[REGION_HEAP], freed[REGION_HEAP], trios[REGION_FOREIGN],
			freed[REGION_FOREIGN]);
	if (error == NULL)
		error = arena_build(trios[REGION_ARENA], freed[REGION_ARENA]);
	if (error == NULL)
		error = global_build(trios[REGION_GLOBAL]);
	if (error == NULL && model_is_go(detector_self->model))
		error = go_build(trios, freed, detector_self->model == MODEL_GO_ASAN);
	if (error == NULL)
		stack_build();
	if (error == NULL)
		error = finish_all();
	if (error == NULL)
		body(arg);
	return error;
}

const struct stage *stage_of(enum plan_region region, uint32_t size)
{
	return &stages[region][index_of(size)];
}

void stage_last_chance(enum plan_region region, uint32_t size)
{
	if (region == REGION_FOREIGN || (region == REGION_HEAP && !is_on_gos_heap(region)))
		heap_last_chance(&trios[region][index_of(size)], size);
}

static bool is_in_zone(uintptr_t address, const struct zone *zone)
{
	return address - (uintptr_t)zone->never < ZONE_NEVER;
}

static bool is_in_guard(uintptr_t address, const struct zone *zone)
{
	return address - ((uintptr_t)zone->never - ZONE_GUARD) < ZONE_NEVER + 2 * ZONE_GUARD;
}

/* The arena's own margins reach further than any distance from its objects: memory/arena.c. */
#define REACH ((int64_t)STAGE_REACH + SIZE_MAX_BYTES)

enum ground stage_ground(enum plan_region region, uint32_t size, int64_t offset)
{
	const struct stage *stage = stage_of(region, size);
	uintptr_t address = (uintptr_t)stage->object + (uintptr_t)offset;

	if (offset >= 0 && offset < size)
		return GROUND_OBJECT;
	if (is_in_zone(address, &zone_low) || is_in_zone(address, &zone_high))
		return GROUND_MAPPED;
	if (is_in_guard(address, &zone_low) || is_in_guard(address, &zone_high))
		return GROUND_UNMAPPED;
	if (region == REGION_ARENA && offset >= -REACH && offset < REACH)
		return GROUND_BLOCK;
	if (is_on_gos_heap(region) && go_is_slack(size, offset))
		return GROUND_SLACK;
	/* beyond the neighbours on the stack lie saved registers and other frames */
	if (is_in_a_frame(region) &&
		(offset < stage->previous - (int64_t)size || offset >= stage->next + size))
		return GROUND_MAPPED;
	return GROUND_LIVE;
}

bool stage_is_undecided(enum plan_region region, uint32_t size, int64_t offset)
{
	return model_has_checkptr(detector_self->model) && go_is_undecided(region, size, offset);
}

uint8_t *stage_cliff(uint32_t bytes)
{
	return zone_low.never + ZONE_NEVER - bytes;
}
