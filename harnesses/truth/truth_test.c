/* SPDX-License-Identifier: Apache-2.0
 * The truth against a slow model that shares no code with span.c and truth.c: it marks the object's
 * bytes in an array, walks to wherever the axes of plan.h say, and looks at each byte touched. */
#include "arguments.h"
#include "layout.h"
#include "plan_stats.h"
#include "span.h"
#include "truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RANDOM_PLANS 1000000
#define GRANULE      8
#define ORIGIN       (STAGE_REACH + 64) /* where the object starts in the array */

static bool is_object[ORIGIN + SIZE_MAX_BYTES + STAGE_REACH + 64];

/* What the accesses of a plan met. */
struct met {
	bool known;       /* else only the stage could tell where the access lies */
	bool outside;     /* a byte that is not the object's */
	bool misaligned;  /* an access that does not start at a multiple of its width */
	int64_t farthest; /* touched byte outside: 1 is the first behind the end, -1 before it */
	int64_t first;    /* where the last access starts */
};

static void touch(struct met *met, const struct plan *plan, int64_t start)
{
	met->first = start;
	met->misaligned |= start % plan->width != 0;
	for (int64_t byte = start; byte < start + plan->width; byte++) {
		int64_t distance = byte >= plan->size ? byte - plan->size + 1 : byte;

		if (is_object[ORIGIN + byte])
			continue;
		met->outside = true;
		if (llabs(distance) > llabs(met->farthest))
			met->farthest = distance;
	}
}

/* Typed accesses start at a multiple of their width; copies and Rust's read_unaligned, which takes a
 * pointer, need not, but the elements of an honest slice do. */
static bool starts_anywhere(const struct plan *plan)
{
	bool read_unaligned = plan->idiom == IDIOM_rust && plan->access == ACCESS_DIRECT &&
		plan->way == WAY_ADD;

	return plan->way != WAY_INDEX && (read_unaligned || plan->access == ACCESS_COPY);
}

static bool is_inside(const struct plan *plan, int64_t start)
{
	for (int64_t byte = start; byte < start + plan->width; byte++)
		if (!is_object[ORIGIN + byte])
			return false;
	return true;
}

static int64_t first_element_behind(const struct plan *plan)
{
	int64_t start = 0;

	/* most of a large object is skipped: it is inside for sure */
	if (plan->size > 64)
		start = plan->size - 64;
	while (is_inside(plan, start))
		start += plan->width;
	return start;
}

/* The last access whose bytes all lie at most @reach behind the end, in whole elements. */
static int64_t element_ending_within(const struct plan *plan, int64_t reach)
{
	int64_t end = plan->size + reach;

	while (end % plan->width != 0)
		end--;
	return end - plan->width;
}

/* The granule in which the last byte lies may reach behind the object. An access that starts
 * anywhere can leave an object that ends with its granule by one byte; an element cannot. */
static int64_t within_granule_behind(const struct plan *plan)
{
	int64_t end = plan->size;
	bool anywhere = starts_anywhere(plan);

	while (end % GRANULE != 0)
		end++;
	if (end > plan->size && (anywhere || end % plan->width == 0))
		return end - plan->width;
	if (anywhere && plan->width > 1)
		return plan->size - plan->width + 1;
	return first_element_behind(plan);
}

static int64_t bytes_of(enum plan_distance distance)
{
	return strtol(plan_distance_slug(distance), NULL, 10) *
		(distance == DISTANCE_4K                ? 1024 :
				distance == DISTANCE_1M ? 1024 * 1024 :
							  1);
}

static bool is_number(enum plan_distance distance)
{
	return distance >= DISTANCE_16 && distance <= DISTANCE_1M;
}

static int64_t start_behind(const struct plan *plan)
{
	if (is_number(plan->distance))
		return element_ending_within(plan, bytes_of(plan->distance));
	return plan->distance == DISTANCE_GRANULE ? within_granule_behind(plan) :
						    first_element_behind(plan);
}

/* Objects start with a granule, so none reaches before them. */
static int64_t start_before(const struct plan *plan)
{
	if (is_number(plan->distance))
		return -bytes_of(plan->distance);
	return plan->distance == DISTANCE_GRANULE && starts_anywhere(plan) ? -1 : -plan->width;
}

/* A walk touches every element from the object's edge to its aim; from the first element, unless it
 * leaves behind the end. */
static void walk(struct met *met, const struct plan *plan, int64_t aim)
{
	int64_t start = aim;

	if (plan->bump)
		start = aim >= plan->size ? first_element_behind(plan) - plan->width : 0;
	for (; start > aim; start -= plan->width)
		touch(met, plan, start);
	for (; start < aim; start += plan->width)
		touch(met, plan, start);
	touch(met, plan, aim);
}

static int64_t picked_element(const struct plan *plan)
{
	unsigned elements = 0;

	while ((elements + 1) * plan->width <= plan->size && elements < 256)
		elements++;
	return plan->pick % elements * plan->width;
}

static bool is_target(enum plan_distance distance)
{
	return distance == DISTANCE_EDGE ||
		(distance >= DISTANCE_LIVE && distance <= DISTANCE_UNMAPPED);
}

static void meet_spatial(struct met *met, const struct plan *plan)
{
	if (!plan->breaks)
		walk(met, plan, picked_element(plan));
	else if (is_target(plan->distance))
		met->known = false;
	else
		walk(met, plan, plan->before ? start_before(plan) : start_behind(plan));
}

/* Some start inside the object that is no multiple of the width, or one from which the access hangs
 * over the end while at least one byte stays inside. pick chooses, so only the kind is told. */
static void meet_misaligned(struct met *met, const struct plan *plan)
{
	int64_t start, inside;

	if (!plan->breaks) {
		touch(met, plan, picked_element(plan));
		return;
	}
	if (plan->how == HOW_INSIDE) {
		start = 1 + plan->pick % (plan->size - plan->width);
		start -= start % plan->width == 0;
	} else {
		inside = 1 + plan->pick % (plan->width - 1);
		start = inside < plan->size ? plan->size - inside : 0;
	}
	touch(met, plan, start);
}

/* From address 0, where no object is. */
static void meet_null(struct met *met, const struct plan *plan)
{
	if (!plan->breaks)
		return;
	met->outside = true;
	switch (plan->distance) {
	case DISTANCE_ELEMENT: met->first = 0; break;
	case DISTANCE_GRANULE: met->first = plan->width >= 8 ? plan->width : 8 - plan->width; break;
	case DISTANCE_EDGE: met->first = 4096 - plan->width; break;
	default:
		met->known = is_number(plan->distance);
		met->first = met->known ? bytes_of(plan->distance) : 0;
	}
	met->farthest = met->first;
}

static struct met meet(const struct plan *plan)
{
	struct met met = { .known = true };

	switch (plan->class) {
	case CLASS_oob_read:
	case CLASS_oob_write: meet_spatial(&met, plan); break;
	case CLASS_misaligned: meet_misaligned(&met, plan); break;
	case CLASS_null_deref: meet_null(&met, plan); break;
	case CLASS_bad_length:
		if (plan->access != ACCESS_NONE)
			touch(&met, plan,
				plan->breaks ? first_element_behind(plan) : picked_element(plan));
		break;
	default: break;
	}
	return met;
}

/* The rule that each class breaks, a class a line. */
static bool violates(const struct plan *plan, const struct met *met)
{
	switch (plan->class) {
	case CLASS_oob_read:
	case CLASS_oob_write: return met->outside || !met->known;
	case CLASS_null_deref: return met->outside;
	case CLASS_misaligned: return met->outside || met->misaligned;
	default: /* a matter of time, of the freed pointer, or of the length alone */
		return plan->breaks;
	}
}

static enum truth_operation operation_of(const struct plan *plan)
{
	if (plan->class == CLASS_invalid_free)
		return TRUTH_FREE;
	if (plan->class == CLASS_bad_length && plan->access == ACCESS_NONE)
		return TRUTH_MAKE;
	if (plan->class == CLASS_oob_read)
		return TRUTH_READ;
	return plan->class == CLASS_oob_write || plan->store ? TRUTH_WRITE : TRUTH_READ;
}

static const char *disagreement(
	const struct plan *plan, const struct truth *truth, const struct met *met)
{
	/* how far an overlong copy gets is the affair of the length that wraps or does not, and of
	 * the page that stops it */
	bool overlong = plan->class == CLASS_bad_length && plan->access == ACCESS_COPY &&
		plan->breaks;

	if (truth->class != plan->class)
		return "class";
	if (truth->violation != violates(plan, met))
		return "violation";
	if (truth->act != operation_of(plan))
		return "act";
	if (truth->both_ends !=
		(plan->breaks && plan->class == CLASS_bad_length && plan->access == ACCESS_COPY))
		return "both ends";
	if (overlong)
		return NULL;
	if (truth->distance_known != met->known)
		return "distance known";
	if (truth->leaves != (met->outside || !met->known))
		return "leaves";
	if (met->known && truth->distance_bytes != met->farthest)
		return "distance";
	return NULL;
}

static void require_agreement(const struct plan *plan)
{
	struct truth truth = truth_of(plan);
	struct met met;
	const char *what;
	char words[DESCRIBE_MAX], arguments[DESCRIBE_MAX];

	memset(is_object + ORIGIN, true, plan->size);
	met = meet(plan);
	memset(is_object + ORIGIN, false, plan->size);
	what = disagreement(plan, &truth, &met);
	if (what == NULL)
		return;
	describe_sentence(plan, words);
	describe_arguments(plan, arguments);
	print_error(
		"%s\n  plan make %s\n  truth: violation %d, leaves %d, distance %lld (known %d)\n"
		"  model: violation %d, leaves %d, distance %lld (known %d)\n",
		words, arguments, truth.violation, truth.leaves, (long long)truth.distance_bytes,
		truth.distance_known, violates(plan, &met), met.outside || !met.known,
		(long long)met.farthest, met.known);
	fail_msg("truth and model disagree: %s", what);
}

static void test_truth_against_model(void **state)
{
	uint8_t bytes[PLAN_BYTES];
	uint64_t seed = 11;

	(void)state;
	for (unsigned i = 0; i < RANDOM_PLANS; i++) {
		struct plan plan;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		require_agreement(&plan);
	}
}

/* Every size, width and distance on both sides: what chance could leave out. */
static void test_truth_of_every_edge(void **state)
{
	(void)state;
	for (unsigned size = 0; size < SIZE_COUNT; size++)
		for (unsigned width = 0; width < WIDTH_COUNT; width++)
			for (unsigned rest = 0; rest < 12 * 3 * 6 * 2 * 2; rest++) {
				uint8_t bytes[PLAN_BYTES] = { CLASS_oob_read, 0, 1, 0,
					(uint8_t)(rest / 12 % 3), (uint8_t)(rest / 36 % 6),
					(uint8_t)(rest % 12), 0, (uint8_t)size,
					(uint8_t)(width << 3 | 7), (uint8_t)(rest / 216 % 2), 0 };
				struct plan plan;

				bytes[1] = (uint8_t)(rest / 432);
				plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
				require_agreement(&plan);
			}
}

/* A made-up stage: everything at a distance of its own, and neighbours that start as aligned as the
 * object does. */
static struct stage some_stage(uint32_t size)
{
	static uint8_t object[SIZE_MAX_BYTES];
	int64_t end = ((int64_t)size + 15) / 16 * 16;

	return (struct stage){ .object = object,
		.next = end + 32,
		.previous = (int64_t)size - end - 48,
		.freed = { end + 4096, -8192 },
		.never = { end + 16384, -16384 },
		.unmapped = { end + 32768, -32768 } };
}

static int64_t landing(const struct plan *plan, const struct stage *stage)
{
	switch (plan->distance) {
	case DISTANCE_FREED: return stage->freed[plan->before];
	case DISTANCE_NEVER: return stage->never[plan->before];
	default: return stage->unmapped[plan->before];
	}
}

/* The targets, which truth leaves to the stage: each access meets what its plan names. */
static void require_target(const struct plan *plan)
{
	struct stage stage = some_stage(plan->size);
	int64_t low, end, elements = plan_elements(plan);
	struct span span;

	assert_false(span_of(plan, NULL, &span));
	assert_true(span_of(plan, &stage, &span));
	low = span.to;
	end = span.to + plan->width;
	switch (plan->distance) {
	case DISTANCE_EDGE: /* touches neither the object alone nor the neighbour */
		assert_true(plan->before ? low < 0 && low >= stage.previous :
					   end > (int64_t)plan->size && end <= stage.next);
		assert_true(plan->before ? low - plan->width < stage.previous :
					   end + plan->width > stage.next);
		break;
	case DISTANCE_LIVE:
		assert_true(plan->before ? low >= stage.previous - (int64_t)plan->size &&
					end <= stage.previous :
					   low == stage.next);
		if (plan->before) /* its last element: the first one met on the way */
			assert_int_equal(
				low, stage.previous - plan->size + (elements - 1) * plan->width);
		break;
	default: assert_int_equal(low, landing(plan, &stage));
	}
	assert_int_equal((span.to - span.from) % span.step, 0);
	assert_true((span.to - span.from) / span.step >= 0);
	assert_true(!plan->bump || span.from == (plan->before ? 0 : (elements - 1) * plan->width));
	assert_true(plan->bump || span.from == span.to);
}

static void test_targets_are_met(void **state)
{
	uint8_t bytes[PLAN_BYTES];
	uint64_t seed = 12;
	unsigned met[DISTANCE_COUNT] = { 0 };

	(void)state;
	for (unsigned i = 0; i < RANDOM_PLANS / 10; i++) {
		struct plan plan;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		plan = plan_decode(
			bytes, sizeof(bytes), (struct plan_fixed){ CLASS_oob_write, -1 });
		if (!plan.breaks || !is_target(plan.distance))
			continue;
		require_target(&plan);
		met[plan.distance]++;
	}
	for (enum plan_distance distance = 0; distance < DISTANCE_COUNT; distance++)
		assert_int_equal(met[distance] > 0, is_target(distance));
}

/* A handful worked out by hand, should truth and model ever err together. */
static void test_truth_by_hand(void **state)
{
	static const struct {
		const char *arguments[12];
		bool violation, leaves;
		int64_t distance_bytes;
	} rows[] = {
		/* clang-format off */
		{ { "oob-write", "go", "breaks", "size=40", "width=8" }, true, true, 8 },
		{ { "oob-write", "go", "keeps", "size=40", "width=8", "pick=4" }, false, false, 0 },
		{ { "oob-read", "go", "breaks", "size=5", "width=4" }, true, true, 3 },
		{ { "oob-read", "rust", "breaks", "size=13", "width=1", "distance=granule" }, true, true, 3 },
		{ { "oob-read", "rust", "breaks", "way=add", "size=16", "width=8", "distance=granule" }, true, true, 1 },
		{ { "oob-read", "go", "breaks", "size=16", "width=8", "distance=granule" }, true, true, 8 },
		{ { "oob-read", "go", "breaks", "side=before", "size=40", "width=4" }, true, true, -4 },
		{ { "oob-read", "rust", "breaks", "way=add", "side=before", "size=40", "width=4", "distance=granule" },
			true, true, -1 },
		{ { "oob-write", "go", "breaks", "distance=4k", "size=15", "width=2" }, true, true, 4095 },
		{ { "oob-write", "go", "breaks", "distance=1m", "side=before", "reach=index" }, true, true,
			-1048576 },
		{ { "oob-write", "go", "breaks", "distance=unmapped" }, true, true, 0 },
		{ { "null-deref", "go", "breaks" }, true, true, 0 },
		{ { "null-deref", "go", "breaks", "distance=edge", "size=8", "width=8" }, true, true, 4088 },
		{ { "null-deref", "go", "keeps" }, false, false, 0 },
		{ { "use-after-free", "go", "breaks", "pick=9" }, true, false, 0 },
		{ { "invalid-free", "rust", "breaks", "how=interior" }, true, false, 0 },
		{ { "bad-length", "go", "breaks", "access=none" }, true, false, 0 },
		{ { "misaligned", "go", "breaks", "size=40", "width=8", "how=inside" }, true, false, 0 },
		{ { "misaligned", "go", "breaks", "size=40", "width=8", "how=straddle" }, true, true, 7 },
		{ { "misaligned", "go", "keeps", "size=40", "width=8", "how=straddle" }, false, false, 0 },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *arguments[12], error[DESCRIBE_MAX];
		struct plan plan;
		struct truth truth;
		int count = 0;

		for (; rows[i].arguments[count] != NULL; count++)
			arguments[count] = (char *)rows[i].arguments[count];
		if (describe_parse(count, arguments, &plan, error) != 0)
			fail_msg("row %zu: %s", i, error);
		truth = truth_of(&plan);
		if (truth.violation != rows[i].violation || truth.leaves != rows[i].leaves ||
			truth.distance_bytes != rows[i].distance_bytes)
			fail_msg("row %zu: violation %d, leaves %d, distance %lld", i,
				truth.violation, truth.leaves, (long long)truth.distance_bytes);
		require_agreement(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truth_by_hand),
		cmocka_unit_test(test_truth_of_every_edge),
		cmocka_unit_test(test_truth_against_model),
		cmocka_unit_test(test_targets_are_met),
	};

	return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
