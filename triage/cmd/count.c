/* SPDX-License-Identifier: Apache-2.0
 * The subcommand count: the plans of a measurement by any of their axes. */
#include "runs/count.h"

#include "base/complain.h"
#include "base/slugs.h"
#include "base/util.h"
#include "cmd.h"
#include "formats/table.h"
#include "option.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "count"

enum column {
	COLUMN_PLANS,
	COLUMN_NOT_JUDGED,
	COLUMN_VERDICTS,
	COLUMN_CAUSES = COLUMN_VERDICTS + VERDICT_COUNT,
	COLUMN_COUNT = COLUMN_CAUSES + CAUSE_COUNT
};

struct arguments {
	const char *run;
	struct count_request request;
	unsigned by[COUNT_AXES + 1]; /* in the order of the command line */
	size_t by_count;
	bool causes, csv;
};

/* What a table is made of: the rows of equal axes in `by` stand together. */
struct counted {
	const struct arguments *arguments;
	struct count count;
	bool shows[COLUMN_COUNT];
	struct table *table; /* NULL: as CSV */
	bool in_row;
};

static const char *column_name(unsigned column)
{
	if (column == COLUMN_PLANS)
		return "plans";
	if (column == COLUMN_NOT_JUDGED)
		return "not-judged";
	return column < COLUMN_CAUSES ? verdict_slug((enum verdict)(column - COLUMN_VERDICTS)) :
					cause_slug((enum cause)(column - COLUMN_CAUSES));
}

/* ---- arguments ------------------------------------------------------------------------------- */

/* Which detector said it is always told apart: the plans of two are the same plans. */
static void add_by(struct arguments *arguments, char *name)
{
	AUTO_FREE char *error = NULL;
	int axis;

	if (strcmp(name, "detector") == 0)
		return;
	axis = count_axis_find(name, &error);
	if (axis < 0)
		exit(complain(WHO, EXIT_USAGE, "--by: %s detector", error));
	for (size_t i = 0; i < arguments->by_count; i++)
		if (arguments->by[i] == (unsigned)axis)
			return;
	arguments->by[arguments->by_count++] = (unsigned)axis;
	arguments->request.axes |= BIT(axis);
}

static void add_where(struct arguments *arguments, char *condition)
{
	struct count_request *request = &arguments->request;
	AUTO_FREE char *error = NULL;
	char *value = strchr(condition, '=');
	int axis, index;

	if (value == NULL)
		exit(complain(WHO, EXIT_USAGE, "--where: '%s' is not AXIS=VALUE", condition));
	*value++ = '\0';
	axis = count_axis_find(condition, &error);
	if (axis < 0)
		exit(complain(WHO, EXIT_USAGE, "--where: %s", error));
	index = count_value_find((unsigned)axis, value, &error);
	if (index < 0)
		exit(complain(WHO, EXIT_USAGE, "--where: %s", error));
	request->only |= BIT(axis);
	request->lets[axis][index] = true;
}

static void each_of(struct arguments *arguments, const char *list,
	void add(struct arguments *arguments, char *item))
{
	AUTO_FREE char *copy = format("%s", list);
	char *rest = copy;

	for (char *item = strsep(&rest, ", "); item != NULL; item = strsep(&rest, ", "))
		if (*item != '\0')
			add(arguments, item);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct count_request *request = &arguments->request;

	switch (key) {
	case 'b': each_of(arguments, value, add_by); break;
	case 'w': each_of(arguments, value, add_where); break;
	case 'c':
		request->classes = option_slugs(WHO, "--class", value, plan_class_find, class_slug);
		break;
	case 'i':
		request->idioms = option_slugs(WHO, "--idiom", value, plan_idiom_find, idiom_slug);
		break;
	case 'd':
		request->detectors = option_slugs(
			WHO, "--detector", value, detector_find, detector_slug);
		break;
	case 'a': arguments->causes = true; break;
	case 'v': arguments->csv = true; break;
	case ARGP_KEY_ARG:
		if (arguments->run != NULL)
			argp_error(state, "%s: unexpected argument", value);
		arguments->run = value;
		break;
	case ARGP_KEY_END:
		if (arguments->run == NULL)
			argp_error(state, "no RUN given; triage runs lists the runs");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b, void *arg)
{
	const struct arguments *arguments = arg;
	const struct count_row *x = a, *y = b;

	for (size_t i = 0; i < arguments->by_count; i++) {
		unsigned axis = arguments->by[i];

		if (x->values[axis] != y->values[axis])
			return x->values[axis] - y->values[axis];
	}
	return 0;
}

static void add_plans(uint64_t sums[COLUMN_COUNT], uint8_t outcome, uint64_t plans)
{
	sums[COLUMN_PLANS] += plans;
	if (outcome == OUTCOME_NONE) {
		sums[COLUMN_NOT_JUDGED] += plans;
		return;
	}
	sums[COLUMN_VERDICTS + outcome_verdict(outcome)] += plans;
	sums[COLUMN_CAUSES + outcome_cause(outcome)] += plans;
}

/* A way has a word in each idiom. */
static void name_value(const struct arguments *arguments, const struct count_row *row,
	unsigned axis, char ret[2 * COUNT_NAME_MAX])
{
	const struct count_request *request = &arguments->request;
	uint32_t idioms = request->idioms != 0 ? request->idioms : request->run->idioms;
	char name[COUNT_NAME_MAX];

	*ret = '\0';
	if (request->axes & BIT(COUNT_IDIOM))
		idioms = BIT(row->values[COUNT_IDIOM]);
	for (unsigned i = 0; i < IDIOM_COUNT; i++) {
		if (!(idioms & BIT(i)))
			continue;
		count_value_name((enum plan_idiom)i, axis, row->values[axis], name);
		if (*ret != '\0' && strcmp(ret, name) == 0)
			continue;
		if (*ret != '\0')
			strcat(ret, "/");
		strcat(ret, name);
	}
}

static void print_cell(struct counted *counted, const char *text)
{
	if (counted->table != NULL)
		table_cell(counted->table, "%s", text);
	else
		printf("%s%s", counted->in_row ? "," : "", text);
	counted->in_row = true;
}

static void end_row(struct counted *counted)
{
	if (counted->table == NULL)
		printf("\n");
	counted->in_row = false;
}

/* The plans of @like under @detector. */
static void print_row(struct counted *counted, const struct count_row *like, unsigned detector,
	const uint64_t sums[COLUMN_COUNT])
{
	const struct arguments *arguments = counted->arguments;
	char text[2 * COUNT_NAME_MAX];

	if (counted->table != NULL)
		table_row(counted->table);
	for (size_t i = 0; i < arguments->by_count; i++) {
		name_value(arguments, like, arguments->by[i], text);
		print_cell(counted, text);
	}
	print_cell(counted, detectors[detector].slug);
	for (unsigned c = 0; c < COLUMN_COUNT; c++)
		if (counted->shows[c]) {
			snprintf(text, sizeof(text), "%" PRIu64, sums[c]);
			print_cell(counted, text);
		}
	end_row(counted);
}

/* Rows from @first to before @end. */
static void print_group(struct counted *counted, size_t first, size_t end)
{
	uint64_t sums[DETECTOR_COUNT][COLUMN_COUNT] = { 0 };

	for (size_t i = first; i < end; i++)
		for (unsigned d = 0; d < DETECTOR_COUNT; d++) {
			const struct count_row *row = &counted->count.rows[i];

			if (count_has(&counted->arguments->request, row, d))
				add_plans(sums[d], row->outcomes[d], row->plans);
		}
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if (sums[d][COLUMN_PLANS] > 0)
			print_row(counted, &counted->count.rows[first], d, sums[d]);
}

/* CSV has the same columns whatever was counted; a table those that are not all 0. */
static void choose_columns(struct counted *counted)
{
	const struct arguments *arguments = counted->arguments;
	uint64_t sums[COLUMN_COUNT] = { 1 };

	for (size_t i = 0; i < counted->count.count; i++)
		for (unsigned d = 0; d < DETECTOR_COUNT; d++)
			if (count_has(&arguments->request, &counted->count.rows[i], d))
				add_plans(sums, counted->count.rows[i].outcomes[d], 1);
	for (unsigned c = 0; c < COLUMN_COUNT; c++)
		counted->shows[c] = (arguments->csv || sums[c] > 0) &&
			(c < COLUMN_CAUSES || (arguments->causes && c > COLUMN_CAUSES));
}

/* Those of texts begin with "<" in a table. */
static void print_heads(struct counted *counted)
{
	const struct arguments *arguments = counted->arguments;

	for (size_t i = 0; i <= arguments->by_count; i++) {
		AUTO_FREE char *head = format("<%s",
			i < arguments->by_count ? count_axis_name(arguments->by[i]) : "detector");

		if (counted->table != NULL)
			table_column(counted->table, head);
		else
			print_cell(counted, head + 1);
	}
	for (unsigned c = 0; c < COLUMN_COUNT; c++)
		if (counted->shows[c] && counted->table != NULL)
			table_column(counted->table, column_name(c));
		else if (counted->shows[c])
			print_cell(counted, column_name(c));
	end_row(counted);
}

static void print_rows(struct counted *counted)
{
	const struct count *count = &counted->count;
	size_t end;

	for (size_t first = 0; first < count->count; first = end) {
		for (end = first + 1; end < count->count &&
			compare(&count->rows[first], &count->rows[end],
				(void *)(uintptr_t)counted->arguments) == 0;)
			end++;
		print_group(counted, first, end);
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* 0, or the exit code: were all of @asked measured? */
static int check_asked(const struct measurement *run, const char *option, uint32_t asked,
	uint32_t measured, slug_of *slug)
{
	AUTO_FREE char *all = format("%s", "");

	for (int i = 0; slug(i) != NULL; i++)
		if (measured & BIT(i)) {
			char *shorter = all;

			all = format("%s %s", shorter, slug(i));
			free(shorter);
		}
	for (int i = 0; slug(i) != NULL; i++)
		if (asked & ~measured & BIT(i))
			return complain(WHO, EXIT_USAGE, "%s=%s: %s has no plans of it; it has:%s",
				option, slug(i), run->directory, all);
	return 0;
}

static int check_run(const struct arguments *arguments, const struct measurement *run)
{
	const struct count_request *request = &arguments->request;
	AUTO_FREE char *plans = format("%s/plans", run->directory);
	int code = check_asked(run, "--class", request->classes, run->classes, class_slug);

	if (code == 0)
		code = check_asked(run, "--idiom", request->idioms, run->idioms, idiom_slug);
	if (code == 0)
		code = check_asked(
			run, "--detector", request->detectors, run->detectors, detector_slug);
	if (code == 0 && access(plans, F_OK) != 0)
		return complain(WHO, 3,
			"%s has no outcomes of single plans (plans/), so they cannot be counted "
			"by axes; next, for counts by class, idiom, detector and region: "
			"build/bin/triage show %s",
			run->directory, run->directory);
	return code;
}

static int print_counts(struct counted *counted)
{
	const struct arguments *arguments = counted->arguments;

	if (counted->count.count == 0)
		return complain(WHO, 3, "no plan of %s meets --where; next: build/bin/plan list",
			arguments->request.run->directory);
	qsort_r(counted->count.rows, counted->count.count, sizeof(*counted->count.rows), compare,
		(void *)(uintptr_t)arguments);
	choose_columns(counted);
	if (!arguments->csv)
		counted->table = table_new((const char *const[]){ NULL });
	print_heads(counted);
	print_rows(counted);
	if (counted->table != NULL)
		table_write(counted->table, TABLE_TEXT, 0, stdout);
	table_free(counted->table);
	return 0;
}

static int count_run(struct arguments *arguments)
{
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = run_dir_find_measurement(arguments->run, &error);
	struct counted counted = { .arguments = arguments };
	struct measurement run = { 0 };
	int code = 0, failed;

	if (directory == NULL)
		return complain(WHO, EXIT_USAGE, "%s", error);
	if (run_kind_of(directory) != RUN_MEASUREMENT)
		return complain(WHO, EXIT_USAGE,
			"%s: not a measurement; those there are: build/bin/triage runs", directory);
	arguments->request.run = &run;
	if (measurement_read(directory, &run, &error) != 0)
		code = complain(WHO, 1, "%s", error);
	else if (measurement_check_version(&run, &error) != 0)
		code = complain(WHO, 3, "%s", error);
	else
		code = check_run(arguments, &run);
	if (code == 0) {
		failed = count_plans(&arguments->request, &counted.count, &error);
		code = failed == 0 ? print_counts(&counted) :
				     complain(WHO, failed == -E2BIG ? EXIT_USAGE : 1, "%s", error);
	}
	count_free(&counted.count);
	measurement_free(&run);
	return code;
}

int cmd_count(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "by", 'b', "AXIS,...", 0,
			"print a row for each value of these axes, in this order", 0 },
		{ "where", 'w', "AXIS=VALUE,...", 0,
			"count only plans with this value; several values of one axis mean any of them",
			0 },
		{ "class", 'c', "CLASS,...", 0, "count only these classes", 0 },
		{ "idiom", 'i', "IDIOM,...", 0, "count only these idioms", 0 },
		{ "detector", 'd', "DETECTOR,...", 0, "count only these detectors", 0 },
		{ "causes", 'a', NULL, 0, "add a column for each cause of silence", 0 },
		{ "csv", 'v', NULL, 0, "print CSV with all columns", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"RUN",
		"Counts the plans of a measurement by their axes, and the verdicts of each detector on them.\n"
		"An axis is a property of a plan, such as its region or its distance. RUN is a directory, an "
		"id under runs/, or latest.\v"
		"Axes: region, access, way, distance, how, size, width, side, reach, op, pick (plan list has "
		"the values); rule (keeps, breaks); truth (benign, violation); operation (read, write, free, "
		"make); outside (bytes outside the object, by powers of two), gap, index (the same as ASan and as a bounds check count); class; idiom. Each detector "
		"always has rows of its own.\n"
		"Example: triage count latest --by region,distance --where width=8 -d asan\n"
		"Exit codes: 0 fine, 1 internal error or a damaged run, 3 nothing to count, 64 usage.",
		NULL,
		NULL,
		NULL,
	};
	struct arguments arguments = { 0 };

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	return count_run(&arguments);
}
