/* SPDX-License-Identifier: Apache-2.0
 * The subcommand mix: writes a mix from the buckets of a directory of crashes. */
#include "mix/mix.h"

#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "crashes/buckets.h"
#include "crashes/buckets_formats.h"
#include "crashes/file.h"
#include "crashes/saved.h"

#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHO "mix"

/* What the reports of the buckets state. */
struct stated {
	uint32_t seen_by;
	size_t buckets, used;
	uint64_t counts[COUNT_AXES][CLASS_COUNT][COUNT_VALUES_MAX];
};

/* ---- one report ------------------------------------------------------------------------------ */

static bool is_write(const json_t *report)
{
	return strcmp(json_file_text(report, "access"), "WRITE") == 0;
}

/* An overflow without a direction is none of ours: half of it would be made up. */
static int class_of_overflow(const json_t *report)
{
	if (is_write(report))
		return CLASS_oob_write;
	return strcmp(json_file_text(report, "access"), "READ") == 0 ? CLASS_oob_read : -1;
}

/* -1: of no class. A signal near address 0 is a null pointer, any other a wild access. */
static int class_of(const json_t *report, bool *ret_wild)
{
	static const struct {
		const char *kind;
		enum plan_class class;
	} rows[] = {
		{ "heap-use-after-free", CLASS_use_after_free },
		{ "stack-use-after-return", CLASS_use_after_return },
		{ "stack-use-after-scope", CLASS_use_after_return },
		{ "double-free", CLASS_invalid_free },
		{ "bad-free", CLASS_invalid_free },
		{ "invalid-free", CLASS_invalid_free },
		{ "negative-size-param", CLASS_bad_length },
		{ "calloc-overflow", CLASS_bad_length },
		{ "allocation-size-too-big", CLASS_bad_length },
		{ "null-pointer-use", CLASS_null_deref },
		{ "misaligned-pointer-use", CLASS_misaligned },
	};
	const char *kind = json_file_text(report, "kind");
	bool overflow = strstr(kind, "buffer-overflow") != NULL ||
		strstr(kind, "buffer-underflow") != NULL || strcmp(kind, "container-overflow") == 0;

	*ret_wild = false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(kind, rows[i].kind) == 0)
			return (int)rows[i].class;
	if (overflow)
		return class_of_overflow(report);
	if (strcmp(kind, "SEGV") != 0 && strcmp(kind, "SIGSEGV") != 0)
		return -1;
	*ret_wild = !json_is_true(json_object_get(report, "near_null"));
	return *ret_wild ? class_of_overflow(report) : CLASS_null_deref;
}

static void count_named(struct stated *stated, int class, unsigned axis, const char *name)
{
	AUTO_FREE char *error = NULL;
	int value = count_value_find(axis, name, &error);

	if (value >= 0)
		stated->counts[axis][class][value]++;
}

/* Wide enough that plans of every width are in each. */
static const struct {
	int64_t from;
	const char *before, *after; /* values of the axis gap */
} gaps[] = {
	{ 64, "-16..31~-4194304..", "+64..127~+4194304.." },
	{ 16, "-16..31~-4194304..", "+16..31~+32..63" },
	{ 1, "-0~-8..15", "+1~+8..15" },
	{ 0, "-0~-8..15", "+0" },
};

/* ASan's distance before an object is that of the first byte, so the access lies in it. */
static void count_gap(struct stated *stated, int class, const json_t *report, const json_t *region)
{
	const json_t *distance = json_object_get(region, "distance");
	bool before = strcmp(json_file_text(region, "relation"), "before") == 0;
	json_int_t bytes = json_integer_value(distance), width = json_file_number(report, "size");
	AUTO_FREE char *first = NULL;
	size_t g = 0;

	if (!json_is_integer(distance) ||
		(!before && strcmp(json_file_text(region, "relation"), "after") != 0))
		return;
	if (before)
		bytes = bytes > width ? bytes - width : 0;
	bytes = bytes > 0 ? bytes : 0; /* the file may say anything */
	while (bytes < gaps[g].from)
		g++;
	first = format("%s", before ? gaps[g].before : gaps[g].after);
	first[strcspn(first, "~")] = '\0';
	count_named(stated, class, COUNT_GAP, first);
}

/* The group that begins with the value @name. */
static const char *gap_words(const char *name)
{
	for (size_t g = 0; g < sizeof(gaps) / sizeof(*gaps); g++) {
		if (strncmp(gaps[g].after, name, strcspn(gaps[g].after, "~")) == 0)
			return gaps[g].after;
		if (strncmp(gaps[g].before, name, strcspn(gaps[g].before, "~")) == 0)
			return gaps[g].before;
	}
	return name;
}

static void count_report(struct stated *stated, const json_t *report)
{
	const json_t *region = json_object_get(report, "region");
	AUTO_FREE char *width = format("%lld", (long long)json_file_number(report, "size"));
	int detector = detector_find(json_file_text(report, "tool"));
	bool wild;
	int class = class_of(report, &wild);

	stated->buckets++;
	if (class < 0)
		return;
	stated->used++;
	stated->seen_by |= detector >= 0 ? BIT(detector) : 0;
	stated->counts[COUNT_CLASS][class][class]++;
	if (class == CLASS_oob_read || class == CLASS_oob_write) {
		if (wild)
			count_named(stated, class, COUNT_GAP, "+unmapped");
		else
			count_gap(stated, class, report, region);
		count_named(stated, class, AXIS_REGION, json_file_text(region, "place"));
		count_named(stated, class, AXIS_WIDTH, width);
	}
	if ((class == CLASS_use_after_free || class == CLASS_null_deref) &&
		*json_file_text(report, "access") != '\0')
		count_named(stated, class, COUNT_OPERATION, is_write(report) ? "write" : "read");
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* The report whose kind is the key's, else the first one. */
static const json_t *main_report(const json_t *object)
{
	const json_t *list = json_object_get(object, "reports"), *one;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)list, i, one)
		if (strcmp(json_file_text(one, "kind"), json_file_text(object, "kind")) == 0)
			return one;
	return json_array_get(list, 0);
}

/* @document: crashes.json, whose indices were checked. */
static void count_buckets(struct stated *stated, const json_t *document)
{
	const json_t *bucket;
	size_t i;

	json_array_foreach(json_object_get(document, "buckets"), i, bucket)
		count_report(stated,
			main_report(json_array_get(json_object_get(document, "reports"),
				(size_t)json_file_number(bucket, "report"))));
}

static void print_law(const struct stated *stated, unsigned axis, int class)
{
	const char *separator = ":";
	char name[COUNT_NAME_MAX];
	uint64_t sum = 0;

	for (unsigned v = 0; v < COUNT_VALUES_MAX; v++)
		sum += stated->counts[axis][class][v];
	if (sum == 0)
		return;
	printf("%s | class=%s [%llu]", count_axis_name(axis), plan_classes[class].slug,
		(unsigned long long)sum);
	for (unsigned v = 0; v < COUNT_VALUES_MAX; v++)
		if (stated->counts[axis][class][v] > 0) {
			count_value_name((enum plan_idiom)0, axis, v, name);
			printf("%s %s=%llu", separator, axis == COUNT_GAP ? gap_words(name) : name,
				(unsigned long long)stated->counts[axis][class][v]);
			separator = "";
		}
	printf("\n");
}

static int print_mix(const struct stated *stated, const char *from)
{
	static const unsigned axes[] = { AXIS_REGION, COUNT_GAP, AXIS_WIDTH, COUNT_OPERATION };

	if (stated->used == 0)
		return complain(WHO, EXIT_NOTHING,
			"%s: none of %zu buckets is of a class that a mix can weigh", from,
			stated->buckets);
	printf("# %zu of %zu buckets; the others are of no class here.\nname: mine\nsource: ",
		stated->used, stated->buckets);
	for (const char *at = from; *at != '\0'; at++)
		putchar(iscntrl((unsigned char)*at) ? '?' : *at);
	printf("\nseen-by:%s", stated->seen_by == 0 ? " none" : "");
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (stated->seen_by & BIT(d))
			printf(" %s", detectors[d].slug);
	printf("\nsample: %zu\nclass:", stated->used);
	for (int c = 0; c < CLASS_COUNT; c++)
		if (stated->counts[COUNT_CLASS][c][c] > 0)
			printf(" %s=%llu", plan_classes[c].slug,
				(unsigned long long)stated->counts[COUNT_CLASS][c][c]);
	printf("\n");
	for (size_t a = 0; a < sizeof(axes) / sizeof(*axes); a++)
		for (int c = 0; c < CLASS_COUNT; c++)
			print_law(stated, axes[a], c);
	return 0;
}

/* A directory of saved reports, as `triage crashes --reports` reads it. */
static int count_saved(struct stated *stated, const char *directory)
{
	struct inputs inputs = { .reports = true };
	struct crashes crashes = { 0 };
	struct program target = { 0 };
	AUTO_FREE char *why = NULL;
	struct ignore *ignore = ignore_open(NULL, &why); /* the table alone cannot fail */
	struct crash_buckets buckets = {
		.target = &target, .inputs = &inputs, .directory = directory, .complete = true
	};
	const char *missing;
	int error = inputs_find(directory, &inputs);

	if (error == 0) {
		inputs_sort(&inputs);
		crashes_open(inputs.list, inputs.count, &crashes);
		saved_target(&target);
		saved_read(&crashes, &missing);
		crash_buckets_make(&buckets, ignore, &crashes);
		if (buckets.count > 0) {
			AUTO_JSON json_t *document = crash_buckets_json(&buckets);

			count_buckets(stated, document);
		}
		crash_buckets_free(&buckets);
		program_free(&target);
		crashes_free(&crashes);
	}
	ignore_free(ignore);
	inputs_free(&inputs);
	return error;
}

static bool is_saved(const char *name)
{
	AUTO_FREE char *file = format("%s/crashes.json", name);
	struct stat status;

	return name != NULL && stat(name, &status) == 0 && access(file, F_OK) != 0;
}

static int make_mix(const char *name)
{
	AUTO_FREE struct stated *stated = allocate(1, sizeof(*stated));
	AUTO_FREE char *error = NULL;
	struct crashes_file file = { 0 };
	int failed, code;

	if (is_saved(name)) {
		failed = count_saved(stated, name);
		if (failed != 0)
			return complain(WHO, EXIT_USAGE, "%s: %s", name, strerror(-failed));
		if (stated->buckets == 0)
			return complain(WHO, EXIT_NOTHING,
				"%s has no report; next: build/bin/triage crashes %s -- TARGET, then "
				"build/bin/triage mix latest",
				name, name);
		return print_mix(stated, name);
	}
	failed = crashes_file_open(name, &file, &error);
	if (failed == 0)
		count_buckets(stated, file.document);
	code = failed != 0 ?
		complain(WHO, failed == -ENOENT ? EXIT_USAGE : EXIT_INTERNAL, "%s", error) :
		print_mix(stated, file.path);
	crashes_file_close(&file);
	return code;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	const char **name = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (*name != NULL)
		argp_error(state, "%s: unexpected argument", value);
	*name = value;
	return 0;
}

int cmd_mix(int argc, char **argv)
{
	static const struct argp argp = { NULL, parse, "[RUN|DIR]",
		"Writes a mix to standard output: how often each class, region, distance, width and operation "
		"occurs among the bugs of your own crashes.\n"
		"RUN is a run of triage crashes: a directory, an id under runs/, or latest (the default). DIR "
		"holds saved reports.\v"
		"Example: triage mix latest > mine.mix; triage show RUN --mix=./mine.mix\n"
		"Exit codes: 0 fine, 1 internal error or a damaged run, 3 no bucket to weigh, 64 usage.",
		NULL, NULL, NULL };
	const char *name = NULL;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &name);
	return make_mix(name);
}
