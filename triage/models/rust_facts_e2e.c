/* SPDX-License-Identifier: Apache-2.0
 * What the models of Rust take for true, asked of real Rust again: through build/bin/reference-rust-*. Skipped where
 * there is no rustc. */
#include "reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RELEASE DETECTOR_rust_release
#define DEBUG   DETECTOR_rust_debug
#define ASAN    DETECTOR_rust_asan

/* Of 8-byte elements in a heap block of 64 bytes. */
#define NULL_READ(way, access) CLASS_null_deref, WAY_##way, ACCESS_##access, HOW_PLAIN, 0
#define OOB_READ(way, access)  CLASS_oob_read, WAY_##way, ACCESS_##access, HOW_PLAIN, 0
/* At offset 63: 7 of 8 bytes lie outside. */
#define AT_63(way, access)  CLASS_misaligned, WAY_##way, ACCESS_##access, HOW_STRADDLE, 0
#define INSIDE(way, access) CLASS_misaligned, WAY_##way, ACCESS_##access, HOW_INSIDE, 2
#define FREED(how)          CLASS_use_after_free, WAY_SLICE, ACCESS_DIRECT, HOW_##how, 0
#define LENGTH(way, how)    CLASS_bad_length, WAY_##way, ACCESS_DIRECT, HOW_##how, 0

static const struct fact {
	const char *name;
	enum detector_id detector;
	enum plan_class class;
	enum plan_way way;
	enum plan_access access;
	enum plan_how how;
	uint8_t pick;
	enum verdict verdict;
	const char *kind; /* NULL: nobody spoke */
} facts[] = {
	{ "debug misses ptr.read of null", DEBUG, NULL_READ(ADD, DIRECT), VERDICT_TRAP, "SIGSEGV" },
	{ "debug misses from_ptr of null", DEBUG, NULL_READ(ADD, ATOMIC), VERDICT_TRAP, "SIGSEGV" },
	{ "debug stops *ptr of null", DEBUG, NULL_READ(RAW, DIRECT), VERDICT_RIGHT,
		"null pointer dereference occurred" },
	{ "debug stops &*ptr of null", DEBUG, NULL_READ(RAW, ATOMIC), VERDICT_RIGHT,
		"null pointer dereference occurred" },
	{ "debug stops from_raw_parts of null", DEBUG, NULL_READ(SLICE, DIRECT), VERDICT_RIGHT,
		"from_raw_parts" },
	{ "debug stops a copy from null", DEBUG, NULL_READ(ADD, COPY), VERDICT_RIGHT,
		"copy_nonoverlapping" },
	{ "release stops no *ptr of null", RELEASE, NULL_READ(RAW, DIRECT), VERDICT_TRAP,
		"SIGSEGV" },
	{ "release stops no slice of null", RELEASE, NULL_READ(SLICE, DIRECT), VERDICT_TRAP,
		"SIGSEGV" },

	{ "debug misses a misaligned ptr.read", DEBUG, INSIDE(ADD, DIRECT), VERDICT_SILENT, NULL },
	{ "debug misses a misaligned from_ptr", DEBUG, INSIDE(ADD, ATOMIC), VERDICT_SILENT, NULL },
	{ "debug stops a misaligned *ptr", DEBUG, INSIDE(RAW, DIRECT), VERDICT_RIGHT,
		"misaligned pointer dereference" },
	{ "debug stops a misaligned slice", DEBUG, INSIDE(SLICE, DIRECT), VERDICT_RIGHT,
		"from_raw_parts" },
	{ "release stops no misaligned *ptr", RELEASE, INSIDE(RAW, DIRECT), VERDICT_SILENT, NULL },

	{ "s[i] is checked in release", RELEASE, OOB_READ(INDEX, DIRECT), VERDICT_LANGUAGE, NULL },
	{ "s[i] is checked in debug", DEBUG, OOB_READ(INDEX, DIRECT), VERDICT_LANGUAGE, NULL },
	{ "s[i] is checked before ASan looks", ASAN, OOB_READ(INDEX, DIRECT), VERDICT_LANGUAGE,
		NULL },
	{ "get_unchecked is not, in release", RELEASE, OOB_READ(FORGED, DIRECT), VERDICT_SILENT,
		NULL },
	{ "get_unchecked is, in debug", DEBUG, OOB_READ(FORGED, DIRECT), VERDICT_RIGHT,
		"get_unchecked" },
	{ "a slice that is too long is as good as any", DEBUG, OOB_READ(SLICE, DIRECT),
		VERDICT_SILENT, NULL },

	{ "ASan misses (63).cast::<u64>().read()", ASAN, AT_63(ADD, DIRECT), VERDICT_SILENT, NULL },
	{ "ASan sees read_unaligned", ASAN, CLASS_oob_read, WAY_ADD, ACCESS_DIRECT, HOW_STRADDLE, 0,
		VERDICT_RIGHT, "heap-buffer-overflow" },
	{ "ASan sees a copy", ASAN, OOB_READ(ADD, COPY), VERDICT_RIGHT, "heap-buffer-overflow" },
	{ "ASan sees a dropped Vec", ASAN, FREED(FREED), VERDICT_RIGHT, "heap-use-after-free" },
	{ "ASan's quarantine outlives reuse", ASAN, FREED(REUSED), VERDICT_RIGHT,
		"heap-use-after-free" },
	{ "debug does not see a dropped Vec", DEBUG, FREED(FREED), VERDICT_SILENT, NULL },

	{ "a Layout of more than isize::MAX is an error", RELEASE, LENGTH(MALLOC, NEGATIVE),
		VERDICT_LANGUAGE, NULL },
	{ "it is so before ASan sees it", ASAN, LENGTH(MALLOC, NEGATIVE), VERDICT_LANGUAGE, NULL },
	{ "n * size wraps in release", RELEASE, LENGTH(MALLOC, WRAPS), VERDICT_SILENT, NULL },
	{ "n * size is checked in debug", DEBUG, LENGTH(MALLOC, WRAPS), VERDICT_RIGHT,
		"attempt to multiply with overflow" },
	{ "debug stops a slice of a negative length", DEBUG, LENGTH(SLICE, NEGATIVE), VERDICT_RIGHT,
		"from_raw_parts" },
	{ "debug lets one of 128 TiB pass", DEBUG, LENGTH(SLICE, HUGE), VERDICT_SILENT, NULL },
};
#define FACTS (sizeof(facts) / sizeof(*facts))

static void need(enum detector_id detector)
{
	char *version = reference_version(detector);
	bool is_there = version != NULL;

	free(version);
	if (!is_there)
		skip();
}

static void expect(
	enum detector_id detector, const struct plan *plan, enum verdict verdict, const char *kind)
{
	struct reference_run run;

	assert_int_equal(reference_run_plan(detector, plan, REFERENCE_TIMEOUT_MS, &run), 0);
	if (run.verdict != verdict || (kind != NULL && strcmp(run.seen.kind, kind) != 0))
		fail_msg("%s: %s, not %s: %.400s", verdict_slug(run.verdict), run.seen.kind,
			verdict_slug(verdict), run.text);
	reference_free(&run);
}

/* As the decoder would make it. */
static struct plan canonical(struct plan plan)
{
	uint8_t bytes[PLAN_BYTES];

	plan_encode(&plan, bytes);
	return plan_decode(bytes, PLAN_BYTES, PLAN_FREE);
}

static void test_fact(void **state)
{
	const struct fact *fact = *state;
	struct plan plan = { .class = fact->class,
		.idiom = IDIOM_rust,
		.breaks = true,
		.way = fact->way,
		.access = fact->access,
		.how = fact->how,
		.distance = DISTANCE_INSIDE,
		.size = 64,
		.width = 8,
		.pick = fact->pick };

	need(fact->detector);
	if (fact->class == CLASS_oob_read || fact->class == CLASS_null_deref)
		plan.distance = fact->how == HOW_STRADDLE ? DISTANCE_GRANULE : DISTANCE_ELEMENT;
	if (fact->class == CLASS_oob_read)
		plan.how = HOW_PLAIN;
	plan = canonical(plan);
	expect(fact->detector, &plan, fact->verdict, fact->kind);
	plan = plan_twin(&plan);
	expect(fact->detector, &plan, VERDICT_CLEAN, NULL);
}

static struct plan next_to(enum plan_region region, unsigned size_index, bool before)
{
	return canonical((struct plan){ .class = CLASS_oob_write,
		.idiom = IDIOM_rust,
		.breaks = true,
		.region = region,
		.way = WAY_ADD,
		.distance = DISTANCE_ELEMENT,
		.size = plan_sizes[size_index],
		.width = 1,
		.before = before,
		.store = true });
}

static void test_release_misses_the_next_byte(void **state)
{
	(void)state;
	need(RELEASE);
	for (unsigned i = 0; i < SIZE_COUNT; i++) {
		struct plan plan = next_to(REGION_STACK, i, false);

		expect(RELEASE, &plan, VERDICT_SILENT, NULL);
	}
}

static void test_asan_sees_both_neighbours(void **state)
{
	static const struct {
		enum plan_region region;
		const char *after, *before;
	} rows[] = {
		{ REGION_HEAP, "heap-buffer-overflow", "heap-buffer-overflow" },
		{ REGION_STACK, "stack-buffer-overflow", "stack-buffer-overflow" },
		{ REGION_GLOBAL, "global-buffer-overflow", "global-buffer-overflow" },
	};

	(void)state;
	need(ASAN);
	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++)
		for (unsigned i = 0; i < SIZE_COUNT; i++) {
			struct plan after = next_to(rows[r].region, i, false);
			struct plan before = next_to(rows[r].region, i, true);

			expect(ASAN, &after, VERDICT_RIGHT, rows[r].after);
			expect(ASAN, &before, VERDICT_RIGHT, rows[r].before);
		}
}

int main(void)
{
	struct CMUnitTest tests[FACTS + 2];

	for (size_t i = 0; i < FACTS; i++)
		tests[i] = (struct CMUnitTest){ facts[i].name, test_fact, NULL, NULL,
			(void *)(uintptr_t)&facts[i] };
	tests[FACTS] = (struct CMUnitTest)cmocka_unit_test(test_release_misses_the_next_byte);
	tests[FACTS + 1] = (struct CMUnitTest)cmocka_unit_test(test_asan_sees_both_neighbours);
	if (getenv("FENCEPOST_ONLY") != NULL) /* a pattern of test names */
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return _cmocka_run_group_tests("rust facts", tests, FACTS + 2, NULL, NULL);
}
