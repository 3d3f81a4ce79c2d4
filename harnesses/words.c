/* SPDX-License-Identifier: Apache-2.0
 * Plans in words. */
#include "words.h"

#include "span.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void words_say(char text[WORDS_MAX], const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, WORDS_MAX - used, format, arguments);
	va_end(arguments);
}

static const char *region_words(const struct plan *plan)
{
	static const char *const words[REGION_COUNT] = {
		"heap object", "stack object", "global object", "object inside a larger heap block",
		"C heap object",
	};

	return plan->class == CLASS_use_after_return ? "local" : words[plan->region];
}

static void say_object(const struct plan *plan, char text[WORDS_MAX])
{
	words_say(text, "%s of %u byte%s", region_words(plan), plan->size, plan->size == 1 ? "" : "s");
	if (plan->class != CLASS_invalid_free && plan->width <= plan->size)
		words_say(text, " as %u x %u", plan_elements(plan), plan->width);
}

static void say_way(const struct plan *plan, const struct span *span, char text[WORDS_MAX])
{
	const char *code = plan_way_code(plan->idiom, plan->way);
	bool moved = span != NULL && (span_low(span) < 0 || span_low(span) % plan->width != 0);

	if (plan->way == WAY_CAST && plan->breaks) {
		words_say(text, "; %s, length %u", code, plan->size);
	} else if ((plan->way == WAY_SLICE || plan->way == WAY_FORGED) && plan->breaks && span != NULL) {
		int64_t bytes = span_end(span, plan) - (moved ? span_low(span) : 0);

		words_say(text, "; %s of length %" PRId64, code, bytes / plan->width);
	} else {
		words_say(text, "; %s", code);
	}
	if (moved && plan->way != WAY_INDEX)
		words_say(text, " from a moved base");
}

static const char *verb(const struct plan *plan)
{
	static const char *const verbs[ACCESS_COUNT][2] = {
		{ "reads", "writes" }, { "copies from", "copies into" },
		{ "atomically loads", "atomically stores" }, { "uses", "uses" },
	};

	return verbs[plan->access][plan->store];
}

static void say_where(const struct plan *plan, const struct span *span, char text[WORDS_MAX])
{
	if (span->to % plan->width == 0)
		words_say(text, "; %s element %" PRId64, verb(plan), span->to / plan->width);
	else
		words_say(text, "; %s %u bytes at offset %" PRId64, verb(plan), plan->width, span->to);
	if (plan->bump && span->from != span->to)
		words_say(text, ", walking there from element %" PRId64, span->from / plan->width);
}

/* Where an access lands that the stage places. */
static const char *target_words(enum plan_distance distance)
{
	switch (distance) {
	case DISTANCE_EDGE: return "the last element before the neighbour";
	case DISTANCE_LIVE: return "in a live neighbour";
	case DISTANCE_FREED: return "in a freed block";
	case DISTANCE_NEVER: return "in mapped memory that was never handed out";
	default: return "on a page that may not be touched";
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

static void say_spatial(const struct plan *plan, char text[WORDS_MAX])
{
	struct truth truth = truth_of(plan);
	struct span span;
	bool known = span_of(plan, NULL, &span);

	say_way(plan, known ? &span : NULL, text);
	if (!known) {
		words_say(text, "; %s %s%s%s", verb(plan), target_words(plan->distance),
		    plan->distance == DISTANCE_EDGE || plan->distance == DISTANCE_LIVE ?
		    (plan->before ? " before the object" : " after the object") : "",
		    plan->bump ? ", walking there" : "");
		return;
	}
	say_where(plan, &span, text);
	if (truth.violation)
		words_say(text, "; %" PRId64 " byte%s %s%s", labs(truth.distance_bytes),
		    labs(truth.distance_bytes) == 1 ? "" : "s",
		    truth.distance_bytes > 0 ? "past the end" : "before the start", landing(plan));
}

static void say_null(const struct plan *plan, char text[WORDS_MAX])
{
	struct span span;

	words_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	if (!plan->breaks && plan->access == ACCESS_COPY)
		words_say(text, "; %s a null base, 0 bytes", verb(plan));
	else if (!plan->breaks)
		words_say(text, "; %s an element inside", verb(plan));
	else if (span_of(plan, NULL, &span))
		words_say(text, "; %s %u bytes at null + %" PRId64, verb(plan), plan->width, span.to);
	else
		words_say(text, "; %s %u bytes at null + so much that it lands %s", verb(plan), plan->width,
		    plan->distance == DISTANCE_LIVE ? "in this object" : target_words(plan->distance));
}

static void say_temporal(const struct plan *plan, char text[WORDS_MAX])
{
	static const char *const ends[HOW_COUNT] = {
		[HOW_FREED] = "after free", [HOW_REUSED] = "after free and a new allocation of the size",
		[HOW_GROWN] = "after it grew into a new block", [HOW_RETURN] = "after its function returned",
		[HOW_SCOPE] = "after its scope ended",
	};
	struct span span;

	span_of(plan, NULL, &span);
	words_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	say_where(plan, &span, text);
	words_say(text, " %s", plan->breaks ? ends[plan->how] : "while it lives");
	if (plan->distance >= DISTANCE_CALLS_1 && plan->distance <= DISTANCE_CALLS_16)
		words_say(text, " and %s more calls", plan_distance_slug(plan->distance) + strlen("calls-"));
}

static void say_free(const struct plan *plan, char text[WORDS_MAX])
{
	words_say(text, "; %s ", plan_way_code(plan->idiom, plan->way));
	if (!plan->breaks)
		words_say(text, "of a heap block, once");
	else if (plan->how == HOW_TWICE)
		words_say(text, "twice");
	else if (plan->how == HOW_INTERIOR && plan->region != REGION_ARENA)
		words_say(text, "of a pointer %u byte(s) into it",
		    plan->size > 1 ? 1 + plan->pick % (plan->size - 1) : 1);
	else
		words_say(text, "of its address");
}

static void say_length(const struct plan *plan, char text[WORDS_MAX])
{
	static const char *const lengths[HOW_COUNT] = {
		[HOW_NEGATIVE] = "a negative length", [HOW_WRAPS] = "a length that wraps when multiplied",
		[HOW_HUGE] = "a length beyond the address space",
	};

	words_say(text, "; %s with %s", plan_way_code(plan->idiom, plan->way),
	    plan->breaks ? lengths[plan->how] : "the right length");
	if (plan->access == ACCESS_NONE)
		words_say(text, "; never used");
	else if (plan->access == ACCESS_COPY)
		words_say(text, "; %s all of it", verb(plan));
	else
		words_say(text, "; %s %s", verb(plan),
		    plan->breaks ? "the first element past the object" : "an element");
}

static void say_misaligned(const struct plan *plan, char text[WORDS_MAX])
{
	struct truth truth = truth_of(plan);
	struct span span;

	span_of(plan, NULL, &span);
	words_say(text, "; %s", plan_way_code(plan->idiom, plan->way));
	words_say(text, "; %s a %u-byte value at offset %" PRId64, verb(plan), plan->width, span.to);
	if (span.to % plan->width != 0)
		words_say(text, ", misaligned");
	if (truth.distance_bytes > 0)
		words_say(text, "; %" PRId64 " byte%s past the end", truth.distance_bytes,
		    truth.distance_bytes == 1 ? "" : "s");
}

void words_sentence(const struct plan *plan, char ret[WORDS_MAX])
{
	ret[0] = '\0';
	words_say(ret, "%s, %s: ", plan_classes[plan->class].slug, plan_idiom_slug(plan->idiom));
	say_object(plan, ret);
	switch (plan->class) {
	case CLASS_oob_read: case CLASS_oob_write: say_spatial(plan, ret); break;
	case CLASS_null_deref: say_null(plan, ret); break;
	case CLASS_use_after_free: case CLASS_use_after_return: say_temporal(plan, ret); break;
	case CLASS_invalid_free: say_free(plan, ret); break;
	case CLASS_bad_length: say_length(plan, ret); break;
	case CLASS_misaligned: say_misaligned(plan, ret); break;
	default: break;
	}
}

void words_truth(const struct plan *plan, const struct truth *truth, char ret[WORDS_MAX])
{
	ret[0] = '\0';
	if (!truth->violation)
		words_say(ret, "benign");
	else
		words_say(ret, "violation (%s, CWE-%s)", plan_classes[plan->class].title,
		    plan_classes[plan->class].cwe);
}
