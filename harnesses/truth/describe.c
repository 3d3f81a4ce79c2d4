/* SPDX-License-Identifier: Apache-2.0
 * Plans in words. */
#include "describe.h"

#include "span.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void describe_say(char text[DESCRIBE_MAX], const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, DESCRIBE_MAX - used, format, arguments);
	va_end(arguments);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* Freed blocks and allocations are the plan's own; the region does not say where they lie. */
static const char *object_words(const struct plan *plan)
{
	static const char *const words[REGION_COUNT] = {
		"heap object",
		"stack object",
		"global object",
		"object",
		"C heap object",
	};

	if (plan->class == CLASS_use_after_return)
		return "local";
	if (plan->class == CLASS_invalid_free && !plan->breaks)
		return "heap block";
	if (plan->class == CLASS_bad_length && (plan->way == WAY_MALLOC || plan->way == WAY_CALLOC))
		return "heap block";
	return words[plan->region];
}

static void say_object(const struct plan *plan, char text[DESCRIBE_MAX])
{
	const char *object = object_words(plan);

	describe_say(text, "%s of %u byte%s", object, plan->size, plural(plan->size));
	if (plan->class != CLASS_invalid_free && plan->width <= plan->size)
		describe_say(text, " as %u x %u", plan_elements(plan), plan->width);
	if (strcmp(object, "object") == 0)
		describe_say(text, " inside a larger heap block");
}

static void say_way(const struct plan *plan, const struct span *span, char text[DESCRIBE_MAX])
{
	const char *code = plan_way_code(plan->idiom, plan->way);
	bool moved = span != NULL && (span_low(span) < 0 || span_low(span) % plan->width != 0);
	bool lies = plan->way == WAY_SLICE || (plan->way == WAY_FORGED && plan->idiom == IDIOM_go);

	if (plan->way == WAY_INDEX) {
		describe_say(text, "; %s", plan->breaks ? code : "honest slice, good index");
		return;
	}
	describe_say(text, "; %s", code);
	if (plan->way == WAY_CAST && plan->breaks)
		describe_say(text, " of length %u", plan->size);
	else if (lies && plan->breaks && span != NULL)
		describe_say(text, " of length %" PRId64,
			(span_end(span, plan) - (moved ? span_low(span) : 0)) / plan->width);
	if (moved)
		describe_say(text, " from a moved base");
}

static const char *verb(const struct plan *plan)
{
	static const char *const verbs[ACCESS_COUNT][2] = {
		{ "reads", "writes" },
		{ "copies from", "copies into" },
		{ "atomically loads", "atomically stores" },
		{ "uses", "uses" },
	};

	return verbs[plan->access][plan->store];
}

/* The verb before a place rather than an element. */
static const char *verb_at(const struct plan *plan)
{
	static const char *const verbs[ACCESS_COUNT][2] = {
		{ "reads from", "writes to" },
		{ "copies from", "copies into" },
		{ "atomically loads from", "atomically stores to" },
		{ "uses", "uses" },
	};

	return verbs[plan->access][plan->store];
}

static void say_where(const struct plan *plan, const struct span *span, char text[DESCRIBE_MAX])
{
	if (span->to % plan->width == 0)
		describe_say(text, "; %s element %" PRId64, verb(plan), span->to / plan->width);
	else
		describe_say(text, "; %s %u bytes at offset %" PRId64, verb(plan), plan->width,
			span->to);
	if (plan->bump && span->from != span->to)
		describe_say(
			text, ", walking there from element %" PRId64, span->from / plan->width);
}

/* Where an access lands that the stage places. */
static const char *target_words(const struct plan *plan)
{
	switch (plan->distance) {
	case DISTANCE_EDGE:
		return plan->before ? "the element next to the neighbour before the object" :
				      "the element next to the neighbour after the object";
	case DISTANCE_LIVE:
		return plan->before ? "the live neighbour before the object" :
				      "the live neighbour after the object";
	case DISTANCE_FREED: return "a freed block";
	case DISTANCE_NEVER: return "mapped memory that was never handed out";
	default: return "a page that may not be touched";
	}
}

static const char *landing(const struct plan *plan)
{
	bool near = plan->distance == DISTANCE_ELEMENT || plan->distance == DISTANCE_GRANULE ||
		plan->distance == DISTANCE_EDGE;

	if (plan->region == REGION_ARENA)
		return near ? ", inside the larger block" : "";
	return near ? ", lands in the redzone" : "";
}

static void say_spatial(const struct plan *plan, char text[DESCRIBE_MAX])
{
	struct truth truth = truth_of(plan);
	struct span span;
	bool known = span_of(plan, NULL, &span);
	uint64_t distance = (uint64_t)llabs(truth.distance_bytes);

	say_way(plan, known ? &span : NULL, text);
	if (!known) {
		describe_say(text, "; %s %s%s", verb_at(plan), target_words(plan),
			plan->bump ? ", walking there" : "");
		return;
	}
	say_where(plan, &span, text);
	if (truth.violation)
		describe_say(text, "; %" PRIu64 " byte%s %s%s", distance, plural(distance),
			truth.distance_bytes > 0 ? "past the end" : "before the start",
			landing(plan));
}

static void say_null(const struct plan *plan, char text[DESCRIBE_MAX])
{
	bool view = plan->way == WAY_SLICE || plan->way == WAY_FORGED;
	struct span span;

	describe_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	/* from_raw_parts allows no null base at all: see classes/null-deref.c */
	if (!plan->breaks && plan->access == ACCESS_COPY && !(plan->idiom == IDIOM_rust && view))
		describe_say(text, "; %s a null base, 0 bytes", verb(plan));
	else if (!plan->breaks)
		describe_say(text, "; %s an element of the object", verb(plan));
	else if (span_of(plan, NULL, &span))
		describe_say(text, "; %s %u byte%s at null + %" PRId64, verb(plan), plan->width,
			plural(plan->width), span.to);
	else
		describe_say(text, "; %s %s through null + its address", verb_at(plan),
			plan->distance == DISTANCE_LIVE ? "the object" : target_words(plan));
}

static void say_temporal(const struct plan *plan, char text[DESCRIBE_MAX])
{
	static const char *const ends[HOW_COUNT] = {
		[HOW_FREED] = "after it was freed",
		[HOW_REUSED] = "after it was freed and a new block of its size allocated",
		[HOW_GROWN] = "after it grew into a new block",
		[HOW_RETURN] = "after its function returned",
		[HOW_SCOPE] = "after its scope ended",
	};
	struct span span;

	span_of(plan, NULL, &span);
	describe_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	say_where(plan, &span, text);
	describe_say(text, " %s", plan->breaks ? ends[plan->how] : "while it lives");
	if (plan->distance == DISTANCE_CALLS_1)
		describe_say(text, ", one call later");
	else if (plan->distance == DISTANCE_CALLS_4 || plan->distance == DISTANCE_CALLS_16)
		describe_say(text, ", %s calls later",
			plan_distance_slug(plan->distance) + strlen("calls-"));
}

static void say_free(const struct plan *plan, char text[DESCRIBE_MAX])
{
	unsigned offset = plan->size > 1 ? 1 + plan->pick % (plan->size - 1) : 1;

	describe_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	if (!plan->breaks)
		describe_say(text, ", once");
	else if (plan->how == HOW_TWICE)
		describe_say(text, ", twice");
	else if (plan->how == HOW_INTERIOR && plan->region != REGION_ARENA)
		describe_say(text, ", of a pointer %u byte%s into it", offset, plural(offset));
	else
		describe_say(text, ", of its address");
}

static void say_length(const struct plan *plan, char text[DESCRIBE_MAX])
{
	static const char *const lengths[HOW_COUNT] = {
		[HOW_NEGATIVE] = "a negative length",
		[HOW_WRAPS] = "a length that wraps when multiplied",
		[HOW_HUGE] = "a length beyond the address space",
	};

	describe_say(text, "; %s with %s", plan_way_code(plan->idiom, plan->way),
		plan->breaks ? lengths[plan->how] : "the right length");
	if (plan->access == ACCESS_NONE)
		describe_say(text, "; never used");
	else if (plan->access == ACCESS_COPY)
		describe_say(text, "; %s all of it", verb(plan));
	else
		describe_say(text, "; %s %s", verb(plan),
			plan->breaks ? "the first element past the object" : "an element");
}

static void say_misaligned(const struct plan *plan, char text[DESCRIBE_MAX])
{
	struct truth truth = truth_of(plan);
	struct span span;

	span_of(plan, NULL, &span);
	describe_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	describe_say(text, "; %s %s %u-byte value at offset %" PRId64, verb(plan),
		plan->width == 8 ? "an" : "a", plan->width, span.to);
	if (span.to % plan->width != 0)
		describe_say(text, ", misaligned");
	if (truth.distance_bytes > 0)
		describe_say(text, "; %" PRId64 " byte%s past the end", truth.distance_bytes,
			plural((uint64_t)truth.distance_bytes));
}

void describe_sentence(const struct plan *plan, char ret[DESCRIBE_MAX])
{
	ret[0] = '\0';
	describe_say(ret, "%s, %s: ", plan_classes[plan->class].slug, plan_idiom_slug(plan->idiom));
	say_object(plan, ret);
	switch (plan->class) {
	case CLASS_oob_read:
	case CLASS_oob_write: say_spatial(plan, ret); break;
	case CLASS_null_deref: say_null(plan, ret); break;
	case CLASS_use_after_free:
	case CLASS_use_after_return: say_temporal(plan, ret); break;
	case CLASS_invalid_free: say_free(plan, ret); break;
	case CLASS_bad_length: say_length(plan, ret); break;
	case CLASS_misaligned: say_misaligned(plan, ret); break;
	default: break;
	}
}

void describe_truth(const struct plan *plan, const struct truth *truth, char ret[DESCRIBE_MAX])
{
	ret[0] = '\0';
	if (!truth->violation)
		describe_say(ret, "benign");
	else
		describe_say(ret, "violation of %s (CWE-%s): %s", plan_classes[plan->class].slug,
			plan_classes[plan->class].cwe, truth_operation_slug(truth->act));
	if (truth->violation && !truth->distance_known && !truth->both_ends)
		describe_say(ret, ", as far away as the stage puts it");
	else if (truth->violation && plan->class == CLASS_null_deref)
		describe_say(ret, " at address %" PRId64, truth->distance_bytes);
	else if (truth->violation && truth->distance_bytes != 0)
		describe_say(ret, ", %" PRId64 " byte%s %s", labs(truth->distance_bytes),
			labs(truth->distance_bytes) == 1 ? "" : "s",
			truth->distance_bytes > 0 ? "past the end" : "before the start");
}
