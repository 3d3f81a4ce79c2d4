/* SPDX-License-Identifier: Apache-2.0
 * Judges and buckets kept reproducers again, after the keys have changed. */
#include "rekey.h"

#include "audit/kept.h"
#include "base/json_file.h"
#include "base/util.h"
#include "fuzz/blindspots.h"
#include "fuzz/buckets.h"
#include "runs/toolchain.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What was kept, sorted by class, idiom and detector: what belongs to one cell stands side by side. */
struct reproducer {
	char *directory, *input, *toolchain;
	int class, idiom, detector;
	bool is_blind_spot; /* named by what was missed, not by a key */
};

struct list {
	size_t count;
	struct reproducer *kept;
	bool is_old;     /* a key is of another version */
	const char *new; /* where the new ones are made */
	char **ret_error;
};

static int read_kept(const char *path, struct list *list)
{
	AUTO_FREE char *why = NULL;
	int error;
	AUTO_JSON json_t *json = json_file_read(path, KEPT_SCHEMA, &error, &why);
	struct reproducer kept;

	if (json == NULL) {
		*list->ret_error = format("%s: %s", path, why);
		return error < 0 ? error : -EIO;
	}
	kept = (struct reproducer){ .class = plan_class_find(json_file_text(json, "class")),
		.idiom = plan_idiom_find(json_file_text(json, "idiom")),
		.detector = detector_find(json_file_text(json, "detector")) };
	if (kept.class < 0 || kept.idiom < 0 || kept.detector < 0) {
		*list->ret_error = format(
			"%s: its class, idiom or detector is unknown to this version", path);
		return -EINVAL;
	}
	kept.directory = format("%.*s", (int)(strrchr(path, '/') - path), path);
	kept.input = format("%s/input", kept.directory);
	kept.is_blind_spot = strstr(kept.input, "/" BLIND_PREFIX) != NULL;
	kept.toolchain = format("%s", json_file_text(json, "toolchain"));
	list->kept[list->count++] = kept;
	if (json_file_number(json, "key_version") != KEY_VERSION)
		list->is_old = true;
	return 0;
}

static int read_list(const char *crashes, struct list *list)
{
	AUTO_FREE char *pattern = format("%s/*/*/bucket.json", crashes);
	glob_t found;
	int error = 0;

	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	list->kept = allocate(found.gl_pathc + 1, sizeof(*list->kept));
	for (size_t i = 0; i < found.gl_pathc && error == 0; i++)
		error = read_kept(found.gl_pathv[i], list);
	globfree(&found);
	return error;
}

static void free_list(struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->kept[i].directory);
		free(list->kept[i].input);
		free(list->kept[i].toolchain);
	}
	free(list->kept);
}

static int compare_kept(const void *a, const void *b)
{
	const struct reproducer *x = a, *y = b;
	int order = x->class - y->class;

	order = order != 0 ? order : x->idiom - y->idiom;
	order = order != 0 ? order : x->detector - y->detector;
	order = order != 0 ? order : x->is_blind_spot - y->is_blind_spot;
	return order != 0 ? order : strcmp(x->input, y->input);
}

static bool is_same_cell(const struct reproducer *a, const struct reproducer *b)
{
	return a->class == b->class && a->idiom == b->idiom && a->detector == b->detector &&
		a->is_blind_spot == b->is_blind_spot;
}

static int keep_blind_spots(
	struct list *list, const struct reproducer *cell, const struct audit *audits, size_t count)
{
	bool failed;

	json_decref(blindspots_keep(
		list->new, &detectors[cell->detector], audits, count, cell->toolchain, &failed));
	if (failed)
		*list->ret_error = format("%s: a blind spot was not kept", cell->input);
	return failed ? -EIO : 0;
}

static int keep_buckets(
	struct list *list, const struct reproducer *cell, const struct audit *audits, size_t count)
{
	const struct detector *detector = &detectors[cell->detector];
	struct buckets buckets;
	int error = 0;

	buckets_make(detector, audits, count, &buckets);
	for (size_t i = 0; i < buckets.all.count && error >= 0; i++) {
		struct bucket *bucket = &buckets.list[i];

		error = bucket_keep(
			list->new, bucket, detector, cell[bucket->audit - audits].toolchain);
		if (error < 0)
			*list->ret_error = format("%s: %s", bucket->name, strerror(-error));
	}
	buckets_free(&buckets);
	return error < 0 ? error : 0;
}

static int rekey_cell(struct list *list, const struct reproducer *cell, size_t count)
{
	AUTO_FREE char *program = toolchain_program("replay", (enum detector_id)cell->detector);
	struct audit_runner runner = { &detectors[cell->detector], program, false };
	struct audit *audits = allocate(count, sizeof(*audits));
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = audit_run(&runner, cell[i].input, PLAN_FREE, &audits[i]);
	if (error == 0)
		error = audit_symbolize(&runner, audits, count);
	if (error != 0)
		*list->ret_error = format("%s: %s", program, strerror(-error));
	else
		error = cell->is_blind_spot ? keep_blind_spots(list, cell, audits, count) :
					      keep_buckets(list, cell, audits, count);
	for (size_t i = 0; i < count; i++)
		audit_free(&audits[i]);
	free(audits);
	return error;
}

static int rekey_all(struct list *list)
{
	int error = 0;

	qsort(list->kept, list->count, sizeof(*list->kept), compare_kept);
	for (size_t first = 0, end; first < list->count && error == 0; first = end) {
		end = first + 1;
		while (end < list->count && is_same_cell(&list->kept[first], &list->kept[end]))
			end++;
		error = rekey_cell(list, &list->kept[first], end - first);
	}
	return error;
}

/* All new ones are there: the old ones make room. What else stands under @crashes stays. */
static int replace_kept(const struct list *list, const char *crashes, size_t *ret_after)
{
	AUTO_FREE char *pattern = format("%s/*/*", list->new);
	glob_t found;
	int error = 0;

	for (size_t i = 0; i < list->count; i++)
		file_remove_tree(list->kept[i].directory);
	*ret_after = 0;
	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc && error == 0; i++) {
		AUTO_FREE char *to = format("%s%s", crashes, found.gl_pathv[i] + strlen(list->new));
		AUTO_FREE char *parent = format("%.*s", (int)(strrchr(to, '/') - to), to);

		error = file_make_directories(parent);
		if (error == 0 && rename(found.gl_pathv[i], to) != 0)
			error = -errno;
		*ret_after += error == 0;
	}
	globfree(&found);
	return error;
}

int gate_rekey(const char *crashes, size_t *ret_before, size_t *ret_after, char **ret_error)
{
	AUTO_FREE char *new = format("%s/.rekeyed-%d", crashes, (int)getpid());
	struct list list = { .new = new, .ret_error = ret_error };
	int error = read_list(crashes, &list);

	*ret_before = *ret_after = 0;
	if (!list.is_old) { /* what cannot be read is gate_record's to say */
		free(*ret_error);
		*ret_error = NULL;
		error = 0;
		goto out;
	}
	if (error == 0)
		error = rekey_all(&list);
	if (error == 0) {
		*ret_before = list.count;
		error = replace_kept(&list, crashes, ret_after);
		if (error != 0)
			*ret_error = format("%s: %s; next: git checkout %s", crashes,
				strerror(-error), crashes);
	}
	file_remove_tree(new);
out:
	free_list(&list);
	return error;
}
