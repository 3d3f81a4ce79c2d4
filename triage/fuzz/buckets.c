/* SPDX-License-Identifier: Apache-2.0
 * Grouping of a campaign's crashes. */
#include "buckets.h"

#include "audit/bucket.h"
#include "audit/fault_lines.h"
#include "audit/kept.h"
#include "base/json_file.h"
#include "base/util.h"
#include "exec/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- grouping -------------------------------------------------------------------------------- */

static int compare_indices(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;

	return (i > j) - (i < j);
}

static int compare_plans(const void *a, const void *b, void *audits)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct audit *list = audits;
	bool right = list[i].verdict == VERDICT_RIGHT;

	if (right != (list[j].verdict == VERDICT_RIGHT))
		return right ? -1 : 1;
	if (plan_is_plainer(&list[i].plan, &list[j].plan))
		return -1;
	return plan_is_plainer(&list[j].plan, &list[i].plan) ? 1 : compare_indices(a, b);
}

/* The reproducer is the smallest file: all plans have one size, so it is the simplest of those whose
 * report is right. Its kind names the bucket, which so has the same name in each campaign. */
static void rank(struct crashes *crashes, const struct audit *audits)
{
	AUTO_FREE size_t *order = calloc(crashes->count + 1, sizeof(*order));

	if (order == NULL)
		abort();
	for (size_t i = 0; i < crashes->count; i++)
		order[i] = i;
	qsort_r(order, crashes->count, sizeof(*order), compare_plans, (void *)(uintptr_t)audits);
	for (size_t i = 0; i < crashes->count; i++)
		crashes->list[order[i]].size = i;
}

/* Each report is one of its own, and stays the audit's. */
static void list_audits(struct crashes *crashes, const struct audit *audits, size_t count)
{
	*crashes = (struct crashes){ .count = count,
		.list = calloc(count + 1, sizeof(*crashes->list)) };
	if (crashes->list == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		struct crash_report report = { .reports = audits[i].reports,
			.main = key_report(audits[i].reports),
			.signature = i };

		crashes->list[i] = (struct crash){
			.path = "", .state = CRASH_DONE, .runs = 1, .report = CRASH_NONE
		};
		if (audits[i].seen.tool == TOOL_NONE)
			continue;
		crashes->list[i].crashed = 1;
		crashes->list[i].report = crashes_add_report(crashes, &report);
	}
	rank(crashes, audits);
}

/* As part of a file name: letters, digits and dashes. */
static char *name_of(const struct detector *detector, const struct audit *audit, const char *key)
{
	char kind[KIND_MAX];
	size_t n = 0;

	for (const char *at = audit->seen.kind; *at != '\0'; at++)
		kind[n++] = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
				(*at >= '0' && *at <= '9') ?
			*at :
			'-';
	kind[n] = '\0';
	return format("%s-%s-%s", detector->slug, kind, key);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct bucket *)a)->name, ((const struct bucket *)b)->name);
}

void buckets_make(const struct detector *detector, const struct audit *audits, size_t count,
	struct buckets *ret)
{
	static const struct program nobody; /* is run: all reports are there */

	*ret = (struct buckets){ .all = { .target = &nobody, .complete = true } };
	list_audits(&ret->crashes, audits, count);
	crash_buckets_group(&ret->all, NULL, &ret->crashes);
	ret->list = calloc(ret->all.count + 1, sizeof(*ret->list));
	if (ret->list == NULL)
		abort();
	for (size_t i = 0; i < ret->all.count; i++) {
		const struct crash_bucket *of = &ret->all.list[i];
		const struct audit *audit = &audits[of->members[0]];
		const char *key = ret->crashes.reports[of->report]->key.hex;

		qsort(of->members, of->count, sizeof(*of->members), compare_indices);
		ret->list[i] = (struct bucket){ of, key, name_of(detector, audit, key), audit };
	}
	qsort(ret->list, ret->all.count, sizeof(*ret->list), compare_names);
}

void buckets_free(struct buckets *buckets)
{
	for (size_t i = 0; i < buckets->all.count; i++)
		free(buckets->list[i].name);
	free(buckets->list);
	crash_buckets_free(&buckets->all);
	for (size_t i = 0; i < buckets->crashes.report_count; i++)
		buckets->crashes.reports[i]->reports = NULL;
	crashes_free(&buckets->crashes);
}

/* ---- keeping --------------------------------------------------------------------------------- */

/* Is what is kept in @directory of another FAULT line than @audit's? Lines that were edited away are of
 * none: then it is the same bug, which has moved. */
static bool is_another(const char *directory, const struct audit *audit)
{
	AUTO_JSON json_t *kept = json_file_in(directory, "bucket.json", NULL);
	const char *fault = json_string_value(json_object_get(kept, "fault"));
	const char *colon = fault != NULL ? strrchr(fault, ':') : NULL;
	AUTO_FREE char *file = colon != NULL ? format("%.*s", (int)(colon - fault), fault) : NULL;

	return file != NULL && audit->fault != NULL && strcmp(fault, audit->fault) != 0 &&
		fault_class_at(file, (unsigned)strtoul(colon + 1, NULL, 10)) >= 0;
}

int bucket_keep(const char *crashes, struct bucket *bucket, const struct detector *detector,
	const char *toolchain)
{
	const struct audit *audit = bucket->audit;
	AUTO_FREE char *plain = format("%s", bucket->name);
	AUTO_FREE char *text = bucket_text(audit);
	AUTO_JSON json_t *more = json_pack("{so}", "frames", bucket_frames(audit));
	struct kept kept = { crashes, plain, detector, audit, bucket->key, bucket_access(audit),
		audit->fault, toolchain, text, NULL, more };

	for (int n = 2;; n++) {
		AUTO_FREE char *directory = kept_directory(&kept);

		if (access(directory, F_OK) != 0 || !is_another(directory, audit))
			return kept_write(&kept);
		free(bucket->name);
		bucket->name = format("%s-%d", plain, n);
		kept.name = bucket->name;
	}
}
