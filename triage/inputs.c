/* SPDX-License-Identifier: Apache-2.0
 * Finding crash files. */
#include "inputs.h"

#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CMDLINE_MAX   (1u << 20)
#define ARGUMENTS_MAX 4096
#define HASH_MIN      16 /* hex digits of a file named by its contents */

static bool begins(const char *name, const char *start)
{
	return strncmp(name, start, strlen(start)) == 0;
}

static bool is_hash(const char *name)
{
	size_t digits = strspn(name, "0123456789abcdef");

	return digits >= HASH_MIN && name[digits] == '\0';
}

static bool is_afl(const char *name)
{
	return begins(name, "id:") || begins(name, "id_") || is_hash(name);
}

static bool is_known(const char *name)
{
	static const char *const starts[] = { "id:", "id_", "crash-", "leak-", "oom-", "timeout-",
		"slow-unit-", "SIG" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (begins(name, starts[i]))
			return true;
	return false;
}

static bool is_plain(const char *name)
{
	return name[0] != '.' && strcmp(name, "README.txt") != 0;
}

static bool is_crash_directory(const char *name)
{
	return begins(name, "crashes");
}

static bool is_kind(const char *path, mode_t kind)
{
	struct stat status;

	return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

static void add(struct inputs *inputs, char *path)
{
	if (inputs->count == inputs->capacity) {
		inputs->capacity = inputs->capacity > 0 ? 2 * inputs->capacity : 1024;
		inputs->list = reallocarray(inputs->list, inputs->capacity, sizeof(*inputs->list));
		if (inputs->list == NULL)
			abort();
	}
	inputs->list[inputs->count++] = path;
}

/* Adds the files in @directory whose names are @wanted; how many, or -errno. */
static long add_files(struct inputs *inputs, const char *directory, bool wanted(const char *name))
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;
	long count = 0;

	if (stream == NULL)
		return -errno;
	while ((entry = readdir(stream)) != NULL) {
		char *path;

		if (!wanted(entry->d_name) || strcmp(entry->d_name, "README.txt") == 0)
			continue;
		path = format("%s/%s", directory, entry->d_name);
		/* a symbolic link, or a file system that does not say, needs a look */
		if (entry->d_type != DT_REG && !is_kind(path, S_IFREG)) {
			free(path);
			continue;
		}
		inputs->leaks = inputs->leaks || begins(entry->d_name, "leak-");
		add(inputs, path);
		count++;
	}
	closedir(stream);
	return count;
}

/* Of the instance that has directory @crashes. */
static void read_cmdline(struct inputs *inputs, const char *instance)
{
	AUTO_FREE char *path = format("%s/cmdline", instance);
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size, count = 0;
	char *rest;

	if (inputs->cmdline != NULL || file_read(path, CMDLINE_MAX, &bytes, &size) != 0 ||
		size == 0)
		return;
	inputs->cmdline = calloc(ARGUMENTS_MAX + 1, sizeof(*inputs->cmdline));
	if (inputs->cmdline == NULL)
		abort();
	rest = (char *)bytes;
	/* AFL++ ends each argument with a newline */
	for (char *line = strsep(&rest, "\n");
		line != NULL && rest != NULL && count < ARGUMENTS_MAX; line = strsep(&rest, "\n"))
		inputs->cmdline[count++] = format("%s", line);
}

static void add_crash_directory(struct inputs *inputs, const char *instance, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", instance, name);

	if (!is_kind(path, S_IFDIR))
		return;
	if (add_files(inputs, path, is_afl) == 0)
		add_files(inputs, path, is_known);
	inputs->recognised = true;
	read_cmdline(inputs, instance);
}

/* The directories crashes* in @instance and, with @depth, in those below it. */
static void add_instances(struct inputs *inputs, const char *instance, int depth)
{
	DIR *stream = opendir(instance);
	const struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		AUTO_FREE char *path = format("%s/%s", instance, entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (is_crash_directory(entry->d_name))
			add_crash_directory(inputs, instance, entry->d_name);
		else if (depth > 0 && is_kind(path, S_IFDIR))
			add_instances(inputs, path, depth - 1);
	}
	if (stream != NULL)
		closedir(stream);
}

int inputs_find(const char *directory, struct inputs *inputs)
{
	AUTO_FREE char *real = realpath(directory, NULL);
	AUTO_FREE char *parent = format("%s/..", directory);
	const char *name = real != NULL ? strrchr(real, '/') + 1 : directory;
	size_t before = inputs->count;
	long added;

	if (real == NULL)
		return -errno;
	if (is_kind(real, S_IFREG)) {
		add(inputs, format("%s", directory));
		return 0;
	}
	if (!is_kind(real, S_IFDIR))
		return -ENOTDIR;
	added = is_crash_directory(name) ? add_files(inputs, directory, is_afl) : 0;
	if (added > 0)
		read_cmdline(inputs, parent);
	if (added == 0)
		add_instances(inputs, directory, 1);
	if (added < 0 || inputs->count > before || inputs->recognised)
		return added < 0 ? (int)added : 0;
	added = add_files(inputs, directory, is_known);
	if (added == 0)
		added = add_files(inputs, directory, is_plain);
	return added < 0 ? (int)added : 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void inputs_sort(struct inputs *inputs)
{
	size_t kept = 0;

	if (inputs->count > 0)
		qsort(inputs->list, inputs->count, sizeof(*inputs->list), compare);
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
	*inputs = (struct inputs){ 0 };
}
