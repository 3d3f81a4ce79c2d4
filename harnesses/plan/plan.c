/* SPDX-License-Identifier: Apache-2.0
 * Decodes bytes to plans, and encodes plans to bytes. */
#include "plan.h"

#include <string.h>

const uint8_t plan_widths[WIDTH_COUNT] = { 1, 2, 4, 8, 16 };

const uint32_t plan_sizes[SIZE_COUNT] = {
#define X(size) size,
	SIZES(X)
#undef X
};

const struct plan_class_row plan_classes[CLASS_COUNT] = {
#define CLASS(name, slug, cwe, title, regions, accesses, ways, distances, hows, directions) \
	[CLASS_##name] = { slug, cwe, title, regions, accesses, ways, distances, hows, directions },
#include "classes.def"
#undef CLASS
};

static const char *const idiom_slugs[IDIOM_COUNT] = {
#define IDIOM(name, slug, title) [IDIOM_##name] = slug,
#include "idioms.def"
#undef IDIOM
};

static const struct {
	const char *slug[IDIOM_COUNT], *code[IDIOM_COUNT];
} ways[WAY_COUNT] = {
#define WAY(name, go_slug, go_code, rust_slug, rust_code) \
	[WAY_##name] = { { go_slug, rust_slug }, { go_code, rust_code } },
#include "idioms.def"
#undef WAY
};

static const char *const region_slugs[REGION_COUNT] = {
	"heap",
	"stack",
	"global",
	"arena",
	"foreign",
};

static const char *const access_slugs[ACCESS_COUNT] = { "direct", "copy", "atomic", "none" };

static const char *const distance_slugs[DISTANCE_COUNT] = {
	"element",
	"granule",
	"edge",
	"16",
	"64",
	"256",
	"4k",
	"1m",
	"live",
	"freed",
	"never",
	"unmapped",
	"calls-0",
	"calls-1",
	"calls-4",
	"calls-16",
	"inside",
};

static const char *const how_slugs[HOW_COUNT] = {
	"plain",
	"freed",
	"reused",
	"grown",
	"return",
	"scope",
	"twice",
	"interior",
	"wrong",
	"negative",
	"wraps",
	"huge",
	"inside",
	"straddle",
};

const char *plan_idiom_slug(enum plan_idiom idiom)
{
	return idiom_slugs[idiom];
}

const char *plan_region_slug(enum plan_region region)
{
	return region_slugs[region];
}

const char *plan_access_slug(enum plan_access access)
{
	return access_slugs[access];
}

const char *plan_distance_slug(enum plan_distance distance)
{
	return distance_slugs[distance];
}

const char *plan_how_slug(enum plan_how how)
{
	return how_slugs[how];
}

const char *plan_way_slug(enum plan_idiom idiom, enum plan_way way)
{
	return ways[way].slug[idiom];
}

const char *plan_way_code(enum plan_idiom idiom, enum plan_way way)
{
	return ways[way].code[idiom];
}

int plan_class_find(const char *slug)
{
	for (int i = 0; i < CLASS_COUNT; i++)
		if (strcmp(plan_classes[i].slug, slug) == 0)
			return i;
	return -1;
}

int plan_idiom_find(const char *slug)
{
	for (int i = 0; i < IDIOM_COUNT; i++)
		if (strcmp(idiom_slugs[i], slug) == 0)
			return i;
	return -1;
}

/* The set bits of a mask, in order. They are listed once, because a search for the k-th was a third of
 * what a plan costs. */
struct choices {
	uint8_t count, values[DISTANCE_COUNT];
};

static struct {
	struct choices regions, accesses, ways, distances, hows[REGION_COUNT];
} choices[CLASS_COUNT];

static struct choices choices_of(uint32_t mask)
{
	struct choices list = { 0 };

	for (; mask != 0; mask &= mask - 1)
		list.values[list.count++] = (uint8_t)__builtin_ctz(mask);
	return list;
}

/* The k-th, counted modulo their number. */
static unsigned nth(const struct choices *list, uint8_t k)
{
	return list->values[k % list->count];
}

/* The inverse: how many allowed values come before @value. */
static unsigned rank_allowed(uint32_t mask, unsigned value)
{
	return (unsigned)__builtin_popcount(mask & (BIT(value) - 1));
}

/* The last allowed access has two chances, because atomics lose some to their width. */
static unsigned access_of(const struct choices *list, uint8_t byte)
{
	unsigned count = list->count, k = byte % (count + (count > 1));

	return list->values[k < count ? k : count - 1];
}

/* Where the region decides how a free is wrong, nothing else may. */
static uint32_t hows_allowed(enum plan_class class, enum plan_region region)
{
	if (class != CLASS_invalid_free)
		return plan_classes[class].hows;
	switch (region) {
	case REGION_STACK:
	case REGION_GLOBAL: return BIT(HOW_WRONG);
	case REGION_ARENA: return BIT(HOW_INTERIOR);
	default: return BIT(HOW_TWICE) | BIT(HOW_INTERIOR);
	}
}

static __attribute__((constructor)) void list_choices(void)
{
	for (int c = 0; c < CLASS_COUNT; c++) {
		const struct plan_class_row *row = &plan_classes[c];

		choices[c].regions = choices_of(row->regions);
		choices[c].accesses = choices_of(row->accesses);
		choices[c].ways = choices_of(row->ways);
		choices[c].distances = choices_of(row->distances);
		for (int region = 0; region < REGION_COUNT; region++)
			choices[c].hows[region] = choices_of(
				hows_allowed((enum plan_class)c, (enum plan_region)region));
	}
}

/* The number of widths that fit an object of @size bytes; they are the first of plan_widths. */
static unsigned widths_that_fit(uint32_t size)
{
	unsigned fit = 0;

	while (fit < WIDTH_COUNT && plan_widths[fit] <= size)
		fit++;
	return fit;
}

static uint8_t width_of(const struct plan *plan, uint8_t byte)
{
	unsigned fit = widths_that_fit(plan->size);

	if (plan->class == CLASS_misaligned)
		return plan_widths[1 + byte % (WIDTH_COUNT - 1)];
	if ((byte & 7) < 5)
		return plan_widths[fit - 1];
	return plan_widths[(byte >> 3) % fit];
}

static uint8_t width_byte(const struct plan *plan)
{
	uint8_t rank = (uint8_t)__builtin_ctz(plan->width);

	if (plan->class == CLASS_misaligned)
		return rank > 0 ? (uint8_t)(rank - 1) : 0;
	return (uint8_t)(rank << 3 | 7);
}

static bool distance_is_walkable(enum plan_distance distance)
{
	const uint32_t walkable = BIT(DISTANCE_ELEMENT) | BIT(DISTANCE_EDGE) | BIT(DISTANCE_16) |
		BIT(DISTANCE_64) | BIT(DISTANCE_256) | BIT(DISTANCE_4K) | BIT(DISTANCE_LIVE);

	return walkable & BIT(distance);
}

/* Settles the axes that depend on each other. Normalising twice changes nothing. */
static void normalise(struct plan *plan)
{
	const struct plan_class_row *row = &plan_classes[plan->class];
	bool spatial = plan->class == CLASS_oob_read || plan->class == CLASS_oob_write;

	if (!plan->breaks)
		while (plan->width > plan->size)
			plan->width /= 2;
	if (plan->access == ACCESS_ATOMIC && plan->width != 4 && plan->width != 8)
		plan->access = ACCESS_DIRECT;
	if (plan->how == HOW_WRAPS && plan->width == 1)
		plan->how = HOW_HUGE;
	if (plan->how == HOW_INSIDE && plan->size <= plan->width)
		plan->how = HOW_STRADDLE;
	plan->before = spatial && plan->before;
	plan->bump = spatial && plan->bump && distance_is_walkable(plan->distance);
	plan->store = row->directions == (LOADS | STORES) ? plan->store : row->directions == STORES;
}

struct plan plan_decode(const uint8_t *bytes, size_t size, struct plan_fixed fixed)
{
	uint8_t b[PLAN_BYTES] = { 0 };
	struct plan plan = { 0 };

	if (size > 0)
		memcpy(b, bytes, size < PLAN_BYTES ? size : PLAN_BYTES);
	plan.class = fixed.class >= 0 ? (enum plan_class)fixed.class : b[0] % CLASS_COUNT;
	plan.idiom = fixed.idiom >= 0 ? (enum plan_idiom)fixed.idiom : (b[1] & 15) % IDIOM_COUNT;
	plan.breaks = b[2] & 1;
	plan.region = nth(&choices[plan.class].regions, b[3]);
	plan.access = access_of(&choices[plan.class].accesses, b[4]);
	plan.way = nth(&choices[plan.class].ways, b[5]);
	plan.distance = nth(&choices[plan.class].distances, b[6]);
	plan.how = nth(&choices[plan.class].hows[plan.region], b[7]);
	plan.size = plan_sizes[b[8] % SIZE_COUNT];
	plan.width = width_of(&plan, b[9]);
	plan.before = b[10] & 1;
	plan.bump = b[10] & 2;
	plan.store = b[10] & 4;
	plan.pick = b[11];
	normalise(&plan);
	return plan;
}

static uint8_t size_byte(uint32_t size)
{
	uint8_t i = 0;

	while (i < SIZE_COUNT - 1 && plan_sizes[i] != size)
		i++;
	return i;
}

void plan_encode(const struct plan *plan, uint8_t ret_bytes[PLAN_BYTES])
{
	const struct plan_class_row *row = &plan_classes[plan->class];

	ret_bytes[0] = (uint8_t)plan->class;
	ret_bytes[1] = (uint8_t)(PLAN_VERSION << 4 | plan->idiom);
	ret_bytes[2] = plan->breaks;
	ret_bytes[3] = (uint8_t)rank_allowed(row->regions, plan->region);
	ret_bytes[4] = (uint8_t)rank_allowed(row->accesses, plan->access);
	ret_bytes[5] = (uint8_t)rank_allowed(row->ways, plan->way);
	ret_bytes[6] = (uint8_t)rank_allowed(row->distances, plan->distance);
	ret_bytes[7] = (uint8_t)rank_allowed(hows_allowed(plan->class, plan->region), plan->how);
	ret_bytes[8] = size_byte(plan->size);
	ret_bytes[9] = width_byte(plan);
	ret_bytes[10] = (uint8_t)(plan->before | plan->bump << 1 | plan->store << 2);
	ret_bytes[11] = plan->pick;
}

bool plan_is_plainer(const struct plan *a, const struct plan *b)
{
	uint8_t x[PLAN_BYTES], y[PLAN_BYTES];

	plan_encode(a, x);
	plan_encode(b, y);
	return memcmp(x, y, PLAN_BYTES) < 0;
}

int plan_stamped_version(const uint8_t *bytes, size_t size)
{
	return size > 1 ? bytes[1] >> 4 : 0;
}

struct plan plan_twin(const struct plan *plan)
{
	struct plan twin = *plan;

	twin.breaks = false;
	normalise(&twin);
	return twin;
}
