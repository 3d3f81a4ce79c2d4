/* SPDX-License-Identifier: Apache-2.0
 * crashes --why: why two crashes are, or are not, of one bug. */
#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "crashes/file.h"
#include "dedup/group.h"
#include "runs/run_dir.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WHO "triage crashes --why"

static const char usage[] =
	"Usage: triage crashes --why [--run=RUN] A B\n"
	"Prints the reason for which the crashes A and B are in one bucket, or in two. A bucket is a\n"
	"group of crashes with probably one bug. A and B are paths of crash files, ends of such\n"
	"paths, or ids of buckets. RUN is a run of triage crashes (default: the newest).\n"
	"\n"
	"Exit codes: 0 fine, 1 internal error, 64 usage.\n";

static void print_key(const char *letter, const struct crashes_file *file, size_t crash)
{
	size_t report = crashes_file_report(file, crash);
	const struct key *key = &file->keys[report];

	printf("%s  %s\n", letter, json_file_text(json_array_get(file->crashes, crash), "path"));
	printf("   key %s = XXH3 of \"%d %s\"\n", key->hex, KEY_VERSION, key->text);
	printf("   class %s, access %s, place %s, object %s\n", kind_class_word(key->class),
		key->access != REPORT_ACCESS_NONE ? report_access_word(key->access) : "not said",
		key_place(key) != NULL ? key_place(key) : "unknown",
		key->object != NULL ? key->object : "unknown");
	for (size_t i = 0; i < key->count && i < KEY_SHOWN; i++)
		printf("   #%zu %s%s%s%s\n", i, key->frames[i].name,
			key->frames[i].place != NULL ? " at " : "",
			key->frames[i].place != NULL ? key->frames[i].place : "",
			i < key->site ? "  (an accessor: passed over)" : "");
}

/* The joins that lead from report @a to report @b: links are a forest, so there is one way. */
static bool print_chain(const struct crashes_file *file, size_t a, size_t b, size_t from)
{
	const json_t *links = json_object_get(file->document, "links");
	size_t i;
	const json_t *link;

	if (a == b)
		return true;
	json_array_foreach((json_t *)(uintptr_t)links, i, link) {
		size_t x = (size_t)json_file_number(link, "a"),
		       y = (size_t)json_file_number(link, "b");
		size_t other = x == a ? y : x;

		if ((x != a && y != a) || other == from || other >= file->key_count)
			continue;
		if (!print_chain(file, other, b, a))
			continue;
		printf("   %s %s -- %s %s: %s\n", file->keys[a].hex,
			key_place(&file->keys[a]) != NULL ? key_place(&file->keys[a]) : "-",
			file->keys[other].hex,
			key_place(&file->keys[other]) != NULL ? key_place(&file->keys[other]) : "-",
			json_file_text(link, "because"));
		return true;
	}
	return false;
}

static const char *id_of(const struct crashes_file *file, size_t report)
{
	return json_file_text(json_array_get(file->buckets, file->bucket_of_report[report]), "id");
}

static void explain(const struct crashes_file *file, size_t a, size_t b)
{
	const struct key *x = &file->keys[a], *y = &file->keys[b];
	enum group_join join = relation_of_bucket(x, y);

	if (file->bucket_of_report[a] != file->bucket_of_report[b]) {
		printf("\nApart, in buckets %s and %s: %s.\n", id_of(file, a), id_of(file, b),
			join == GROUP_NOT ? relation_difference(x, y) :
					    "one bucket would span too many lines");
		join = relation_of_family(x, y);
		if (join != GROUP_NOT)
			printf("In one family: %s.\n", relation_words(join));
	} else if (a == b)
		printf("\nTogether, in bucket %s: they died alike, frame by frame.\n",
			id_of(file, a));
	else if (join != GROUP_NOT)
		printf("\nTogether, in bucket %s: %s.\n", id_of(file, a), relation_words(join));
	else {
		printf("\n"
		       "Together, in bucket %s, through other crashes:\n",
			id_of(file, a));
		print_chain(file, a, b, CRASHES_NO_BUCKET);
	}
}

/* The newest run whose crashes have @name, or NULL. The caller frees. */
static char *run_with(const char *name)
{
	struct run_dirs runs;
	char *found = NULL;

	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && found == NULL;) {
		struct crashes_file file;
		AUTO_FREE char *why = NULL;

		if (crashes_file_open(runs.list[i], &file, &why) == 0 &&
			crashes_file_find(&file, name) >= 0)
			found = format("%s", file_base_name(runs.list[i]));
		crashes_file_close(&file);
	}
	run_dir_free(&runs);
	return found;
}

static int say_absent(const struct crashes_file *file, const char *name)
{
	AUTO_FREE char *run = run_with(name);

	return complain(WHO, EXIT_USAGE, "%s: not in %s; next: %s%s", name, file->path,
		run != NULL ? "--run=" : "triage show lists the runs",
		run != NULL ? run : ", and none has it");
}

static int find(const struct crashes_file *file, const char *name, size_t *ret)
{
	long found = crashes_file_find(file, name);
	size_t report;

	if (found == -EEXIST)
		return complain(WHO, 64,
			"%s: several crash files end with this name; next: give a longer path",
			name);
	if (found < 0)
		return say_absent(file, name);
	report = crashes_file_report(file, (size_t)found);
	if (report == CRASHES_NO_BUCKET || file->bucket_of_report[report] == CRASHES_NO_BUCKET)
		return complain(WHO, 64, "%s: did not crash in %s", name, file->path);
	*ret = (size_t)found;
	return 0;
}

static int why(const char *run, const char *const names[2])
{
	struct crashes_file file;
	AUTO_FREE char *error = NULL;
	size_t crashes[2];
	int code = 0;

	if (crashes_file_open(run, &file, &error) != 0)
		code = complain(WHO, 1, "%s", error);
	for (int i = 0; code == 0 && i < 2; i++)
		code = find(&file, names[i], &crashes[i]);
	for (int i = 0; code == 0 && i < 2; i++)
		print_key(i == 0 ? "A" : "B", &file, crashes[i]);
	if (code == 0)
		explain(&file, crashes_file_report(&file, crashes[0]),
			crashes_file_report(&file, crashes[1]));
	crashes_file_close(&file);
	return code;
}

int crashes_why(int argc, char **argv)
{
	const char *run = NULL, *names[2];
	int count = 0;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--run=", 6) == 0)
			run = argv[i] + 6;
		else if (count < 2)
			names[count++] = argv[i];
		else
			count = 3;
	}
	if (count != 2) {
		fputs(usage, stderr);
		return 64;
	}
	return why(run, names);
}
