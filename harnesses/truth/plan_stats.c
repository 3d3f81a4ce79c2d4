/* SPDX-License-Identifier: Apache-2.0
 * Counting random plans. */
#include "plan_stats.h"

#include "arguments.h"
#include "truth.h"

#include <string.h>

_Static_assert(DISTANCE_COUNT <= STATS_VALUES_MAX && SIZE_COUNT <= STATS_VALUES_MAX &&
		HOW_COUNT <= STATS_VALUES_MAX,
	"an axis has more values than there are counters");

uint64_t plan_stats_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void plan_stats_random_bytes(uint64_t *state, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
		uint64_t bits = plan_stats_random(state);

		memcpy(bytes + i, &bits, size - i < sizeof(bits) ? size - i : sizeof(bits));
	}
}

static void count(struct plan_stats *stats, const struct plan *plan)
{
	stats->plans++;
	if (!truth_of(plan).violation)
		return;
	stats->violating++;
	for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
		stats->values[axis][describe_axis_get(plan, axis)]++;
	stats->combinations[plan->region][describe_axis_get(plan, AXIS_SIZE)][plan->distance]++;
}

void plan_stats_collect(enum plan_class class, enum plan_idiom idiom, uint64_t plans, uint64_t seed,
	struct plan_stats *ret)
{
	uint8_t bytes[PLAN_BYTES];

	*ret = (struct plan_stats){ .class = class, .idiom = idiom };
	for (uint64_t i = 0; i < plans; i++) {
		struct plan plan;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		plan = plan_decode(
			bytes, sizeof(bytes), (struct plan_fixed){ (int)class, (int)idiom });
		count(ret, &plan);
	}
}

static double share(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

double plan_stats_violating(const struct plan_stats *stats)
{
	return share(stats->violating, stats->plans);
}

bool plan_stats_violating_holds(const struct plan_stats *stats)
{
	double violating = plan_stats_violating(stats);

	return violating >= STATS_VIOLATING_LOW && violating <= STATS_VIOLATING_HIGH;
}

double plan_stats_share(const struct plan_stats *stats, enum describe_axis axis, unsigned value)
{
	return share(stats->values[axis][value], stats->violating);
}

double plan_stats_uniform(enum plan_class class, enum describe_axis axis)
{
	return 1.0 / __builtin_popcount(describe_axis_allowed(class, axis));
}

struct plan_stats_combination plan_stats_largest(const struct plan_stats *stats)
{
	struct plan_stats_combination largest = { .share = 0 };

	for (enum plan_region region = 0; region < REGION_COUNT; region++)
		for (unsigned size = 0; size < SIZE_COUNT; size++)
			for (enum plan_distance distance = 0; distance < DISTANCE_COUNT;
				distance++) {
				double this = share(stats->combinations[region][size][distance],
					stats->violating);

				if (this > largest.share)
					largest = (struct plan_stats_combination){ region, size,
						distance, this };
			}
	return largest;
}

bool plan_stats_value_holds(const struct plan_stats *stats, enum describe_axis axis, unsigned value)
{
	if (!(describe_axis_allowed(stats->class, axis) & BIT(value)))
		return stats->values[axis][value] == 0;
	return plan_stats_share(stats, axis, value) >=
		STATS_VALUE_LOW * plan_stats_uniform(stats->class, axis);
}

static unsigned value_failures(
	const struct plan_stats *stats, enum describe_axis axis, char first[DESCRIBE_MAX])
{
	unsigned failures = 0;

	for (unsigned k = 0; describe_axis_value(stats->idiom, axis, k) != NULL; k++) {
		if (plan_stats_value_holds(stats, axis, k))
			continue;
		failures++;
		if (first[0] == '\0')
			describe_say(first,
				"%s=%s: %.1f %% of the violating plans, uniform is %.1f %%",
				describe_axis_key(axis), describe_axis_value(stats->idiom, axis, k),
				100 * plan_stats_share(stats, axis, k),
				describe_axis_allowed(stats->class, axis) & BIT(k) ?
					100 * plan_stats_uniform(stats->class, axis) :
					0);
	}
	return failures;
}

unsigned plan_stats_failures(const struct plan_stats *stats, char ret_first[DESCRIBE_MAX])
{
	struct plan_stats_combination largest = plan_stats_largest(stats);
	unsigned failures = 0;

	ret_first[0] = '\0';
	if (!plan_stats_violating_holds(stats)) {
		failures++;
		describe_say(ret_first, "%.1f %% of the plans violate",
			100 * plan_stats_violating(stats));
	}
	for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
		failures += value_failures(stats, axis, ret_first);
	if (largest.share > STATS_COMBINATION_HIGH) {
		failures++;
		if (ret_first[0] == '\0')
			describe_say(ret_first, "%s x %u x %s: %.1f %% of the violating plans",
				plan_region_slug(largest.region), plan_sizes[largest.size],
				plan_distance_slug(largest.distance), 100 * largest.share);
	}
	return failures;
}

static void print_share(FILE *out, double value, bool holds)
{
	fprintf(out, "  %6.2f %%%c", 100 * value, holds ? ' ' : '!');
}

/* The name, or all names where each idiom has its own. */
static void print_value_name(FILE *out, enum describe_axis axis, unsigned value)
{
	const char *name = describe_axis_value(0, axis, value), *other;
	char names[128];
	size_t used = (size_t)snprintf(names, sizeof(names), "%s", name);

	for (enum plan_idiom idiom = 1; idiom < IDIOM_COUNT; idiom++) {
		other = describe_axis_value(idiom, axis, value);
		if (strcmp(name, other) != 0 && used < sizeof(names))
			used += (size_t)snprintf(names + used, sizeof(names) - used, ", %s", other);
	}
	fprintf(out, "%-24s", names);
}

static void print_axis(
	FILE *out, const struct plan_stats stats[IDIOM_COUNT], enum describe_axis axis)
{
	uint32_t allowed = describe_axis_allowed(stats[0].class, axis);
	double uniform = plan_stats_uniform(stats[0].class, axis);

	for (unsigned k = 0; describe_axis_value(0, axis, k) != NULL; k++) {
		bool strays = false;

		for (enum plan_idiom i = 0; i < IDIOM_COUNT; i++)
			strays |= stats[i].values[axis][k] > 0;
		if (!(allowed & BIT(k)) && !strays)
			continue;
		fprintf(out, "%-10s", describe_axis_key(axis));
		print_value_name(out, axis, k);
		for (enum plan_idiom i = 0; i < IDIOM_COUNT; i++)
			print_share(out, plan_stats_share(&stats[i], axis, k),
				plan_stats_value_holds(&stats[i], axis, k));
		print_share(out, allowed & BIT(k) ? uniform : 0, true);
		fprintf(out, "\n");
	}
}

void plan_stats_print(FILE *out, const struct plan_stats stats[IDIOM_COUNT])
{
	fprintf(out, "%-34s", plan_classes[stats[0].class].slug);
	for (enum plan_idiom i = 0; i < IDIOM_COUNT; i++)
		fprintf(out, "%10s ", plan_idiom_slug(i));
	fprintf(out, "   uniform\n%-34s", "plans that violate");
	for (enum plan_idiom i = 0; i < IDIOM_COUNT; i++)
		print_share(out, plan_stats_violating(&stats[i]),
			plan_stats_violating_holds(&stats[i]));
	fprintf(out, "\n");
	for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
		print_axis(out, stats, axis);
	for (enum plan_idiom i = 0; i < IDIOM_COUNT; i++) {
		struct plan_stats_combination largest = plan_stats_largest(&stats[i]);

		fprintf(out,
			"largest combination, %s: region %s x size %u x distance %s, %.2f %%%s\n",
			plan_idiom_slug(i), plan_region_slug(largest.region),
			plan_sizes[largest.size], plan_distance_slug(largest.distance),
			100 * largest.share, largest.share <= STATS_COMBINATION_HIGH ? "" : " !");
	}
}
