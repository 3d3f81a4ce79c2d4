/* SPDX-License-Identifier: Apache-2.0
 * Random and enumerated plans. */
#include "sample.h"

#include <string.h>

const char *sample_slug(enum sample_kind kind)
{
	return kind == SAMPLE_GRID ? "grid" : "random";
}

/* The output function of splitmix64 (Steele, Lea and Flood, 2014), as a hash of @z. */
static uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static struct plan random_plan(
	uint64_t seed, enum plan_class class, enum plan_idiom idiom, uint64_t i)
{
	const uint64_t golden = 0x9e3779b97f4a7c15u;
	uint64_t stream = mix(seed + golden * (1 + class * (uint64_t)IDIOM_COUNT + idiom));
	uint64_t words[2] = { mix(stream + golden * (2 * i + 1)),
		mix(stream + golden * (2 * i + 2)) };
	uint8_t bytes[sizeof(words)];

	memcpy(bytes, words, sizeof(words));
	return plan_decode(bytes, PLAN_BYTES, (struct plan_fixed){ (int)class, (int)idiom });
}

#define GRID_DISTANCES 12
_Static_assert(
	BIT(GRID_DISTANCES) - 1 == DISTANCE_SPATIAL, "the grid covers the spatial distances");

/* Pairs of a size and a width that fits it, the sizes in order. */
static unsigned count_pairs(void)
{
	unsigned pairs = 0;

	for (int s = 0; s < SIZE_COUNT; s++)
		for (int w = 0; w < WIDTH_COUNT; w++)
			pairs += plan_widths[w] <= plan_sizes[s];
	return pairs;
}

static void set_pair(struct plan *plan, uint64_t pair)
{
	for (int s = 0; s < SIZE_COUNT; s++)
		for (int w = 0; w < WIDTH_COUNT; w++)
			if (plan_widths[w] <= plan_sizes[s] && pair-- == 0) {
				plan->size = plan_sizes[s];
				plan->width = plan_widths[w];
				return;
			}
}

/* Mixed radix, the distance fastest. */
static struct plan grid_plan(enum plan_class class, enum plan_idiom idiom, uint64_t i)
{
	struct plan plan = { .class = class, .idiom = idiom, .breaks = true, .way = WAY_ADD };
	uint8_t bytes[PLAN_BYTES];

	plan.distance = (enum plan_distance)(i % GRID_DISTANCES);
	i /= GRID_DISTANCES;
	plan.before = i % 2;
	i /= 2;
	plan.region = (enum plan_region)(i % REGION_COUNT);
	set_pair(&plan, i / REGION_COUNT);
	plan_encode(&plan, bytes);
	return plan_decode(bytes, PLAN_BYTES, PLAN_FREE);
}

uint64_t sample_count(const struct sample *sample, enum plan_class class)
{
	bool spatial = class == CLASS_oob_read || class == CLASS_oob_write;

	if (sample->kind == SAMPLE_RANDOM)
		return sample->inputs;
	return spatial ? count_pairs() * REGION_COUNT * 2 * GRID_DISTANCES : 0;
}

struct plan sample_plan(
	const struct sample *sample, enum plan_class class, enum plan_idiom idiom, uint64_t i)
{
	return sample->kind == SAMPLE_GRID ? grid_plan(class, idiom, i) :
					     random_plan(sample->seed, class, idiom, i);
}
