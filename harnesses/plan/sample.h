/* SPDX-License-Identifier: Apache-2.0
 * Samples: the plans that a measurement is over. Plan i of a class and idiom is a pure function of the
 * sample and i, so any part of a sample can be made again, in any order, by anyone. */
#ifndef FENCEPOST_PLAN_SAMPLE_H
#define FENCEPOST_PLAN_SAMPLE_H

#include "plan.h"

enum sample_kind {
	SAMPLE_RANDOM, /* decoded from seeded random bytes by the decoder that the fuzzer uses */
	SAMPLE_GRID, /* size x width that fits x region x distance x side, else the plainest plan; the oob classes */
	SAMPLE_KIND_COUNT
};

struct sample {
	enum sample_kind kind;
	uint64_t seed;   /* SAMPLE_RANDOM only */
	uint64_t inputs; /* plans a class and idiom; SAMPLE_RANDOM only */
};

/* Plans that @sample has for @class: 0 for a class that the grid does not cover. */
uint64_t sample_count(const struct sample *sample, enum plan_class class);

/* @i < sample_count(). */
struct plan sample_plan(
	const struct sample *sample, enum plan_class class, enum plan_idiom idiom, uint64_t i);

const char *sample_slug(enum sample_kind kind); /* "random", "grid" */

#endif
