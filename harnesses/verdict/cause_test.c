/* SPDX-License-Identifier: Apache-2.0
 * Tests of the causes: each one that can occur, and their order. For random plans and random evidence, models that
 * share no code with cause.c check that no forbidden cause is given. */
#include "cause.h"
#include "detectors.h"
#include "plan/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define PLANS         40000

/* ---- one by one ------------------------------------------------------------------------------------ */

#define CLEAN \
	4, \
	{ \
		0, 0, 0, 0 \
	}
#define POISONED \
	4, \
	{ \
		0xfa, 0xfa, 0xfa, 0xfa \
	}
#define NONE \
	0, \
	{ \
		0 \
	}
#define OOB         CLASS_oob_write, HOW_PLAIN, ACCESS_DIRECT
#define UAF         CLASS_use_after_free, HOW_FREED, ACCESS_DIRECT
#define UAR         CLASS_use_after_return, HOW_RETURN, ACCESS_DIRECT
#define SCOPE       CLASS_use_after_return, HOW_SCOPE, ACCESS_DIRECT
#define FREE        CLASS_invalid_free, HOW_TWICE, ACCESS_NONE
#define MAKE        CLASS_bad_length, HOW_HUGE, ACCESS_NONE
#define WRAPS       CLASS_bad_length, HOW_WRAPS, ACCESS_COPY
#define LENGTH_USED CLASS_bad_length, HOW_NEGATIVE, ACCESS_DIRECT
#define INSIDE      CLASS_misaligned, HOW_INSIDE, ACCESS_DIRECT
#define STRADDLE    CLASS_misaligned, HOW_STRADDLE, ACCESS_DIRECT
#define NULL_DIRECT CLASS_null_deref, HOW_PLAIN, ACCESS_DIRECT
#define NULL_COPY   CLASS_null_deref, HOW_PLAIN, ACCESS_COPY

static const struct {
	int detector;
	enum plan_class class;
	enum plan_how how;
	enum plan_access access;
	uint8_t width;
	struct evidence evidence;
	enum cause cause;
} rows[] = {
	/* the detection is off, and only where the table says that this can be */
	{ DETECTOR_asan_defaults, UAR, 4, { 0x1000, 0, GROUND_FRAME, true, CLEAN },
		CAUSE_OPTION_OFF },
	{ DETECTOR_asan_defaults, UAR, 4, { 0x1000, 0, GROUND_FRAME, false, CLEAN },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_asan, UAR, 4, { 0x1000, 0, GROUND_FRAME, true, CLEAN }, CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_asan_defaults, SCOPE, 4, { 0x1000, 0, GROUND_FRAME, true, CLEAN },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_asan_defaults, OOB, 4, { 0x1000, 0, GROUND_LIVE, true, CLEAN },
		CAUSE_LIVE_NEIGHBOUR },
	/* it comes before all else */
	{ DETECTOR_asan_defaults, UAR, 4, { 0x1000, 0, GROUND_FRAME, true, POISONED },
		CAUSE_OPTION_OFF },

	/* nothing outside was touched, whatever is there, under whichever detector */
	{ DETECTOR_none, MAKE, 4, { 0, 0, GROUND_UNKNOWN, false, NONE }, CAUSE_NO_ACCESS },
	{ DETECTOR_asan, MAKE, 4, { 0, 0, GROUND_UNKNOWN, false, POISONED }, CAUSE_NO_ACCESS },
	{ DETECTOR_asan, WRAPS, 4, { 0x1000, 0, GROUND_OBJECT, false, CLEAN }, CAUSE_NO_ACCESS },
	{ DETECTOR_none, WRAPS, 4, { 0x1000, 0, GROUND_OBJECT, false, NONE }, CAUSE_NO_ACCESS },

	/* Rust looks at *ptr itself: null, and misaligned */
	{ DETECTOR_rust_debug, NULL_DIRECT, 4, { 0, 0, GROUND_UNMAPPED, false, NONE },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_rust_debug, NULL_COPY, 4, { 0, 0, GROUND_UNMAPPED, false, NONE },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_rust_debug, NULL_DIRECT, 4, { 0x1000, 0, GROUND_LIVE, false, NONE },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_rust_debug, INSIDE, 4, { 0x1001, 0, GROUND_OBJECT, false, NONE },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_rust_debug, STRADDLE, 4, { 0x1004, 0, GROUND_LIVE, false, NONE },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_rust_debug, OOB, 4, { 0x1000, 0, GROUND_LIVE, false, NONE },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_rust_debug, UAF, 4, { 0x1000, 0, GROUND_OBJECT, false, NONE }, CAUSE_NO_RULE },
	{ DETECTOR_rust_release, OOB, 4, { 0x1000, 0, GROUND_LIVE, false, NONE }, CAUSE_NO_RULE },

	/* no check for it */
	{ DETECTOR_none, OOB, 4, { 0x1000, 0, GROUND_LIVE, false, NONE }, CAUSE_NO_RULE },
	{ DETECTOR_ubsan, UAF, 4, { 0x1000, 0, GROUND_OBJECT, false, NONE }, CAUSE_NO_RULE },
	{ DETECTOR_asan, NULL_DIRECT, 4, { 0, 0, GROUND_UNMAPPED, false, CLEAN }, CAUSE_NO_RULE },
	{ DETECTOR_asan, INSIDE, 4, { 0x1001, 0, GROUND_OBJECT, false, CLEAN }, CAUSE_NO_RULE },
	{ DETECTOR_asan, INSIDE, 4, { 0x1001, 0, GROUND_OBJECT, false, POISONED }, CAUSE_NO_RULE },

	/* a check that could not be silent */
	{ DETECTOR_none, FREE, 4, { 0, 0, GROUND_UNKNOWN, false, NONE }, CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, FREE, 4, { 0, 0, GROUND_UNKNOWN, false, NONE }, CAUSE_UNEXPLAINED },
	{ DETECTOR_ubsan, NULL_DIRECT, 4, { 0, 0, GROUND_UNMAPPED, false, NONE },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_ubsan, INSIDE, 4, { 0x1002, 0, GROUND_OBJECT, false, NONE }, CAUSE_UNEXPLAINED },
	{ DETECTOR_asan_ubsan, INSIDE, 4, { 0x1002, 0, GROUND_OBJECT, false, CLEAN },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, OOB, 4, { 0x1000, 16, GROUND_MAPPED, false, POISONED },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, UAF, 4, { 0x1000, 0, GROUND_OBJECT, false, 4, { 0xfd, 0, 0, 0 } },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, OOB, 4, { 0x1000, 16, GROUND_UNKNOWN, false, CLEAN }, CAUSE_UNEXPLAINED },
	/* without evidence nothing is explained */
	{ DETECTOR_asan, OOB, 4, { 0 }, CAUSE_UNEXPLAINED },

	/* UBSan has checks of pointers, in front of direct accesses */
	{ DETECTOR_ubsan, OOB, 4, { 0x1000, 16, GROUND_LIVE, false, NONE },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_ubsan, NULL_COPY, 4, { 0, 0, GROUND_UNMAPPED, false, NONE },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_ubsan, STRADDLE, 4, { 0x1004, 0, GROUND_LIVE, false, NONE },
		CAUSE_NOT_INSTRUMENTED },
	{ DETECTOR_asan_ubsan, INSIDE, 4, { 0x1004, 0, GROUND_OBJECT, false, CLEAN },
		CAUSE_NOT_INSTRUMENTED },

	/* what the shadow allows, by what lies there */
	{ DETECTOR_asan, UAF, 4, { 0x1000, 0, GROUND_OBJECT, false, CLEAN }, CAUSE_REUSED },
	{ DETECTOR_asan, OOB, 4, { 0x1000, 16, GROUND_BLOCK, false, CLEAN }, CAUSE_INTRA_OBJECT },
	{ DETECTOR_asan, OOB, 4, { 0x1000, 64, GROUND_LIVE, false, CLEAN }, CAUSE_LIVE_NEIGHBOUR },
	{ DETECTOR_asan, OOB, 4, { 0x1000, 4096, GROUND_MAPPED, false, CLEAN }, CAUSE_ELSEWHERE },
	{ DETECTOR_asan, OOB, 4, { 0x1000, -8, GROUND_UNMAPPED, false, CLEAN },
		CAUSE_UNMAPPED_SHADOW },
	{ DETECTOR_asan, LENGTH_USED, 4, { 0x1000, 16, GROUND_BLOCK, false, CLEAN },
		CAUSE_INTRA_OBJECT },
	{ DETECTOR_asan, STRADDLE, 8, { 0x1001, 9, GROUND_BLOCK, false, CLEAN },
		CAUSE_INTRA_OBJECT },

	/* granules: the first bytes may be touched, the others not */
	{ DETECTOR_asan, OOB, 4, { 0x1000, 16, GROUND_LIVE, false, 4, { 4, 0xfa, 0xfa, 0xfa } },
		CAUSE_LIVE_NEIGHBOUR },
	{ DETECTOR_asan, OOB, 4, { 0x1000, 16, GROUND_LIVE, false, 4, { 3, 0xfa, 0xfa, 0xfa } },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, OOB, 4, { 0x1004, 16, GROUND_LIVE, false, 4, { 4, 0, 0, 0 } },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, OOB, 1, { 0x1006, 16, GROUND_LIVE, false, 4, { 7, 0, 0, 0 } },
		CAUSE_LIVE_NEIGHBOUR },
	{ DETECTOR_asan, OOB, 1, { 0x1007, 16, GROUND_LIVE, false, 4, { 7, 0, 0, 0 } },
		CAUSE_UNEXPLAINED },
	/* the last granule of a wide access */
	{ DETECTOR_asan, OOB, 16, { 0x1000, 16, GROUND_LIVE, false, 4, { 0, 0, 0xfa, 0xfa } },
		CAUSE_LIVE_NEIGHBOUR },
	{ DETECTOR_asan, OOB, 16, { 0x1000, 16, GROUND_LIVE, false, 4, { 0, 0xfa, 0, 0 } },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, OOB, 16, { 0x1001, 16, GROUND_LIVE, false, 4, { 0, 0, 0xfa, 0 } },
		CAUSE_UNEXPLAINED },
	/* whose first granules alone were looked at, because its address was taken for aligned */
	{ DETECTOR_asan, STRADDLE, 8, { 0x1001, 9, GROUND_MAPPED, false, 4, { 0, 0xfa, 0, 0 } },
		CAUSE_WIDE_CHECK },
	{ DETECTOR_asan, STRADDLE, 8, { 0x1001, 9, GROUND_MAPPED, false, 4, { 0xfa, 0xfa, 0, 0 } },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, STRADDLE, 16, { 0x1001, 9, GROUND_MAPPED, false, 4, { 0, 0, 0xfa, 0 } },
		CAUSE_WIDE_CHECK },
	{ DETECTOR_asan, STRADDLE, 16, { 0x1001, 9, GROUND_MAPPED, false, 4, { 0, 0xfa, 0xfa, 0 } },
		CAUSE_UNEXPLAINED },
	{ DETECTOR_asan, STRADDLE, 4, { 0x1004, 9, GROUND_MAPPED, false, 4, { 2, 0, 0, 0 } },
		CAUSE_UNEXPLAINED },
};

static struct plan plan_of_row(size_t row)
{
	return (struct plan){ .class = rows[row].class,
		.idiom = IDIOM_rust,
		.breaks = true,
		.region = rows[row].class == CLASS_use_after_return ? REGION_STACK : REGION_HEAP,
		.access = rows[row].access,
		.way = rows[row].class == CLASS_invalid_free ? WAY_FREE :
			rows[row].class == CLASS_bad_length  ? WAY_SLICE :
							       WAY_RAW,
		.distance = rows[row].class == CLASS_use_after_return ? DISTANCE_CALLS_0 :
			plan_classes[rows[row].class].distances == DISTANCE_NONE ? DISTANCE_INSIDE :
										   DISTANCE_ELEMENT,
		.how = rows[row].how,
		.size = 16,
		.width = rows[row].width,
		.store = rows[row].class == CLASS_oob_write };
}

static void test_rows(void **state)
{
	bool occurs[CAUSE_COUNT] = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct plan plan = plan_of_row(i);
		struct truth truth = truth_of(&plan);
		enum cause cause = cause_of(&plan, &truth, rows[i].detector, &rows[i].evidence);

		assert_true(truth.violation);
		if (cause != rows[i].cause)
			fail_msg("row %zu (%s, %s): %s instead of %s", i,
				plan_classes[rows[i].class].slug, detectors[rows[i].detector].slug,
				cause_slug(cause), cause_slug(rows[i].cause));
		occurs[cause] = true;
	}
	/* what only Go's rows can cause is in test_go; nothing of today causes the rest */
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		assert_int_equal(
			occurs[c], c != CAUSE_SLACK && c != CAUSE_GRANULE && c != CAUSE_NO_REDZONE);
}

/* What checkptr takes for one allocation, and what it does not look at; what -asan does not ask for. */
static void test_go(void **state)
{
	static const struct {
		enum detector_id detector;
		enum plan_region region;
		enum plan_way way;
		enum plan_access access;
		enum ground ground;
		uint8_t shadow; /* of go-asan */
		enum cause cause;
	} rows[] = {
#define CHECKPTR(region, way, ground, cause) \
	{ DETECTOR_go_checkptr, REGION_##region, WAY_##way, ACCESS_DIRECT, GROUND_##ground, 0, \
		CAUSE_##cause }
#define ASAN(access, ground, shadow, cause) \
	{ \
		DETECTOR_go_asan, REGION_HEAP, WAY_RAW, ACCESS_##access, GROUND_##ground, shadow, \
			CAUSE_##cause \
	}
		CHECKPTR(HEAP, SLICE, SLACK, SLACK),
		CHECKPTR(HEAP, SLICE, LIVE, LIVE_NEIGHBOUR),
		CHECKPTR(HEAP, RAW, MAPPED, ELSEWHERE),
		CHECKPTR(HEAP, ADD, SLACK, NOT_INSTRUMENTED),
		CHECKPTR(HEAP, FORGED, LIVE, NOT_INSTRUMENTED),
		CHECKPTR(ARENA, SLICE, BLOCK, INTRA_OBJECT),
		CHECKPTR(STACK, RAW, LIVE, NO_REDZONE),
		CHECKPTR(GLOBAL, SLICE, LIVE, NO_REDZONE),
		CHECKPTR(FOREIGN, SLICE, LIVE, NOT_INSTRUMENTED),
		ASAN(ATOMIC, LIVE, 0xf7, NOT_INSTRUMENTED),
		ASAN(DIRECT, LIVE, 0xf7, UNEXPLAINED),
		ASAN(DIRECT, LIVE, 0, LIVE_NEIGHBOUR),
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct plan plan = { .class = CLASS_oob_read,
			.idiom = IDIOM_go,
			.breaks = true,
			.region = rows[i].region,
			.access = rows[i].access,
			.way = rows[i].way,
			.size = 16,
			.width = 4 };
		struct truth truth = truth_of(&plan);
		struct evidence evidence = { .address = 0x1000, .ground = rows[i].ground };
		enum cause cause;

		evidence.shadow_count = rows[i].detector == DETECTOR_go_asan ? 1 : 0;
		evidence.shadow[0] = rows[i].shadow;
		cause = cause_of(&plan, &truth, (int)rows[i].detector, &evidence);
		if (cause != rows[i].cause)
			fail_msg("row %zu: %s instead of %s", i, cause_slug(cause),
				cause_slug(rows[i].cause));
	}
}

/* ---- what holds of all --------------------------------------------------------------------------- */

static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* As AddressSanitizer writes shadow: 0, 1 to 7, or the top bit set. */
static struct evidence random_evidence(uint64_t *seed, bool shadow)
{
	struct evidence evidence = { .address = 0x10000 + random_next(seed) % 64,
		.offset = (int64_t)(random_next(seed) % 200) - 100,
		.ground = (enum ground)(random_next(seed) % GROUND_COUNT),
		.option_off = random_next(seed) % 2 };

	if (random_next(seed) % 8 == 0)
		evidence.address = 0;
	evidence.shadow_count = shadow ? EVIDENCE_SHADOW : 0;
	for (int i = 0; i < evidence.shadow_count; i++)
		evidence.shadow[i] = (uint8_t)(random_next(seed) % 2 ? 0 :
				random_next(seed) % 2                ? random_next(seed) % 8 :
								       0xf0 + random_next(seed) % 16);
	return evidence;
}

/* Byte by byte, over an array of what may be touched. */
static bool touches_poison(const struct evidence *evidence, unsigned width)
{
	bool poisoned[EVIDENCE_SHADOW * 8];

	for (unsigned i = 0; i < sizeof(poisoned); i++) {
		int8_t shadow = (int8_t)evidence->shadow[i / 8];

		poisoned[i] = shadow != 0 && (int)(i % 8) >= shadow;
	}
	for (unsigned i = 0; i < width; i++)
		if (poisoned[evidence->address % 8 + i])
			return true;
	return false;
}

/* The rows of kinds.def, a second time. */
static bool is_off(const struct plan *plan, int detector, const struct evidence *evidence)
{
	return detector == DETECTOR_asan_defaults && plan->class == CLASS_use_after_return &&
		plan->how == HOW_RETURN && evidence->option_off;
}

static void check_tables(const struct plan *plan, const struct truth *truth, int detector,
	const struct evidence *evidence, enum cause cause)
{
	bool off = is_off(plan, detector, evidence);
	uint32_t tools = detectors[detector].tools;
	bool named = detector_has_rule(detector, plan->class) && verdict_may_name(truth, tools);

	assert_int_equal(cause == CAUSE_OPTION_OFF, off);
	if (cause == CAUSE_NO_RULE)
		assert_false(named);
	if (!named && !off)
		assert_true(cause == CAUSE_NO_RULE || cause == CAUSE_NO_ACCESS);
	if (cause == CAUSE_NO_ACCESS)
		assert_int_equal(plan->class, CLASS_bad_length);
	if (truth->act == TRUTH_MAKE)
		assert_int_equal(cause, CAUSE_NO_ACCESS);
}

static bool is_by_shadow(enum cause cause)
{
	return cause == CAUSE_REUSED || cause == CAUSE_INTRA_OBJECT ||
		cause == CAUSE_LIVE_NEIGHBOUR || cause == CAUSE_ELSEWHERE ||
		cause == CAUSE_UNMAPPED_SHADOW;
}

static void check_shadow(
	const struct plan *plan, int detector, const struct evidence *evidence, enum cause cause)
{
	if (evidence->shadow_count == 0) {
		if (detectors[detector].model == MODEL_GO_CHECKPTR)
			return; /* it has grounds of its own: test_go */
		assert_false(is_by_shadow(cause) || cause == CAUSE_WIDE_CHECK);
		return;
	}
	/* poison that was touched in silence is explained by nothing but the check's own narrowness */
	if (is_by_shadow(cause))
		assert_false(touches_poison(evidence, plan->width));
	if (cause == CAUSE_WIDE_CHECK) {
		assert_true(touches_poison(evidence, plan->width));
		assert_int_equal(plan->class, CLASS_misaligned);
		assert_int_not_equal(evidence->address % plan->width, 0);
		assert_true(evidence->shadow[0] < 8);
	}
}

static void check_random(const struct plan *plan, int detector, uint64_t *seed)
{
	struct truth truth = truth_of(plan);
	struct evidence evidence = random_evidence(
		seed, detectors[detector].tools & BIT(TOOL_ASAN));
	enum cause cause = cause_of(plan, &truth, detector, &evidence);

	assert_int_equal(cause == CAUSE_NONE, !truth.violation);
	if (!truth.violation)
		return;
	assert_true(outcome_is_valid(outcome_of(VERDICT_SILENT, cause)));
	assert_true(cause != CAUSE_GRANULE);
	if (cause == CAUSE_SLACK || cause == CAUSE_NO_REDZONE)
		assert_true(
			model_is_go(detectors[detector].model) || evidence.ground == GROUND_SLACK);
	check_tables(plan, &truth, detector, &evidence, cause);
	check_shadow(plan, detector, &evidence, cause);
}

static void test_random(void **state)
{
	static const struct sample sample = { SAMPLE_RANDOM, 1, PLANS };
	uint64_t seed = 1;

	(void)state;
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
			for (uint64_t i = 0; i < PLANS; i++) {
				struct plan plan = sample_plan(&sample, (enum plan_class) class,
					(enum plan_idiom)idiom, i);

				for (int d = 0; d < DETECTOR_COUNT; d++)
					check_random(&plan, d, &seed);
			}
}

/* Where a detector has a rule, and the option is on, evidence alone decides: all clean or all poisoned
 * memory under the same plan gives different causes. */
static void test_poison_is_unexplained(void **state)
{
	static const struct sample sample = { SAMPLE_RANDOM, 2, PLANS };
	unsigned checked = 0;

	(void)state;
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (uint64_t i = 0; i < PLANS; i++) {
			struct plan plan = sample_plan(
				&sample, (enum plan_class) class, IDIOM_rust, i);
			struct truth truth = truth_of(&plan);
			struct evidence evidence = { 0x10000, 64, GROUND_LIVE, false, POISONED };

			if (!truth.violation || truth.act == TRUTH_MAKE ||
				!verdict_may_name(&truth, detectors[DETECTOR_asan].tools) ||
				(plan.class == CLASS_bad_length && plan.how == HOW_WRAPS))
				continue;
			assert_int_equal(cause_of(&plan, &truth, DETECTOR_asan, &evidence),
				CAUSE_UNEXPLAINED);
			memset(evidence.shadow, 0, sizeof(evidence.shadow));
			if (truth.act != TRUTH_FREE)
				assert_int_equal(cause_of(&plan, &truth, DETECTOR_asan, &evidence),
					CAUSE_LIVE_NEIGHBOUR);
			checked++;
		}
	assert_true(checked > PLANS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_go),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_poison_is_unexplained),
	};

	return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
