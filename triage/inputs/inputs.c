/* SPDX-License-Identifier: Apache-2.0
 * Finding crash files. */
#include "inputs.h"

#include "base/util.h"
#include "names.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CMDLINE_MAX   (1u << 20)
#define ARGUMENTS_MAX 4096
#define COUNTED_MAX   1000000 /* files in a directory that is passed over */

static const struct {
	const char *slug, *words;
} reasons[] = {
#define PASSED(id, slug, words) { slug, words },
#include "passed.def"
};

const char *inputs_passed_slug(enum inputs_passed reason)
{
	return reasons[reason].slug;
}

const char *inputs_passed_words(enum inputs_passed reason)
{
	return reasons[reason].words;
}

size_t inputs_passed_over(const struct inputs *inputs)
{
	size_t sum = 0;

	for (int i = 0; i < INPUTS_PASSED_COUNT; i++)
		sum += inputs->passed[i];
	return sum;
}

static mode_t kind_of(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

static bool is_link(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* ---- taken, or passed over ------------------------------------------------------------------- */

/* Notes that @path was skipped, which stands for @files files. */
static void inputs_pass(
	struct inputs *inputs, const char *path, enum inputs_passed reason, size_t files)
{
	inputs->passed[reason] += files;
	if (inputs->passed_count >= INPUTS_PASSED_MAX)
		return;
	inputs->passed_list = list_grow(
		inputs->passed_list, inputs->passed_count, sizeof(*inputs->passed_list));
	inputs->passed_list[inputs->passed_count++] = (struct inputs_path){ format("%s", path),
		reason };
}

static void add_path(struct inputs *inputs, const char *path)
{
	if (inputs->count >= INPUTS_FILES_MAX) {
		inputs_pass(inputs, path, INPUTS_MANY, 1);
		return;
	}
	inputs->list = list_grow(inputs->list, inputs->count, sizeof(*inputs->list));
	inputs->list[inputs->count++] = format("%s", path);
}

/* Files in @directory and below, links not followed. */
static size_t count_files(const char *directory, int depth)
{
	DIR *stream = opendir(directory);
	size_t count = 0;

	for (const struct dirent *entry = stream != NULL ? readdir(stream) : NULL;
		entry != NULL && count < COUNTED_MAX; entry = readdir(stream)) {
		AUTO_FREE char *path = format("%s/%s", directory, entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (!is_link(path) && kind_of(path) == S_IFDIR)
			count += depth > 0 ? count_files(path, depth - 1) : 0;
		else
			count++;
	}
	if (stream != NULL)
		closedir(stream);
	return count;
}

static void pass_directory(struct inputs *inputs, const char *path, enum inputs_passed reason)
{
	AUTO_FREE char *marked = format("%s/", path);
	size_t files = count_files(path, INPUTS_DEPTH_MAX);

	if (files > 0 || reason == INPUTS_UNREADABLE)
		inputs_pass(inputs, marked, reason, files > 0 ? files : 1);
}

/* ---- campaigns ------------------------------------------------------------------------------- */

static void read_cmdline(struct inputs *inputs, const char *instance)
{
	AUTO_FREE char *path = format("%s/cmdline", instance);
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size, count = 0;
	char *rest;

	if (inputs->cmdline != NULL || file_read(path, CMDLINE_MAX, &bytes, &size) != 0 ||
		size == 0)
		return;
	inputs->cmdline = allocate(ARGUMENTS_MAX + 1, sizeof(*inputs->cmdline));
	rest = (char *)bytes;
	/* AFL++ ends each argument with a newline */
	for (char *line = strsep(&rest, "\n");
		line != NULL && rest != NULL && count < ARGUMENTS_MAX; line = strsep(&rest, "\n"))
		inputs->cmdline[count++] = format("%s", line);
}

/* Of the instance that has directories of crashes. */
static void read_campaign(struct inputs *inputs, const char *instance)
{
	read_cmdline(inputs, instance);
	if (inputs->setup.taken == NULL)
		fuzzer_setup_read(instance, &inputs->setup);
	inputs->leaks = inputs->leaks || inputs->setup.leaks;
	inputs->recognised = true;
}

/* ---- directories ----------------------------------------------------------------------------- */

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void find_in(struct inputs *inputs, const char *directory, int depth);

static void find_directory(struct inputs *inputs, const char *name, const char *path, int depth)
{
	if (name[0] == '.')
		pass_directory(inputs, path, INPUTS_HIDDEN);
	else if (!inputs->reports && names_corpus_directory(name))
		pass_directory(inputs, path, INPUTS_CORPUS);
	else if (depth >= (inputs->reports ? INPUTS_REPORTS_DEPTH_MAX : INPUTS_DEPTH_MAX))
		pass_directory(inputs, path, INPUTS_DEPTH);
	else
		find_in(inputs, path, depth + 1);
}

static void find_entry(
	struct inputs *inputs, const struct inputs_place *place, const char *name, int depth)
{
	AUTO_FREE char *path = format("%s/%s", place->directory, name);
	mode_t kind = kind_of(path);
	enum inputs_passed reason;

	if (kind == S_IFDIR && !is_link(path)) {
		find_directory(inputs, name, path, depth);
		return;
	}
	if (name[0] == '.')
		reason = INPUTS_HIDDEN;
	else if (kind != S_IFREG)
		reason = INPUTS_KIND;
	else
		reason = inputs->reports ? INPUTS_PASSED_COUNT : names_reason(place, name);
	if (reason != INPUTS_PASSED_COUNT) {
		inputs_pass(inputs, path, reason, 1);
		return;
	}
	inputs->leaks = inputs->leaks || names_leak(name);
	add_path(inputs, path);
}

static void find_in(struct inputs *inputs, const char *directory, int depth)
{
	struct inputs_place place = { .directory = directory };
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, is_entry, compare_entries);

	if (count < 0) {
		pass_directory(inputs, directory, INPUTS_UNREADABLE);
		return;
	}
	for (int i = 0; i < count; i++) {
		AUTO_FREE char *path = format("%s/%s", directory, entries[i]->d_name);
		mode_t kind = kind_of(path);

		place.instance = place.instance ||
			(kind == S_IFDIR && names_crash_directory(entries[i]->d_name));
		place.crashes = place.crashes ||
			(kind == S_IFREG && names_crash(entries[i]->d_name));
	}
	if (place.instance && !inputs->reports)
		read_campaign(inputs, directory);
	for (int i = 0; i < count; i++) {
		find_entry(inputs, &place, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
}

int inputs_find(const char *directory, struct inputs *inputs)
{
	AUTO_FREE char *real = realpath(directory, NULL);
	AUTO_FREE char *parent = format("%s/..", directory);
	const char *name = real != NULL ? strrchr(real, '/') + 1 : directory;
	DIR *stream;

	if (real == NULL)
		return -errno;
	if (kind_of(real) == S_IFREG) {
		inputs->leaks = inputs->leaks || names_leak(name);
		add_path(inputs, directory);
		return 0;
	}
	stream = opendir(directory);
	if (stream == NULL)
		return -errno;
	closedir(stream);
	if (names_crash_directory(name) && !inputs->reports) {
		bool recognised = inputs->recognised;

		/* whose directory it is: one that only has the name is no fuzzer's */
		read_campaign(inputs, parent);
		inputs->recognised = recognised || inputs->cmdline != NULL;
	}
	find_in(inputs, directory, 0);
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void inputs_sort(struct inputs *inputs)
{
	size_t kept = 0;

	if (inputs->count > 0)
		qsort(inputs->list, inputs->count, sizeof(*inputs->list), compare_paths);
	for (size_t i = 0; i < inputs->count; i++) {
		if (kept > 0 && strcmp(inputs->list[kept - 1], inputs->list[i]) == 0)
			free(inputs->list[i]);
		else
			inputs->list[kept++] = inputs->list[i];
	}
	inputs->count = kept;
}

void inputs_free(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		free(inputs->list[i]);
	free(inputs->list);
	for (size_t i = 0; inputs->cmdline != NULL && inputs->cmdline[i] != NULL; i++)
		free(inputs->cmdline[i]);
	free(inputs->cmdline);
	fuzzer_setup_free(&inputs->setup);
	for (size_t i = 0; i < inputs->passed_count; i++)
		free(inputs->passed_list[i].path);
	free(inputs->passed_list);
	*inputs = (struct inputs){ 0 };
}
