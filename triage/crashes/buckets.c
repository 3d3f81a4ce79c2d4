/* SPDX-License-Identifier: Apache-2.0
 * Makes buckets from crashes. */
#include "buckets.h"

#include "base/util.h"
#include "dedup/symbols.h"
#include "hang.h"
#include "parse/refine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- symbols and keys ------------------------------------------------------------------------ */

/* Files below the directory we are in are named from here: for readers, and for what SARIF calls the root of
 * the sources. */
static void shorten(const struct report *report, const char *here)
{
	size_t size = strlen(here);

	for (size_t s = 0; s < report->stack_count; s++)
		for (size_t i = 0; i < report->stacks[s].frame_count; i++) {
			struct report_frame *frame = &report->stacks[s].frames[i];

			if (frame->file != NULL && strncmp(frame->file, here, size) == 0 &&
				frame->file[size] == '/')
				frame->file += size + 1;
		}
}

/* What functions tell beyond the words. */
static void refine(struct crash_report *report)
{
	for (size_t i = 0; i < report->reports->count; i++)
		parse_refine(&report->reports->list[i]);
	if (report->main == &report->made)
		parse_refine(&report->made);
}

/* Those that the runs of all crashes had, as texts say them. */
static struct report **list_reports(const struct crashes *crashes, size_t *ret_count)
{
	struct report **list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < crashes->report_count; i++)
		for (size_t a = 0; a <= crashes->reports[i]->again_count; a++) {
			const struct crash_report *of = crashes->reports[i];
			struct reports *reports = a == 0 ? of->reports : of->again[a - 1].reports;

			list = reallocarray(list, count + reports->count + 1, sizeof(*list));
			if (list == NULL)
				abort();
			for (size_t r = 0; r < reports->count; r++)
				list[count++] = &reports->list[r];
		}
	*ret_count = count;
	return list;
}

static void symbolize(struct crash_buckets *buckets, struct crashes *crashes)
{
	AUTO_FREE char *here = realpath(".", NULL);
	struct symbols *symbols = symbols_open();
	size_t count;
	struct report **list = list_reports(crashes, &count);
	int error;

	for (size_t i = 0; i < count; i++)
		symbols_want(symbols, list[i]);
	error = symbols_resolve(symbols);
	for (size_t i = 0; i < count; i++) {
		symbols_fill(symbols, list[i]);
		if (here != NULL)
			shorten(list[i], here);
	}
	free(list);
	for (size_t i = 0; i < crashes->report_count; i++)
		refine(crashes->reports[i]);
	if (error == -ENOENT)
		buckets->symbols_error = format("no llvm-symbolizer in PATH; next: install llvm");
	else if (error != 0)
		buckets->symbols_error = format("llvm-symbolizer: %s", strerror(-error));
	symbols_release(symbols);
}

static void make_keys(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes)
{
	struct key *keys = allocate(crashes->report_count + 1, sizeof(*keys));

	for (size_t i = 0; i < crashes->report_count; i++) {
		hang_reduce(crashes->reports[i], ignore);
		key_make(crashes->reports[i]->main, ignore, &crashes->reports[i]->key);
		keys[i] = crashes->reports[i]->key;
	}
	group_make(keys, crashes->report_count, &buckets->groups);
	free(keys);
}

/* ---- buckets --------------------------------------------------------------------------------- */

/* A signal alone says less than a sanitizer that saw the access coming. */
static bool is_signal(const struct report *report)
{
	return report->tool == REPORT_SIGNAL ||
		(report->kind != NULL && strcmp(report->kind, "SEGV") == 0);
}

static int compare_members(const void *a, const void *b, void *crashes)
{
	const struct crash *list = ((const struct crashes *)crashes)->list;
	struct crash_report *const *reports = ((const struct crashes *)crashes)->reports;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	bool weak_i = list[i].crashed < list[i].runs, weak_j = list[j].crashed < list[j].runs;

	/* what dies in every run is a better reproducer, whatever its size */
	if (weak_i != weak_j)
		return weak_i - weak_j;
	if (list[i].size != list[j].size)
		return list[i].size < list[j].size ? -1 : 1;
	weak_i = is_signal(reports[list[i].report]->main);
	weak_j = is_signal(reports[list[j].report]->main);
	if (weak_i != weak_j)
		return weak_i - weak_j;
	return strcmp(list[i].path, list[j].path);
}

static void count_lists(struct crash_buckets *buckets)
{
	const struct crashes *crashes = buckets->crashes;

	for (size_t i = 0; i < crashes->report_count; i++)
		buckets->list[buckets->groups.of[i]].report_count++;
	for (size_t i = 0; i < crashes->count; i++)
		if (crashes->list[i].report != CRASH_NONE)
			buckets->list[buckets->groups.of[crashes->list[i].report]].count++;
	for (size_t i = 0; i < buckets->count; i++) {
		struct crash_bucket *bucket = &buckets->list[i];

		bucket->reports = allocate(bucket->report_count + 1, sizeof(*bucket->reports));
		bucket->members = allocate(bucket->count + 1, sizeof(*bucket->members));
		bucket->report_count = bucket->count = 0;
	}
}

static void fill_lists(struct crash_buckets *buckets)
{
	const struct crashes *crashes = buckets->crashes;

	for (size_t i = 0; i < crashes->report_count; i++) {
		struct crash_bucket *bucket = &buckets->list[buckets->groups.of[i]];

		bucket->reports[bucket->report_count++] = i;
	}
	for (size_t i = 0; i < crashes->count; i++) {
		struct crash_bucket *bucket;

		if (crashes->list[i].report == CRASH_NONE)
			continue;
		bucket = &buckets->list[buckets->groups.of[crashes->list[i].report]];
		bucket->members[bucket->count++] = i;
	}
}

static const struct severity_rule *rule_of(const struct crash_buckets *buckets, size_t report)
{
	const struct report *main = buckets->crashes->reports[report]->main;
	const struct severity_rule *lost = buckets->target->sanitized ? severity_lost(main) : NULL;

	return lost != NULL ? lost : severity_of(main);
}

static void rate(struct crash_buckets *buckets, struct crash_bucket *bucket)
{
	const struct crashes *crashes = buckets->crashes;

	qsort_r(bucket->members, bucket->count, sizeof(*bucket->members), compare_members,
		(void *)(uintptr_t)crashes);
	bucket->report = crashes->list[bucket->members[0]].report;
	bucket->severity = rule_of(buckets, bucket->report);
	for (size_t i = 0; i < bucket->report_count; i++) {
		const struct severity_rule *rule = rule_of(buckets, bucket->reports[i]);

		if (severity_compare(rule, bucket->severity) < 0)
			bucket->severity = rule;
	}
	bucket->untold = crashes->reports[bucket->report]->key.untold;
	snprintf(bucket->id, sizeof(bucket->id), "%s", crashes->reports[bucket->report]->key.hex);
}

static const struct key *key_of(
	const struct crash_buckets *buckets, const struct crash_bucket *bucket)
{
	return &buckets->crashes->reports[bucket->report]->key;
}

static int compare_findings(const void *a, const void *b, void *buckets)
{
	const struct crash_bucket *x = a, *y = b;
	const char *at_x = key_place(key_of(buckets, x)), *at_y = key_place(key_of(buckets, y));
	int order = severity_compare(x->severity, y->severity);

	if (order != 0)
		return order;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = strcmp(x->id, y->id);
	return order != 0 ? order : strcmp(at_x != NULL ? at_x : "", at_y != NULL ? at_y : "");
}

static int compare_places(const void *a, const void *b, void *buckets)
{
	const struct crash_bucket *const *x = a, *const *y = b;
	const char *at_x = key_place(key_of(buckets, *x)), *at_y = key_place(key_of(buckets, *y));
	int order = strcmp((*x)->id, (*y)->id);

	return order != 0 ? order : strverscmp(at_x != NULL ? at_x : "", at_y != NULL ? at_y : "");
}

/* ---- families -------------------------------------------------------------------------------- */

static size_t family_of(const struct crash_buckets *buckets, size_t i)
{
	return buckets->groups.family[buckets->groups.of[buckets->list[i].report]];
}

/* Buckets of one family side by side, where the first of them stands; families of several are numbered. */
static void order_by_family(struct crash_buckets *buckets)
{
	struct crash_bucket *ordered = allocate(buckets->count + 1, sizeof(*ordered));
	bool *taken = allocate(buckets->count + 1, sizeof(*taken));
	size_t used = 0, families = 0;

	for (size_t i = 0; i < buckets->count; i++) {
		size_t first = used;

		for (size_t j = i; j < buckets->count; j++) {
			if (taken[j] || family_of(buckets, j) != family_of(buckets, i))
				continue;
			taken[j] = true;
			ordered[used++] = buckets->list[j];
		}
		families += used - first > 1;
		for (size_t j = first; used - first > 1 && j < used; j++)
			ordered[j].family = families;
	}
	free(buckets->list);
	free(taken);
	buckets->list = ordered;
	buckets->family_count = families;
}

/* One key at several places: numbered in the order of the lines. */
static void number_families(struct crash_buckets *buckets)
{
	struct crash_bucket **order = allocate(buckets->count + 1, sizeof(*order));
	unsigned same = 1;

	for (size_t i = 0; i < buckets->count; i++)
		order[i] = &buckets->list[i];
	qsort_r(order, buckets->count, sizeof(*order), compare_places, buckets);
	for (size_t i = 1; i < buckets->count; i++) {
		bool again = strncmp(order[i]->id, order[i - 1]->id, KEY_DIGITS) == 0;

		same = again ? same + 1 : 1;
		if (again)
			snprintf(order[i]->id + KEY_DIGITS, sizeof(order[i]->id) - KEY_DIGITS,
				"-%u", same);
	}
	free(order);
}

static void count_states(struct crash_buckets *buckets)
{
	for (size_t i = 0; i < buckets->count; i++)
		buckets->heaps += buckets->list[i].untold != KEY_TOLD;
	for (size_t i = 0; i < buckets->crashes->count; i++) {
		const struct crash *crash = &buckets->crashes->list[i];

		buckets->states[crash->state]++;
		if (crash->state != CRASH_DONE)
			continue;
		buckets->reused += crash->reused;
		if (crash->report != CRASH_NONE &&
			crash_is_limit(buckets->crashes->reports[crash->report])) {
			buckets->limited++;
			continue;
		}
		buckets->steady += crash->crashed == crash->runs;
		buckets->quiet += crash->crashed == 0;
		buckets->unknown += crash->unknown;
		buckets->flaky += crash->crashed > 0 && crash->crashed < crash->runs;
	}
}

/* A report without a crash comes from a journal that knew other inputs: its group is nobody's. */
static void drop_empty(struct crash_buckets *buckets)
{
	size_t kept = 0;

	for (size_t i = 0; i < buckets->count; i++) {
		if (buckets->list[i].count > 0) {
			buckets->list[kept++] = buckets->list[i];
			continue;
		}
		free(buckets->list[i].reports);
		free(buckets->list[i].members);
	}
	buckets->count = kept;
}

void crash_buckets_make(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes)
{
	symbolize(buckets, crashes);
	crash_buckets_group(buckets, ignore, crashes);
}

void crash_buckets_group(
	struct crash_buckets *buckets, const struct ignore *ignore, struct crashes *crashes)
{
	buckets->crashes = crashes;
	make_keys(buckets, ignore, crashes);
	buckets->count = buckets->groups.count;
	buckets->list = allocate(buckets->count + 1, sizeof(*buckets->list));
	count_lists(buckets);
	fill_lists(buckets);
	drop_empty(buckets);
	for (size_t i = 0; i < buckets->count; i++)
		rate(buckets, &buckets->list[i]);
	qsort_r(buckets->list, buckets->count, sizeof(*buckets->list), compare_findings, buckets);
	order_by_family(buckets);
	number_families(buckets);
	count_states(buckets);
}

void crash_buckets_free(struct crash_buckets *buckets)
{
	for (size_t i = 0; i < buckets->count; i++) {
		free(buckets->list[i].reports);
		free(buckets->list[i].members);
	}
	free(buckets->list);
	free(buckets->symbols_error);
	group_free(&buckets->groups);
}
