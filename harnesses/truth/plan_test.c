/* SPDX-License-Identifier: Apache-2.0
 * Tests of plans: every byte string is one, bytes and arguments give it back, and random ones are
 * spread as plan_stats.h demands. */
#include "arguments.h"
#include "plan_stats.h"
#include "truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RANDOM_PLANS 400000
#define STATS_PLANS  200000

static bool plan_equal(const struct plan *a, const struct plan *b)
{
	return a->class == b->class && a->idiom == b->idiom && a->breaks == b->breaks &&
		a->region == b->region && a->access == b->access && a->way == b->way &&
		a->distance == b->distance && a->how == b->how && a->size == b->size &&
		a->width == b->width && a->before == b->before && a->bump == b->bump &&
		a->store == b->store && a->pick == b->pick;
}

static void say_plan(const char *what, const struct plan *plan)
{
	char words[DESCRIBE_MAX], arguments[DESCRIBE_MAX];

	describe_sentence(plan, words);
	describe_arguments(plan, arguments);
	print_error("%s: %s\n  %s\n", what, words, arguments);
}

static void require(bool holds, const char *what, const struct plan *plan)
{
	if (holds)
		return;
	say_plan(what, plan);
	fail();
}

static bool is_size(uint32_t size)
{
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		if (plan_sizes[i] == size)
			return true;
	return false;
}

static bool is_width(const struct plan *plan)
{
	bool fits = plan->width <= plan->size;

	if (plan->width == 0 || plan->width > WIDTH_MAX || (plan->width & (plan->width - 1)) != 0)
		return false;
	if (plan->class == CLASS_misaligned && plan->breaks)
		return plan->width > 1;
	return fits;
}

/* What a free gets wrong follows from where its pointer points. */
static bool is_how_of_free(const struct plan *plan)
{
	switch (plan->region) {
	case REGION_STACK:
	case REGION_GLOBAL: return plan->how == HOW_WRONG;
	case REGION_ARENA: return plan->how == HOW_INTERIOR;
	default: return plan->how == HOW_TWICE || plan->how == HOW_INTERIOR;
	}
}

/* What classes.def and plan.h allow. */
static void require_allowed(const struct plan *plan)
{
	const struct plan_class_row *row;
	bool oob = plan->class == CLASS_oob_read || plan->class == CLASS_oob_write;

	assert_true((unsigned)plan->class < CLASS_COUNT);
	assert_true((unsigned)plan->idiom < IDIOM_COUNT);
	row = &plan_classes[plan->class];
	require(row->regions & BIT(plan->region), "region not allowed", plan);
	require((row->accesses | BIT(ACCESS_DIRECT)) & BIT(plan->access), "access not allowed",
		plan);
	require(plan->access != ACCESS_DIRECT || row->accesses & BIT(ACCESS_DIRECT),
		"access not allowed", plan);
	require(plan->access != ACCESS_ATOMIC || plan->width == 4 || plan->width == 8,
		"atomic of a wrong width", plan);
	require(row->ways & BIT(plan->way), "way not allowed", plan);
	require(row->distances & BIT(plan->distance), "distance not allowed", plan);
	require(row->hows & BIT(plan->how), "how not allowed", plan);
	require(plan->class != CLASS_invalid_free || is_how_of_free(plan), "how without its region",
		plan);
	require(plan->how != HOW_WRAPS || plan->width > 1, "single bytes cannot wrap", plan);
	require(plan->how != HOW_INSIDE || plan->size > plan->width, "no room to be inside", plan);
	require(is_size(plan->size), "no such size", plan);
	require(is_width(plan), "width not allowed", plan);
	require(oob || (!plan->before && !plan->bump), "a side or reach outside the oob classes",
		plan);
	require(row->directions == 0 ? !plan->store :
				       row->directions & (plan->store ? STORES : LOADS),
		"direction not allowed", plan);
}

static void require_canonical(const struct plan *plan)
{
	uint8_t bytes[PLAN_BYTES], again[PLAN_BYTES];
	struct plan decoded;

	plan_encode(plan, bytes);
	decoded = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
	require(plan_equal(plan, &decoded), "encode and decode change the plan", plan);
	plan_encode(&decoded, again);
	assert_memory_equal(bytes, again, sizeof(bytes));
	assert_int_equal(plan_stamped_version(bytes, sizeof(bytes)), PLAN_VERSION);
}

static void require_total(const uint8_t *bytes, size_t size)
{
	struct plan plan = plan_decode(bytes, size, PLAN_FREE);

	require_allowed(&plan);
	require_canonical(&plan);
}

static void test_short_inputs(void **state)
{
	(void)state;
	require_total(NULL, 0);
	for (unsigned first = 0; first < 256; first++) {
		uint8_t bytes[2] = { (uint8_t)first };

		require_total(bytes, 1);
		for (unsigned second = 0; second < 256; second++) {
			bytes[1] = (uint8_t)second;
			require_total(bytes, 2);
		}
	}
}

static void test_each_byte_swept(void **state)
{
	uint8_t bytes[PLAN_BYTES_MAX];
	uint64_t seed = 2;

	(void)state;
	for (unsigned round = 0; round < 50; round++)
		for (size_t position = 0; position < PLAN_BYTES; position++)
			for (unsigned value = 0; value < 256; value++) {
				plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
				bytes[position] = (uint8_t)value;
				require_total(bytes, PLAN_BYTES);
			}
}

/* The table at the top of plan.h, byte by byte: what campaigns saved must mean the same for ever. */
static void test_bytes_by_hand(void **state)
{
	static const struct {
		uint8_t bytes[PLAN_BYTES];
		struct plan plan;
	} rows[] = {
		{ { 1, 0x11, 1, 3, 1, 5, 7, 0, 16, 7 | 3 << 3, 7, 200 },
			{ CLASS_oob_write, IDIOM_rust, true, REGION_ARENA, ACCESS_COPY, WAY_RAW,
				DISTANCE_1M, HOW_PLAIN, 40, 8, true, false, true, 200 } },
		{ { 0, 0x10, 3, 9, 3, 1, 2, 9, 34, 4, 2, 255 },
			{ CLASS_oob_read, IDIOM_go, true, REGION_FOREIGN, ACCESS_ATOMIC, WAY_INDEX,
				DISTANCE_EDGE, HOW_PLAIN, 15, 8, false, true, false, 255 } },
		{ { 7, 0x10, 1, 1, 1, 2, 0, 1, 15, 3, 7, 4 },
			{ CLASS_misaligned, IDIOM_go, true, REGION_STACK, ACCESS_DIRECT, WAY_ADD,
				DISTANCE_INSIDE, HOW_STRADDLE, 16, 16, false, false, true, 4 } },
		{ { 13, 0x10, 1, 2, 0, 0, 0, 1, 5, 0, 0, 1 },
			{ CLASS_invalid_free, IDIOM_go, true, REGION_GLOBAL, ACCESS_NONE, WAY_FREE,
				DISTANCE_INSIDE, HOW_WRONG, 6, 4, false, false, false, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct plan plan = plan_decode(rows[i].bytes, PLAN_BYTES, PLAN_FREE);

		if (!plan_equal(&plan, &rows[i].plan)) {
			say_plan("decoded", &plan);
			say_plan("expected", &rows[i].plan);
			fail_msg("row %zu", i);
		}
	}
}

static void test_missing_bytes_count_as_zero(void **state)
{
	uint8_t bytes[PLAN_BYTES_MAX];
	uint64_t seed = 3;

	(void)state;
	for (unsigned round = 0; round < 2000; round++)
		for (size_t size = 0; size <= PLAN_BYTES; size++) {
			struct plan cut, filled;

			plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
			cut = plan_decode(bytes, size, PLAN_FREE);
			memset(bytes + size, 0, sizeof(bytes) - size);
			filled = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
			require(plan_equal(&cut, &filled), "a missing byte is not 0", &cut);
		}
}

static void test_bytes_beyond_are_ignored(void **state)
{
	static uint8_t bytes[1 << 20];
	uint64_t seed = 4;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		struct plan whole, start;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		whole = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		start = plan_decode(bytes, PLAN_BYTES, PLAN_FREE);
		require(plan_equal(&whole, &start), "bytes beyond PLAN_BYTES matter", &whole);
		require_total(bytes, sizeof(bytes));
	}
}

static void test_version_stamp(void **state)
{
	uint8_t bytes[2] = { 0, 0x71 };

	(void)state;
	assert_int_equal(plan_stamped_version(NULL, 0), 0);
	assert_int_equal(plan_stamped_version(bytes, 1), 0);
	assert_int_equal(plan_stamped_version(bytes, 2), 7);
	assert_int_equal(plan_decode(bytes, 2, PLAN_FREE).idiom, 1 % IDIOM_COUNT);
	assert_in_range(PLAN_VERSION, 1, 15);
}

static void test_fixed_class_and_idiom(void **state)
{
	uint8_t bytes[PLAN_BYTES];
	uint64_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < 5000; round++)
		for (int class = -1; class < CLASS_COUNT; class ++)
			for (int idiom = -1; idiom < IDIOM_COUNT; idiom++) {
				struct plan plan, same;

				plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
				plan = plan_decode(
					bytes, sizeof(bytes), (struct plan_fixed){ class, idiom });
				bytes[0] = class >= 0 ? (uint8_t) class : bytes[0];
				bytes[1] = idiom >= 0 ? (uint8_t)idiom : bytes[1];
				same = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
				require(plan_equal(&plan, &same), "fixing is not writing the byte",
					&plan);
				require_allowed(&plan);
			}
}

/* Cuts "a b c" into argv. */
static int split(char *text, char *arguments[], int most)
{
	int count = 0;

	for (char *word = strtok(text, " "); word != NULL && count < most; word = strtok(NULL, " "))
		arguments[count++] = word;
	return count;
}

static int parse(const char *text, struct plan *ret, char error[DESCRIBE_MAX])
{
	char copy[DESCRIBE_MAX], *arguments[32];

	snprintf(copy, sizeof(copy), "%s", text);
	return describe_parse(split(copy, arguments, 32), arguments, ret, error);
}

static void test_arguments_invert(void **state)
{
	uint8_t bytes[PLAN_BYTES];
	uint64_t seed = 6;
	bool seen[CLASS_COUNT][IDIOM_COUNT] = { 0 };

	(void)state;
	for (unsigned i = 0; i < RANDOM_PLANS; i++) {
		char text[DESCRIBE_MAX], error[DESCRIBE_MAX];
		struct plan plan, parsed;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		seen[plan.class][plan.idiom] = true;
		describe_arguments(&plan, text);
		require(parse(text, &parsed, error) == 0, error, &plan);
		require(plan_equal(&plan, &parsed), "plan make makes another plan", &plan);
	}
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
			assert_true(seen[class][idiom]);
}

/* What is not named gives way to what is. */
static void test_arguments_left_out(void **state)
{
	static const struct {
		const char *arguments;
		const char *means;
	} rows[] = {
		{ "oob-write rust",
			"oob-write rust keeps region=heap access=direct way=slice "
			"distance=element how=plain size=1 width=1 side=after reach=index "
			"op=store pick=0" },
		{ "oob-write go size=40",
			"oob-write go keeps region=heap access=direct way=slice "
			"distance=element how=plain size=40 width=16 side=after "
			"reach=index op=store pick=0" },
		{ "misaligned go breaks",
			"misaligned go breaks region=heap access=direct way=slice "
			"distance=inside how=straddle size=1 width=2 side=after "
			"reach=index op=load pick=0" },
		{ "invalid-free rust region=global breaks",
			"invalid-free rust breaks region=global access=none way=from-raw "
			"distance=inside how=wrong size=1 width=1 side=after reach=index op=load pick=0" },
	};
	struct plan plan;
	char text[DESCRIBE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(parse(rows[i].arguments, &plan, text), 0);
		describe_arguments(&plan, text);
		assert_string_equal(text, rows[i].means);
	}
}

static void test_arguments_refused(void **state)
{
	static const struct {
		const char *arguments;
		const char *says;
	} rows[] = {
		{ "", "(nothing): no such class; there are oob-read oob-write" },
		{ "oob", "oob: no such class; there are oob-read" },
		{ "oob-read", "(nothing): no such idiom; there are go rust" },
		{ "oob-read c", "c: no such idiom; there are go rust" },
		{ "oob-read go sometimes",
			"sometimes: expected breaks, keeps or one of region= access=" },
		{ "oob-read go colour=red",
			"colour=red: expected breaks, keeps or one of region=" },
		{ "oob-read go =red", "=red: expected breaks" },
		{ "oob-read go regio=heap", "regio=heap: expected breaks" },
		{ "oob-read go regions=heap", "regions=heap: expected breaks" },
		{ "oob-read go region=moon",
			"region=moon: region must be one of heap stack global arena foreign" },
		{ "oob-read go region=", "region=: region must be one of heap" },
		{ "use-after-free go region=stack", "region must be one of heap arena foreign" },
		{ "oob-read go way=deref",
			"way must be one of slice index cast header add uintptr" },
		{ "oob-read rust way=deref op=store", "op=store: op must be one of load" },
		{ "oob-read go size=17", "size must be one of 1 2 3" },
		{ "oob-read go size=040", "size must be one of" },
		{ "oob-read go width=3", "width must be one of 1 2 4 8 16" },
		{ "oob-read go pick=256", "pick must be one of 0 to 255" },
		{ "oob-read go pick=-1", "pick must be one of 0 to 255" },
		{ "oob-read go pick=0x1", "pick must be one of 0 to 255" },
		{ "oob-read go pick=99999999999999999999", "pick must be one of 0 to 255" },
		{ "oob-read go size=4 width=8",
			"no such plan: width=8 does not go with the rest; the "
			"nearest is: oob-read go keeps" },
		{ "oob-read go size=1 access=atomic", "no such plan: access=atomic" },
		{ "invalid-free go breaks region=stack how=twice", "no such plan: how=twice" },
	};
	struct plan plan = { .pick = 77 };
	char error[DESCRIBE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(parse(rows[i].arguments, &plan, error) < 0);
		if (strstr(error, rows[i].says) == NULL)
			fail_msg("%s:\n  %s\nhas no\n  %s", rows[i].arguments, error, rows[i].says);
		assert_int_equal(plan.pick, 77);
	}
}

/* A hostile argument: long, and with what a format would expand. */
static void test_arguments_hostile(void **state)
{
	static char huge[1 << 20] = "region=%n%s";
	char *arguments[] = { "oob-read", "go", huge }, error[DESCRIBE_MAX];
	struct plan plan;

	(void)state;
	memset(huge + 11, 'x', sizeof(huge) - 12);
	assert_true(describe_parse(3, arguments, &plan, error) < 0);
	assert_non_null(strstr(error, "%n%s"));
	assert_non_null(strstr(error, "must be one of heap stack global arena foreign"));
	assert_true(describe_parse(1, &arguments[2], &plan, error) < 0);
	assert_non_null(strstr(error, "there are oob-read"));
}

/* The twin may differ only in what breaks the rule and in an access too wide for the object, which
 * may take its atomic access and the way its misalignment was reached with it. */
static void require_twin(const struct plan *plan)
{
	struct plan twin = plan_twin(plan), again = plan_twin(&twin), expected = *plan;
	bool narrowed = plan->width > plan->size;

	require(!truth_of(&twin).violation, "the twin violates", plan);
	require(!twin.breaks, "the twin asks for the violation", plan);
	require(plan_equal(&twin, &again), "the twin of the twin is another plan", plan);
	require_allowed(&twin);
	require_canonical(&twin);
	expected.breaks = false;
	if (narrowed) {
		require(twin.width <= twin.size && twin.width * 2u > twin.size,
			"the twin is not the widest that fits", plan);
		expected.width = twin.width;
		expected.access = twin.access;
		require(twin.access == plan->access ||
				(plan->access == ACCESS_ATOMIC && twin.access == ACCESS_DIRECT),
			"the twin's access is another one", plan);
	}
	require(plan_equal(&twin, &expected), "the twin differs in more than it must", plan);
	require(plan->breaks || plan_equal(&twin, plan), "a benign plan is not its own twin", plan);
}

static void test_twins(void **state)
{
	uint8_t bytes[PLAN_BYTES];
	uint64_t seed = 7;

	(void)state;
	for (unsigned i = 0; i < RANDOM_PLANS; i++) {
		struct plan plan;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		require_twin(&plan);
	}
}

static void test_slugs_are_found(void **state)
{
	(void)state;
	for (int i = 0; i < CLASS_COUNT; i++)
		assert_int_equal(plan_class_find(plan_classes[i].slug), i);
	for (int i = 0; i < IDIOM_COUNT; i++)
		assert_int_equal(plan_idiom_find(plan_idiom_slug((enum plan_idiom)i)), i);
	assert_int_equal(plan_class_find(""), -1);
	assert_int_equal(plan_class_find("oob_read"), -1);
	assert_int_equal(plan_idiom_find("Go"), -1);
}

/* An axis with two values of one name could not be parsed back. */
static void test_names_are_distinct(void **state)
{
	(void)state;
	for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++)
		for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
			for (unsigned k = 1; describe_axis_value(idiom, axis, k) != NULL; k++)
				for (unsigned other = 0; other < k; other++)
					assert_string_not_equal(describe_axis_value(idiom, axis, k),
						describe_axis_value(idiom, axis, other));
}

static void test_shares(void **state)
{
	static struct plan_stats stats;
	char first[DESCRIBE_MAX];
	unsigned failures = 0;

	(void)state;
	for (enum plan_class class = 0; class < CLASS_COUNT; class ++)
		for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			plan_stats_collect(
				class, idiom, STATS_PLANS, 8 + class * 2 + idiom, &stats);
			assert_int_equal(stats.plans, STATS_PLANS);
			failures += plan_stats_failures(&stats, first);
			if (*first != '\0')
				print_error("%s %s: %s\n", plan_classes[class].slug,
					plan_idiom_slug(idiom), first);
		}
	assert_int_equal(failures, 0);
}

/* Plans share a number exactly when they share what it is made of. */
static void test_axes_numbers(void **state)
{
	const struct plan plan = { .region = REGION_COUNT - 1,
		.access = ACCESS_COUNT - 1,
		.way = WAY_COUNT - 1,
		.distance = DISTANCE_COUNT - 1,
		.how = HOW_COUNT - 1,
		.before = true,
		.store = true,
		.size = 40,
		.width = 8 };
	struct plan others[8];

	(void)state;
	assert_int_equal(plan_axes(&plan), PLAN_AXES - 1);
	for (size_t i = 0; i < 8; i++)
		others[i] = plan;
	others[0].region--;
	others[1].access--;
	others[2].way--;
	others[3].distance--;
	others[4].how--;
	others[5].before = false;
	others[6].store = false;
	for (size_t i = 0; i < 7; i++)
		for (size_t k = i + 1; k < 8; k++)
			assert_int_not_equal(plan_axes(&others[i]), plan_axes(&others[k]));
	others[7].size = 64;
	others[7].width = 4;
	others[7].bump = true;
	assert_int_equal(plan_axes(&others[7]), plan_axes(&plan));
}

/* The judge of the shares must be able to say no. */
static void test_bad_shares_are_seen(void **state)
{
	static struct plan_stats good, bad;
	char first[DESCRIBE_MAX];

	(void)state;
	plan_stats_collect(CLASS_oob_write, IDIOM_go, STATS_PLANS_ENOUGH, 9, &good);
	assert_int_equal(plan_stats_failures(&good, first), 0);
	assert_string_equal(first, "");

	bad = good;
	bad.plans = bad.violating;
	assert_int_equal(plan_stats_failures(&bad, first), 1);
	assert_string_equal(first, "100.0 % of the plans violate");

	bad = good;
	bad.values[AXIS_REGION][REGION_ARENA] /= 3;
	assert_int_equal(plan_stats_failures(&bad, first), 1);
	assert_non_null(strstr(first, "region=arena: "));

	bad = good;
	bad.values[AXIS_OP][0] = 1;
	assert_int_equal(plan_stats_failures(&bad, first), 1);
	assert_non_null(strstr(first, "op=load: "));

	bad = good;
	bad.combinations[REGION_STACK][15][DISTANCE_EDGE] = good.violating / 10;
	assert_int_equal(plan_stats_failures(&bad, first), 1);
	assert_non_null(strstr(first, "stack x 16 x edge: 10.0 %"));

	bad = (struct plan_stats){ .class = CLASS_oob_write };
	assert_true(plan_stats_failures(&bad, first) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_inputs),
		cmocka_unit_test(test_each_byte_swept),
		cmocka_unit_test(test_bytes_by_hand),
		cmocka_unit_test(test_missing_bytes_count_as_zero),
		cmocka_unit_test(test_bytes_beyond_are_ignored),
		cmocka_unit_test(test_version_stamp),
		cmocka_unit_test(test_fixed_class_and_idiom),
		cmocka_unit_test(test_arguments_invert),
		cmocka_unit_test(test_arguments_left_out),
		cmocka_unit_test(test_arguments_refused),
		cmocka_unit_test(test_arguments_hostile),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_slugs_are_found),
		cmocka_unit_test(test_names_are_distinct),
		cmocka_unit_test(test_axes_numbers),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_bad_shares_are_seen),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
