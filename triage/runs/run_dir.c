/* SPDX-License-Identifier: Apache-2.0
 * Finding and making runs. */
#include "run_dir.h"

#include "base/json_file.h"
#include "base/util.h"
#include "kinds.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define STAMP_SIZE 15 /* "20261123-010000", what an id begins with */

/* In UTC: names in local time are out of order when clocks go back. */
static void stamp_now(const char *template, char ret[32])
{
	time_t now = time(NULL);
	struct tm parts;

	gmtime_r(&now, &parts);
	strftime(ret, 32, template, &parts);
}

char *run_dir_date(void)
{
	char text[32];

	stamp_now("%Y-%m-%dT%H:%M:%SZ", text);
	return format("%s", text);
}

char *run_dir_make(const char *what)
{
	char stamp[32];

	stamp_now("%Y%m%d-%H%M%S", stamp);
	if (mkdir("runs", 0755) != 0 && errno != EEXIST)
		return NULL;
	for (int i = 0; i < 1000; i++) {
		char *directory = i == 0 ? format("runs/%s-%s", stamp, what) :
					   format("runs/%s-%s-%d", stamp, what, i + 1);
		int error;

		if (mkdir(directory, 0755) == 0)
			return directory;
		error = errno;
		free(directory);
		errno = error;
		if (error != EEXIST)
			return NULL;
	}
	return NULL;
}

/* Does runs/latest point to a run that began later than @id? One that was removed is none. */
static bool is_overtaken(const char *id)
{
	char newest[NAME_MAX + 1];
	ssize_t size = readlink("runs/latest", newest, sizeof(newest));

	return size >= STAMP_SIZE && access("runs/latest", F_OK) == 0 &&
		strncmp(id, newest, STAMP_SIZE) < 0;
}

int run_dir_point_latest(const char *directory)
{
	return is_overtaken(file_base_name(directory)) ? 0 : run_dir_set_latest(directory);
}

int run_dir_set_latest(const char *directory)
{
	struct utsname host;
	AUTO_FREE char *temporary = NULL;
	const char *id = file_base_name(directory);
	int error;

	uname(&host);
	temporary = format("runs/.latest-%s-%d", host.nodename, (int)getpid());
	unlink(temporary); /* of a process that was killed and had our number */
	if (symlink(id, temporary) != 0)
		return -errno;
	if (rename(temporary, "runs/latest") == 0)
		return 0;
	error = -errno;
	unlink(temporary);
	return error;
}

char *run_dir_real_path(const char *path)
{
	AUTO_FREE char *here = realpath(".", NULL);
	AUTO_FREE char *there = realpath(path, NULL);
	size_t size = here != NULL ? strlen(here) : 0;

	if (here == NULL || there == NULL)
		return NULL;
	if (strncmp(there, here, size) == 0 && there[size] == '/')
		return format("%s", there + size + 1);
	return format("%s", there);
}

/* ---- the list -------------------------------------------------------------------------------- */

static int is_id(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "latest") != 0;
}

static bool has_file(const char *directory, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return access(path, F_OK) == 0;
}

/* Whatever the locale says; the tenth run of a second comes after the second one. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

void run_dir_list(struct run_dirs *ret)
{
	struct dirent **entries = NULL;
	int count = scandir("runs", &entries, is_id, compare_names);

	*ret = (struct run_dirs){ .list = allocate(count > 0 ? (size_t)count : 1, sizeof(char *)) };
	for (int i = 0; i < count; i++) {
		char *directory = format("runs/%s", entries[i]->d_name);

		free(entries[i]);
		if (has_file(directory, "run.json"))
			ret->list[ret->count++] = directory;
		else
			free(directory);
	}
	free(entries);
}

void run_dir_free(struct run_dirs *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		free(runs->list[i]);
	free(runs->list);
	*runs = (struct run_dirs){ 0 };
}

/* ---- one run --------------------------------------------------------------------------------- */

/* NFS turns the lock into one of the server's, which takes a descriptor open for writing: flock(2), "NFS details". */
int run_dir_lock(const char *directory)
{
	AUTO_FREE char *path = format("%s/run.json", directory);

	return run_dir_lock_file(path, O_RDWR);
}

int run_dir_lock_file(const char *path, int flags)
{
	int kind = (flags & O_ACCMODE) == O_RDONLY ? LOCK_SH : LOCK_EX;
	int fd = open(path, flags | O_CLOEXEC, 0644);
	int error;

	if (fd >= 0 && flock(fd, kind | LOCK_NB) == 0)
		return fd;
	error = -errno;
	if (fd >= 0)
		close(fd);
	return error;
}

const char *run_dir_lock_words(int error)
{
	return error == -EWOULDBLOCK ? "another process is at work on this run" : strerror(-error);
}

static bool is_complete(const char *directory)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *json = run_kind_result(RUN_MEASUREMENT, directory, &why);

	return json_is_true(json_object_get(json, "complete"));
}

static char *find_latest(void)
{
	AUTO_FREE char *newest = NULL;
	char *found = NULL;
	struct run_dirs runs;

	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && found == NULL;) {
		if (run_kind_of(runs.list[i]) != RUN_MEASUREMENT)
			continue;
		if (newest == NULL)
			newest = format("%s", runs.list[i]);
		if (is_complete(runs.list[i]))
			found = format("%s", runs.list[i]);
	}
	run_dir_free(&runs);
	return found != NULL || newest == NULL ? found : format("%s", newest);
}

/* Asked for by a user, so it may hold anything. */
static char *shown(const char *name)
{
	return format("%s", json_file_is_plain(name) ? name : "(control characters)");
}

char *run_dir_find_measurement(const char *name, char **ret_error)
{
	AUTO_FREE char *by_id = format("runs/%s", name);
	AUTO_FREE char *spoken = shown(name);
	char *found;

	if (strcmp(name, "latest") == 0) {
		found = find_latest();
		if (found == NULL)
			*ret_error = format("there is no measurement yet; next: make measure");
		return found;
	}
	found = run_dir_real_path(
		*name != '\0' && !has_file(name, "run.json") && has_file(by_id, "run.json") ?
			by_id :
			name);
	if (found != NULL && has_file(found, "run.json"))
		return found;
	if (has_file(by_id, "job.json"))
		*ret_error = format(
			"%s: a job; next: build/bin/triage merge --job %s", spoken, spoken);
	else
		*ret_error = format("%s: %s; next: build/bin/triage runs", spoken,
			found != NULL ? "no run (it has no run.json)" : "no such run");
	free(found);
	return NULL;
}
