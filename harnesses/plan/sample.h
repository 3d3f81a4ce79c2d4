/* SPDX-License-Identifier: Apache-2.0
 * Samples: the plans of a measurement. Plan i of a class and idiom depends only on the sample and i, so any part of a
 * sample can be made again, in any order, on any machine. */
#ifndef FENCEPOST_PLAN_SAMPLE_H
#define FENCEPOST_PLAN_SAMPLE_H

#include "plan.h"

enum sample_kind {
	SAMPLE_RANDOM, /* decoded from seeded random bytes by the decoder that the fuzzer uses */
	SAMPLE_GRID, /* each size x width that fits x region x distance x side; other axes at their first value; only oob classes */
	SAMPLE_KIND_COUNT
};

struct sample {
	enum sample_kind kind;
	uint64_t seed;   /* SAMPLE_RANDOM only */
	uint64_t inputs; /* plans of each class and idiom; SAMPLE_RANDOM only */
};

/* Returns the number of plans of @class; 0 for a class that the grid does not cover. */
uint64_t sample_count(const struct sample *sample, enum plan_class class);

/* Returns plan @i, which is below sample_count(). */
struct plan sample_plan(
	const struct sample *sample, enum plan_class class, enum plan_idiom idiom, uint64_t i);

const char *sample_slug(enum sample_kind kind); /* "random", "grid" */

#endif
