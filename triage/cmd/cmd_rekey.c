/* SPDX-License-Identifier: Apache-2.0
 * The subcommand rekey: kept reproducers judged and bucketed again, for when keys have changed. */
#include "audit/bucket.h"
#include "base/complain.h"
#include "base/document.h"
#include "base/file.h"
#include "cmd.h"
#include "fuzz/finds.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "triage rekey"

static const char usage[] =
	"Usage: triage rekey OLD NEW\n"
	"Replay the reproducers kept under OLD (crashes/), group them by the key of this version and keep one\n"
	"of each bucket under NEW, which must not be there yet. OLD is left alone.\n"
	"\n"
	"Exit codes: 0 fine, 1 internal error, 64 usage.\n";

/* What was kept, sorted by class, idiom and detector: a cell's worth stands side by side. */
struct kept {
	char *input, *toolchain;
	int class, idiom, detector;
	bool is_blind_spot; /* named by what was missed, not by a key */
};

struct list {
	size_t count;
	struct kept *kept;
};

static int read_kept(const char *path, struct list *list)
{
	AUTO_FREE char *why = NULL;
	int error;
	AUTO_JSON json_t *json = document_read(path, "fencepost/bucket/1", &error, &why);
	struct kept kept;

	if (json == NULL)
		return complain(WHO, 1, "%s: %s", path, why);
	kept = (struct kept){ .class = plan_class_find(document_text(json, "class")),
		.idiom = plan_idiom_find(document_text(json, "idiom")),
		.detector = detector_find(document_text(json, "detector")) };
	if (kept.class < 0 || kept.idiom < 0 || kept.detector < 0)
		return complain(
			WHO, 1, "%s: its class, idiom or detector is none of this version", path);
	kept.input = format("%.*s/input", (int)(strrchr(path, '/') - path), path);
	kept.is_blind_spot = strstr(kept.input, "/" BLIND_PREFIX) != NULL;
	kept.toolchain = format("%s", document_text(json, "toolchain"));
	list->kept[list->count++] = kept;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	int order = x->class - y->class;

	order = order != 0 ? order : x->idiom - y->idiom;
	order = order != 0 ? order : x->detector - y->detector;
	order = order != 0 ? order : x->is_blind_spot - y->is_blind_spot;
	return order != 0 ? order : strcmp(x->input, y->input);
}

static bool is_same_cell(const struct kept *a, const struct kept *b)
{
	return a->class == b->class && a->idiom == b->idiom && a->detector == b->detector &&
		a->is_blind_spot == b->is_blind_spot;
}

static int keep_blind_spots(
	const char *new, const struct kept *cell, const struct audit *audits, size_t count)
{
	bool failed;
	json_t *finds = finds_keep(
		new, &detectors[cell->detector], audits, count, cell->toolchain, &failed);

	printf("%s: %zu blind spots, %zu kept before\n", plan_classes[cell->class].slug,
		json_array_size(finds), count);
	json_decref(finds);
	return failed;
}

static int keep_all(
	const char *new, const struct kept *cell, const struct audit *audits, size_t count)
{
	const struct detector *detector = &detectors[cell->detector];
	struct buckets buckets;
	int code = 0;

	buckets_make(detector, audits, count, &buckets);
	for (size_t i = 0; i < buckets.count; i++) {
		struct bucket *bucket = &buckets.list[i];
		int error = bucket_keep(new, bucket, detector, &audits[bucket->first],
			cell[bucket->first].toolchain);

		if (error < 0)
			code = complain(WHO, 1, "%s: %s", bucket->name, strerror(-error));
		else if (error == 0)
			printf("%s/%s: %zu kept before\n", plan_classes[cell->class].slug,
				bucket->name, bucket->count);
	}
	buckets_free(&buckets);
	return code;
}

static int rekey_cell(const char *new, const struct kept *cell, size_t count)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detectors[cell->detector].slug);
	struct audit_runner runner = { &detectors[cell->detector], program, false };
	struct audit *audits = calloc(count, sizeof(*audits));
	int error = 0, code = 0;

	if (audits == NULL)
		abort();
	for (size_t i = 0; i < count && error == 0; i++)
		error = audit_run(&runner, cell[i].input, PLAN_FREE, &audits[i]);
	if (error == 0)
		error = audit_symbolize(&runner, audits, count);
	code = error != 0           ? complain(WHO, 1, "%s: %s", program, strerror(-error)) :
		cell->is_blind_spot ? keep_blind_spots(new, cell, audits, count) :
				      keep_all(new, cell, audits, count);
	for (size_t i = 0; i < count; i++)
		audit_free(&audits[i]);
	free(audits);
	return code;
}

static int rekey(const char *new, struct list *list)
{
	int code = 0;

	if (list->count > 0)
		qsort(list->kept, list->count, sizeof(*list->kept), compare);
	for (size_t first = 0, end; first < list->count && code == 0; first = end) {
		end = first + 1;
		while (end < list->count && is_same_cell(&list->kept[first], &list->kept[end]))
			end++;
		code = rekey_cell(new, &list->kept[first], end - first);
	}
	return code;
}

int cmd_rekey(int argc, char **argv)
{
	bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
	AUTO_FREE char *pattern = NULL;
	struct list list = { 0 };
	glob_t found;
	int code = 0;

	if (argc != 3) {
		fputs(usage, help ? stdout : stderr);
		return help ? 0 : 64;
	}
	if (access(argv[2], F_OK) == 0)
		return complain(WHO, EXIT_USAGE, "%s: is there already", argv[2]);
	pattern = format("%s/*/*/bucket.json", argv[1]);
	if (glob(pattern, 0, NULL, &found) != 0)
		return complain(WHO, EXIT_USAGE, "%s: holds no reproducers", argv[1]);
	list.kept = calloc(found.gl_pathc + 1, sizeof(*list.kept));
	if (list.kept == NULL)
		abort();
	for (size_t i = 0; i < found.gl_pathc && code == 0; i++)
		code = read_kept(found.gl_pathv[i], &list);
	globfree(&found);
	if (code == 0)
		code = rekey(argv[2], &list);
	for (size_t i = 0; i < list.count; i++) {
		free(list.kept[i].input);
		free(list.kept[i].toolchain);
	}
	free(list.kept);
	return code;
}
