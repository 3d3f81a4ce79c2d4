/* SPDX-License-Identifier: Apache-2.0
 * Plans as the arguments of `plan make`, and back. */
#include "arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const axis_keys[AXIS_COUNT] = {
	"region",
	"access",
	"way",
	"distance",
	"how",
	"size",
	"width",
	"side",
	"reach",
	"op",
	"pick",
};

static const char *const size_names[SIZE_COUNT] = {
#define X(size) #size,
	SIZES(X)
#undef X
};

static const char *const width_names[WIDTH_COUNT] = { "1", "2", "4", "8", "16" };

static const unsigned axis_values[AXIS_NAMED_COUNT] = {
	[AXIS_REGION] = REGION_COUNT,
	[AXIS_ACCESS] = ACCESS_COUNT,
	[AXIS_WAY] = WAY_COUNT,
	[AXIS_DISTANCE] = DISTANCE_COUNT,
	[AXIS_HOW] = HOW_COUNT,
	[AXIS_SIZE] = SIZE_COUNT,
	[AXIS_WIDTH] = WIDTH_COUNT,
	[AXIS_SIDE] = 2,
	[AXIS_REACH] = 2,
	[AXIS_OP] = 2,
};

const char *describe_axis_key(enum describe_axis axis)
{
	return axis_keys[axis];
}

const char *describe_axis_value(enum plan_idiom idiom, enum describe_axis axis, unsigned value)
{
	if (axis >= AXIS_NAMED_COUNT || value >= axis_values[axis])
		return NULL;
	switch (axis) {
	case AXIS_REGION: return plan_region_slug((enum plan_region)value);
	case AXIS_ACCESS: return plan_access_slug((enum plan_access)value);
	case AXIS_WAY: return plan_way_slug(idiom, (enum plan_way)value);
	case AXIS_DISTANCE: return plan_distance_slug((enum plan_distance)value);
	case AXIS_HOW: return plan_how_slug((enum plan_how)value);
	case AXIS_SIZE: return size_names[value];
	case AXIS_WIDTH: return width_names[value];
	case AXIS_SIDE: return value ? "before" : "after";
	case AXIS_REACH: return value ? "bump" : "index";
	default: return value ? "store" : "load";
	}
}

uint32_t describe_axis_allowed(enum plan_class class, enum describe_axis axis)
{
	const struct plan_class_row *row = &plan_classes[class];
	bool spatial = class == CLASS_oob_read || class == CLASS_oob_write;

	switch (axis) {
	case AXIS_REGION: return row->regions;
	case AXIS_ACCESS: return row->accesses;
	case AXIS_WAY: return row->ways;
	case AXIS_DISTANCE: return row->distances;
	case AXIS_HOW: return row->hows;
	case AXIS_SIZE: return BIT(SIZE_COUNT) - 1;
	case AXIS_WIDTH: return BIT(WIDTH_COUNT) - (class == CLASS_misaligned ? 2 : 1);
	case AXIS_SIDE:
	case AXIS_REACH: return spatial ? 3 : 1;
	case AXIS_OP: return row->directions ? row->directions : LOADS;
	default: return 0;
	}
}

static unsigned size_index(uint32_t size)
{
	unsigned i = 0;

	while (i < SIZE_COUNT - 1 && plan_sizes[i] != size)
		i++;
	return i;
}

unsigned describe_axis_get(const struct plan *plan, enum describe_axis axis)
{
	switch (axis) {
	case AXIS_REGION: return plan->region;
	case AXIS_ACCESS: return plan->access;
	case AXIS_WAY: return plan->way;
	case AXIS_DISTANCE: return plan->distance;
	case AXIS_HOW: return plan->how;
	case AXIS_SIZE: return size_index(plan->size);
	case AXIS_WIDTH: return (unsigned)__builtin_ctz(plan->width);
	case AXIS_SIDE: return plan->before;
	case AXIS_REACH: return plan->bump;
	case AXIS_OP: return plan->store;
	default: return plan->pick;
	}
}

static void axis_set(struct plan *plan, enum describe_axis axis, unsigned value)
{
	switch (axis) {
	case AXIS_REGION: plan->region = (enum plan_region)value; break;
	case AXIS_ACCESS: plan->access = (enum plan_access)value; break;
	case AXIS_WAY: plan->way = (enum plan_way)value; break;
	case AXIS_DISTANCE: plan->distance = (enum plan_distance)value; break;
	case AXIS_HOW: plan->how = (enum plan_how)value; break;
	case AXIS_SIZE: plan->size = plan_sizes[value]; break;
	case AXIS_WIDTH: plan->width = plan_widths[value]; break;
	case AXIS_SIDE: plan->before = value; break;
	case AXIS_REACH: plan->bump = value; break;
	case AXIS_OP: plan->store = value; break;
	default: plan->pick = (uint8_t)value; break;
	}
}

void describe_arguments(const struct plan *plan, char ret[DESCRIBE_MAX])
{
	ret[0] = '\0';
	describe_say(ret, "%s %s %s", plan_classes[plan->class].slug, plan_idiom_slug(plan->idiom),
		plan->breaks ? "breaks" : "keeps");
	for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
		describe_say(ret, " %s=%s", axis_keys[axis],
			describe_axis_value(plan->idiom, axis, describe_axis_get(plan, axis)));
	describe_say(ret, " pick=%u", plan->pick);
}

/* The value of @axis that is called @name among those in @mask, or -1. */
static int find_value(
	enum plan_idiom idiom, enum describe_axis axis, uint32_t mask, const char *name)
{
	for (unsigned k = 0; describe_axis_value(idiom, axis, k) != NULL; k++)
		if ((mask & BIT(k)) && strcmp(describe_axis_value(idiom, axis, k), name) == 0)
			return (int)k;
	return -1;
}

/* strtol would take blanks, signs and 0x. */
static int find_pick(const char *digits)
{
	size_t length = strspn(digits, "0123456789");
	long value = length > 0 && length <= 3 && digits[length] == '\0' ? atol(digits) : -1;

	return value <= UINT8_MAX ? (int)value : -1;
}

static int parse_axis(
	struct plan *plan, const char *argument, uint32_t *named, char error[DESCRIBE_MAX])
{
	const char *equals = strchr(argument, '=');
	size_t length = equals != NULL ? (size_t)(equals - argument) : 0;
	enum describe_axis axis = 0;
	uint32_t mask;
	int value;

	while (axis < AXIS_COUNT &&
		(strncmp(axis_keys[axis], argument, length) != 0 ||
			axis_keys[axis][length] != '\0'))
		axis++;
	if (axis == AXIS_COUNT) {
		describe_say(error, "%.80s: expected breaks, keeps or one of", argument);
		for (axis = 0; axis < AXIS_COUNT; axis++)
			describe_say(error, " %s=", axis_keys[axis]);
		return -EINVAL;
	}
	/* benign plans of class misaligned may be 1 byte wide: see describe_parse for the rest */
	mask = axis == AXIS_WIDTH ? BIT(WIDTH_COUNT) - 1 : describe_axis_allowed(plan->class, axis);
	value = axis == AXIS_PICK ? find_pick(equals + 1) :
				    find_value(plan->idiom, axis, mask, equals + 1);
	if (value < 0) {
		describe_say(error, "%.80s: %s must be one of", argument, axis_keys[axis]);
		for (unsigned k = 0; describe_axis_value(plan->idiom, axis, k) != NULL; k++)
			if (mask & BIT(k))
				describe_say(
					error, " %s", describe_axis_value(plan->idiom, axis, k));
		describe_say(error, "%s", axis == AXIS_PICK ? " 0 to 255" : "");
		return -EINVAL;
	}
	axis_set(plan, axis, (unsigned)value);
	*named |= BIT(axis);
	return 0;
}

/* Combinations that no bytes decode to change on the way through the bytes. What was not named may
 * change; what was named may not. */
static int settle(
	const struct plan *asked, uint32_t named, struct plan *ret, char error[DESCRIBE_MAX])
{
	uint8_t bytes[PLAN_BYTES];
	char nearest[DESCRIBE_MAX];
	struct plan plan;

	plan_encode(asked, bytes);
	if (!(named & BIT(AXIS_WIDTH)))
		bytes[9] = 0;
	plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
	for (enum describe_axis axis = 0; axis < AXIS_COUNT; axis++) {
		if (!(named & BIT(axis)) ||
			describe_axis_get(asked, axis) == describe_axis_get(&plan, axis))
			continue;
		describe_arguments(&plan, nearest);
		describe_say(error,
			"no such plan: %s=%s does not go with the rest; the nearest is: %s",
			axis_keys[axis],
			describe_axis_value(asked->idiom, axis, describe_axis_get(asked, axis)),
			nearest);
		return -EINVAL;
	}
	*ret = plan;
	return 0;
}

static int parse_class(
	int count, char *const arguments[], struct plan_fixed *ret, char error[DESCRIBE_MAX])
{
	ret->class = count > 0 ? plan_class_find(arguments[0]) : -1;
	ret->idiom = count > 1 ? plan_idiom_find(arguments[1]) : -1;
	if (ret->class < 0) {
		describe_say(error, "%.80s: no such class; there are",
			count > 0 ? arguments[0] : "(nothing)");
		for (int i = 0; i < CLASS_COUNT; i++)
			describe_say(error, " %s", plan_classes[i].slug);
		return -EINVAL;
	}
	if (ret->idiom < 0) {
		describe_say(error, "%.80s: no such idiom; there are",
			count > 1 ? arguments[1] : "(nothing)");
		for (enum plan_idiom i = 0; i < IDIOM_COUNT; i++)
			describe_say(error, " %s", plan_idiom_slug(i));
		return -EINVAL;
	}
	return 0;
}

int describe_parse(
	int count, char *const arguments[], struct plan *ret, char ret_error[DESCRIBE_MAX])
{
	struct plan_fixed fixed;
	struct plan plan;
	uint32_t named = 0;
	int error;

	ret_error[0] = '\0';
	error = parse_class(count, arguments, &fixed, ret_error);
	if (error != 0)
		return error;
	plan = plan_decode(NULL, 0, fixed);
	for (int i = 2; i < count && error == 0; i++) {
		if (strcmp(arguments[i], "breaks") == 0 || strcmp(arguments[i], "keeps") == 0)
			plan.breaks = arguments[i][0] == 'b';
		else
			error = parse_axis(&plan, arguments[i], &named, ret_error);
	}
	return error != 0 ? error : settle(&plan, named, ret, ret_error);
}
