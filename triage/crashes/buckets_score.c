/* SPDX-License-Identifier: Apache-2.0
 * Compares buckets and families with labels. */
#include "buckets_score.h"

#include "base/escape.h"
#include "base/util.h"
#include "buckets.h"
#include "formats/table.h"
#include "stats/score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LABELS_MAX (16u << 20)
#define WORST      10 /* merges and splits that are shown */

/* The labelled crashes of a run. */
struct labelled {
	const struct crash_buckets *buckets;
	char *text; /* the file of labels */
	size_t count, absent, unlabelled;
	size_t *crashes; /* indices */
	char **labels;
	char **of_crash; /* the label of each crash, or NULL */
	size_t *of;      /* the label of each, as a number */
};

/* ---- labels ---------------------------------------------------------------------------------- */

static bool is_path_of(const char *path, const char *name)
{
	size_t size = strlen(path), end = strlen(name);

	return size >= end && strcmp(path + size - end, name) == 0 &&
		(size == end || path[size - end - 1] == '/');
}

static size_t find_crash(const struct crashes *crashes, const char *name)
{
	for (size_t i = 0; i < crashes->count; i++)
		if (is_path_of(crashes->list[i].path, name))
			return i;
	return CRASH_NONE;
}

/* "file TAB label", what follows is not looked at. 0, or -EEXIST when the file has another label already. */
static int add_line(struct labelled *l, char *line, char **ret_why)
{
	char *name = strsep(&line, "\t"), *label = line != NULL ? strsep(&line, "\t\r") : NULL;
	AUTO_FREE char *why = NULL;
	size_t crash;

	if (label == NULL || *label == '\0' || *name == '#')
		return 0;
	crash = find_crash(l->buckets->crashes, name);
	if (crash == CRASH_NONE) {
		l->absent++;
		return 0;
	}
	if (l->of_crash[crash] != NULL) {
		if (strcmp(l->of_crash[crash], label) == 0)
			return 0;
		why = format("%s has two labels, %s and %s; next: keep one", name,
			l->of_crash[crash], label);
		*ret_why = escape_plain(why);
		return -EEXIST;
	}
	l->of_crash[crash] = label;
	l->crashes = list_grow(l->crashes, l->count, sizeof(*l->crashes));
	l->labels = list_grow(l->labels, l->count, sizeof(*l->labels));
	l->crashes[l->count] = crash;
	l->labels[l->count++] = label;
	return 0;
}

static int read_labels(const char *path, struct labelled *ret, char **ret_why)
{
	uint8_t *bytes = NULL;
	size_t size;
	int error = file_read(path, LABELS_MAX, &bytes, &size);
	char *rest = (char *)bytes;

	if (error != 0)
		return error;
	ret->text = (char *)bytes;
	ret->of_crash = allocate(ret->buckets->crashes->count + 1, sizeof(*ret->of_crash));
	for (char *line = strsep(&rest, "\n"); line != NULL && error == 0;
		line = strsep(&rest, "\n"))
		error = add_line(ret, line, ret_why);
	if (error != 0)
		return error;
	ret->of = score_numbers(ret->labels, ret->count);
	ret->unlabelled = ret->buckets->crashes->count - ret->count;
	return 0;
}

/* ---- groupings ------------------------------------------------------------------------------- */

static const struct crash_report *report_of(const struct labelled *l, size_t i)
{
	const struct crashes *crashes = l->buckets->crashes;
	size_t report = crashes->list[l->crashes[i]].report;

	return report != CRASH_NONE ? crashes->reports[report] : NULL;
}

/* Names the cluster of @report; NULL: it is alone. */
typedef char *cluster_of(const struct crash_buckets *, size_t report, const struct key *);

static char *bucket_of(const struct crash_buckets *buckets, size_t report, const struct key *key)
{
	return key->untold == KEY_TOLD ? format("%zu", buckets->groups.of[report]) : NULL;
}

static char *family_of(const struct crash_buckets *buckets, size_t report, const struct key *key)
{
	return key->untold == KEY_TOLD ?
		format("%zu", buckets->groups.family[buckets->groups.of[report]]) :
		NULL;
}

static char *top(const struct key *key, size_t frames)
{
	char *text = format("-");

	for (size_t f = 0; f < frames && f < key->count; f++) {
		char *longer = format("%s|%s", text, key->frames[f].name);

		free(text);
		text = longer;
	}
	return text;
}

static char *top_1(const struct crash_buckets *buckets, size_t report, const struct key *key)
{
	(void)buckets;
	(void)report;
	return top(key, 1);
}

static char *top_3(const struct crash_buckets *buckets, size_t report, const struct key *key)
{
	(void)buckets;
	(void)report;
	return top(key, 3);
}

static char *top_5(const struct crash_buckets *buckets, size_t report, const struct key *key)
{
	(void)buckets;
	(void)report;
	return top(key, 5);
}

static char *top_line(const struct crash_buckets *buckets, size_t report, const struct key *key)
{
	(void)buckets;
	(void)report;
	return key->count == 0 ? format("-") :
				 format("%s %s", key->frames[0].name,
					 key->frames[0].place != NULL ? key->frames[0].place : "-");
}

static size_t *clusters(const struct labelled *l, cluster_of *cluster)
{
	char **names = allocate(l->count + 1, sizeof(*names));
	size_t *numbers;

	for (size_t i = 0; i < l->count; i++) {
		size_t report = l->buckets->crashes->list[l->crashes[i]].report;

		names[i] = report_of(l, i) != NULL ?
			cluster(l->buckets, report, &report_of(l, i)->key) :
			NULL;
	}
	numbers = score_numbers(names, l->count);
	for (size_t i = 0; i < l->count; i++)
		free(names[i]);
	free(names);
	return numbers;
}

static void add_score(
	struct table *table, const struct labelled *l, const char *name, cluster_of *cluster)
{
	size_t *numbers = clusters(l, cluster);
	struct score score;

	score_make(l->of, numbers, l->count, &score);
	table_row(table);
	table_text(table, name);
	table_cell(table, "%zu", score.clusters);
	table_cell(table, "%.4f", score.precision);
	table_cell(table, "%.4f", score.recall);
	table_cell(table, "%.4f", score.bcubed_precision);
	table_cell(table, "%.4f", score.bcubed_recall);
	table_cell(table, "%.4f", score.bcubed_f1);
	free(numbers);
}

/* ---- the worst ------------------------------------------------------------------------------- */

/* A cluster of several labels, or a label of several clusters, and two of its crashes that differ most. */
struct fault {
	double pairs;
	size_t a, b; /* items */
	size_t kinds, items;
};

static int compare_faults(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->pairs != y->pairs)
		return x->pairs > y->pairs ? -1 : 1;
	return (x->a > y->a) - (x->a < y->a);
}

struct order {
	const size_t *major, *minor;
};

static int compare_items(const void *a, const void *b, void *arg)
{
	const struct order *order = arg;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;

	if (order->major[i] != order->major[j])
		return order->major[i] < order->major[j] ? -1 : 1;
	if (order->minor[i] != order->minor[j])
		return order->minor[i] < order->minor[j] ? -1 : 1;
	return (i > j) - (i < j);
}

/* Of the items @list, of one major and sorted by their minors: the pairs of two minors. */
static struct fault fault_of(const size_t *list, size_t count, const size_t *minor)
{
	struct fault fault = { .items = count, .a = list[0], .b = list[0] };
	size_t largest = 0, second = 0;
	double same = 0;

	for (size_t first = 0, end; first < count; first = end) {
		for (end = first; end < count && minor[list[end]] == minor[list[first]];)
			end++;
		same += (double)(end - first) * (double)(end - first);
		fault.kinds++;
		if (end - first > largest) {
			second = largest;
			fault.b = largest > 0 ? fault.a : list[first];
			largest = end - first;
			fault.a = list[first];
		} else if (end - first > second) {
			second = end - first;
			fault.b = list[first];
		}
	}
	fault.pairs = ((double)count * (double)count - same) / 2;
	return fault;
}

static size_t find_faults(
	const struct labelled *l, const size_t *major, const size_t *minor, struct fault *ret)
{
	size_t *list = allocate(l->count + 1, sizeof(*list)), count = 0;
	struct order order = { major, minor };

	for (size_t i = 0; i < l->count; i++)
		list[i] = i;
	qsort_r(list, l->count, sizeof(*list), compare_items, &order);
	for (size_t first = 0, end; first < l->count; first = end) {
		struct fault fault;

		for (end = first; end < l->count && major[list[end]] == major[list[first]];)
			end++;
		fault = fault_of(list + first, end - first, minor);
		if (fault.kinds > 1)
			ret[count++] = fault;
	}
	free(list);
	qsort(ret, count, sizeof(*ret), compare_faults);
	return count;
}

static void print_item(const struct labelled *l, size_t i, FILE *out)
{
	const struct crash_report *report = report_of(l, i);

	fputs("    ", out);
	escape_print(out, l->labels[i]);
	fputs("  ", out);
	escape_print(out, l->buckets->crashes->list[l->crashes[i]].path);
	fputs("  ", out);
	escape_print(out, report != NULL ? report->key.text : "no report");
	fputc('\n', out);
}

static const char *words_of(const struct labelled *l, const struct fault *fault, bool merged)
{
	const struct crash_report *a = report_of(l, fault->a), *b = report_of(l, fault->b);
	enum group_join join;

	if (a == NULL || b == NULL)
		return "one has no report";
	join = relation_of_bucket(&a->key, &b->key);
	if (merged)
		return a == b             ? "they died alike, frame by frame" :
			join != GROUP_NOT ? relation_words(join) :
					    "through other crashes";
	join = relation_of_family(&a->key, &b->key);
	return join != GROUP_NOT ? relation_words(join) : relation_difference(&a->key, &b->key);
}

static void print_faults(
	const struct labelled *l, const size_t *bucket_of_each, bool merged, FILE *out)
{
	struct fault *faults = allocate(l->count + 1, sizeof(*faults));
	size_t count = find_faults(
		l, merged ? bucket_of_each : l->of, merged ? l->of : bucket_of_each, faults);

	fprintf(out, "\n%s: %zu%s\n",
		merged ? "buckets of several labels" : "labels in several buckets", count,
		count > WORST ? ", the worst ten" : "");
	for (size_t i = 0; i < count && i < WORST; i++) {
		const struct fault *fault = &faults[i];

		fprintf(out, "  %.0f pairs: %zu files of %zu %s; %s%s\n", fault->pairs,
			fault->items, fault->kinds, merged ? "labels" : "buckets",
			merged ? "together because: " : "apart, though or because: ",
			words_of(l, fault, merged));
		print_item(l, fault->a, out);
		print_item(l, fault->b, out);
	}
	free(faults);
}

int crash_buckets_score(
	const struct crash_buckets *buckets, const char *path, FILE *out, char **ret_why)
{
	static const struct {
		const char *name;
		cluster_of *cluster;
	} rows[] = { { "buckets", bucket_of }, { "families", family_of }, { "top function", top_1 },
		{ "top 3 functions", top_3 }, { "top 5 functions", top_5 },
		{ "function, file and line", top_line } };
	static const char *const heads[] = { "<grouped by", "clusters", "pairs: p", "r",
		"BCubed: p", "r", "F1", NULL };
	struct table *table = table_new(heads);
	struct labelled l = { .buckets = buckets };
	int error = read_labels(path, &l, ret_why);
	size_t *bucket_of_each;

	if (error == 0 && l.count == 0)
		error = -ENODATA;
	if (error == 0) {
		fprintf(out,
			"labelled crashes: %zu; labels without a crash here: %zu; crashes without a "
			"label: %zu\n",
			l.count, l.absent, l.unlabelled);
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
			add_score(table, &l, rows[i].name, rows[i].cluster);
		table_write(table, TABLE_TEXT, 2, out);
		bucket_of_each = clusters(&l, bucket_of);
		print_faults(&l, bucket_of_each, true, out);
		print_faults(&l, bucket_of_each, false, out);
		free(bucket_of_each);
	}
	table_free(table);
	free(l.text);
	free(l.crashes);
	free(l.labels);
	free(l.of_crash);
	free(l.of);
	return error;
}
