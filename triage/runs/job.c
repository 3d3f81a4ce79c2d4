/* SPDX-License-Identifier: Apache-2.0
 * The directory of a job. */
#include "job.h"

#include "base/json_file.h"
#include "base/util.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define NAME_LONGEST  63
#define PROGRAM_BYTES ((size_t)1 << 30)
#define HALVES_MAX    100000

static int fail(char **ret_error, int error, const char *path)
{
	*ret_error = format("%s: %s", path, strerror(-error));
	return error;
}

/* ---- the request ----------------------------------------------------------------------------- */

bool job_is_name(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && (i == 0 || strchr("_-", name[i]) == NULL))
			return false;
	return length > 0 && length <= NAME_LONGEST + 1 && isalpha((unsigned char)name[0]) &&
		strcmp(name, "latest") != 0;
}

json_t *job_request(const struct job_part *part, const char *command, const char *arguments,
	const char *toolchain, const char *build, int plan_version)
{
	return json_pack("{ss ss ss ss sI ss ss si}", "schema", JOB_SCHEMA, "job", part->job,
		"command", command, "arguments", arguments, "parts", (json_int_t)part->parts,
		"toolchain", toolchain, "build", build, "plan_version", plan_version);
}

char *job_build(char *const *programs, size_t count)
{
	XXH64_hash_t hash = 0;

	for (size_t i = 0; i < count; i++) {
		AUTO_FREE uint8_t *bytes = NULL;
		size_t size;

		if (file_read(programs[i], PROGRAM_BYTES, &bytes, &size) != 0)
			return format("%s", "");
		hash = XXH3_64bits_withSeed(bytes, size, hash);
	}
	return format("%016llx", (unsigned long long)hash);
}

static char *request_path(const char *job)
{
	return format("runs/%s/job.json", job);
}

/* Made by link(), which also on a shared file system only one of two can do. */
static int write_once(const char *path, const json_t *request)
{
	struct utsname host;
	AUTO_FREE char *mine = NULL;
	int error;

	uname(&host);
	mine = format("%s.%s-%d", path, host.nodename, (int)getpid());
	error = file_write_json(mine, request);
	if (error == 0 && link(mine, path) != 0 && errno != EEXIST)
		error = -errno;
	unlink(mine);
	return error;
}

static int say_difference(const char *path, const json_t *there, const json_t *here,
	const char *key, char **ret_error)
{
	static const char *const remedies[][2] = {
		{ "build", "build the programs as they were" },
		{ "toolchain", "use the compilers of the job" },
		{ "plan_version", "use the program of the job" },
	};
	const char *remedy = "choose another name for another job";
	AUTO_FREE char *was = json_dumps(json_object_get(there, key), JSON_ENCODE_ANY);
	AUTO_FREE char *is = json_dumps(json_object_get(here, key), JSON_ENCODE_ANY);

	for (size_t i = 0; i < sizeof(remedies) / sizeof(*remedies); i++)
		if (strcmp(key, remedies[i][0]) == 0)
			remedy = remedies[i][1];
	*ret_error = format("%s: the job has %s %s, this part %s; next: %s", path, key,
		was != NULL ? was : "unknown", is, remedy);
	return strcmp(key, "build") == 0 ? -ESTALE : -EILSEQ;
}

/* The most telling key first. */
static int compare_requests(
	const char *path, const json_t *there, const json_t *here, char **ret_error)
{
	static const char *const keys[] = { "command", "parts", "plan_version", "arguments",
		"toolchain", "build" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!json_equal(json_object_get(there, keys[i]), json_object_get(here, keys[i])))
			return say_difference(path, there, here, keys[i], ret_error);
	return 0;
}

int job_agree(const struct job_part *part, const json_t *request, char **ret_error)
{
	AUTO_FREE char *directory = format("runs/%s", part->job);
	AUTO_FREE char *run = format("%s/run.json", directory);
	AUTO_FREE char *path = request_path(part->job);
	AUTO_JSON json_t *there = NULL;
	int error = file_make_directories(directory);

	if (error != 0)
		return fail(ret_error, error, directory);
	if (access(run, F_OK) == 0) {
		*ret_error = format("%s is a run; next: choose another name", directory);
		return -EILSEQ;
	}
	if (access(path, F_OK) != 0 && (error = write_once(path, request)) != 0)
		return fail(ret_error, error, path);
	there = json_file_read(path, JOB_SCHEMA, &error, ret_error);
	return there != NULL ? compare_requests(path, there, request, ret_error) : error;
}

json_t *job_read(const char *job, char **ret_error)
{
	AUTO_FREE char *path = request_path(job);
	AUTO_FREE char *why = NULL;
	int error = 0;
	json_t *request;

	if (!job_is_name(job)) {
		*ret_error = format("no name of a job; next: ls runs/*/job.json");
		return NULL;
	}
	request = json_file_read(path, JOB_SCHEMA, &error, &why);
	if (request == NULL)
		*ret_error = error == -ENOENT ?
			format("%s: no such job; next: ls runs/*/job.json", path) :
			format("%s", why);
	else if (json_file_number(request, "parts") < 1) {
		*ret_error = format("%s: parts is not a number from 1", path);
		json_decref(request);
		request = NULL;
	}
	return request;
}

char *job_command(const json_t *request, unsigned part)
{
	return format("scripts/shard %s %u %lld -- %s %s", json_file_text(request, "job"), part,
		(long long)json_file_number(request, "parts"), json_file_text(request, "command"),
		json_file_text(request, "arguments"));
}

/* ---- parts ----------------------------------------------------------------------------------- */

char *job_part_directory(const struct job_part *part)
{
	return format("runs/%s/%u-of-%u", part->job, part->part, part->parts);
}

bool job_part_is_done(const struct job_part *part)
{
	AUTO_FREE char *directory = job_part_directory(part);

	return access(directory, F_OK) == 0;
}

static char *lock_path(const struct job_part *part)
{
	AUTO_FREE char *directory = job_part_directory(part);

	return format("%s.lock", directory);
}

/* Who only looks has the lock for a moment. */
int job_lock(const struct job_part *part)
{
	AUTO_FREE char *path = lock_path(part);
	int fd = -EWOULDBLOCK;

	for (int i = 0; i < 20 && fd == -EWOULDBLOCK; i++) {
		if (i > 0)
			poll(NULL, 0, 10);
		fd = run_dir_lock_file(path, O_RDWR | O_CREAT);
	}
	return fd;
}

bool job_is_locked(const struct job_part *part)
{
	AUTO_FREE char *path = lock_path(part);
	int fd = run_dir_lock_file(path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd == -EWOULDBLOCK;
}

/* The first name behind the part's that is free, such as "1-of-2.differs-1". */
static char *free_name(const struct job_part *part, const char *what,
	int take(const char *mine, const char *name), const char *mine)
{
	AUTO_FREE char *directory = job_part_directory(part);

	for (int k = 1; k < HALVES_MAX; k++) {
		char *name = format("%s.%s-%d", directory, what, k);
		int error = take(mine, name) == 0 ? 0 : errno;

		if (error == 0)
			return name;
		free(name);
		errno = error;
		if (error != EEXIST && error != ENOTEMPTY)
			return NULL;
	}
	return NULL;
}

static int make_directory(const char *mine, const char *name)
{
	(void)mine;
	return mkdir(name, 0755);
}

char *job_half_make(const struct job_part *part)
{
	AUTO_FREE char *what = NULL;
	struct utsname host;

	uname(&host);
	what = format("%s-%d", host.nodename, (int)getpid());
	return free_name(part, what, make_directory, NULL);
}

static void list(const struct job_part *part, bool differing, struct run_dirs *ret)
{
	AUTO_FREE char *directory = job_part_directory(part);
	AUTO_FREE char *pattern = format("%s.*/run.json", directory);
	AUTO_FREE char *prefix = format("%s.differs-", directory);
	glob_t found = { 0 };

	*ret = (struct run_dirs){ 0 };
	glob(pattern, 0, NULL, &found);
	ret->list = allocate(found.gl_pathc + 1, sizeof(*ret->list));
	for (size_t i = 0; i < found.gl_pathc; i++)
		if ((strncmp(found.gl_pathv[i], prefix, strlen(prefix)) == 0) == differing)
			ret->list[ret->count++] = format("%.*s",
				(int)(strlen(found.gl_pathv[i]) - strlen("/run.json")),
				found.gl_pathv[i]);
	globfree(&found);
}

void job_halves(const struct job_part *part, struct run_dirs *ret)
{
	list(part, false, ret);
}

void job_copies(const struct job_part *part, struct run_dirs *ret)
{
	list(part, true, ret);
}

static void remove_half(const char *half)
{
	int lock = run_dir_lock(half);

	if (lock != -EWOULDBLOCK)
		file_remove_tree(half);
	if (lock >= 0)
		close(lock);
}

void job_remove_halves(const struct job_part *part)
{
	AUTO_FREE char *directory = job_part_directory(part);
	AUTO_FREE char *pattern = format("%s.*-*", directory);
	AUTO_FREE char *prefix = format("%s.differs-", directory);
	glob_t found = { 0 };

	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (strncmp(found.gl_pathv[i], prefix, strlen(prefix)) != 0)
				remove_half(found.gl_pathv[i]);
	globfree(&found);
}

/* ---- the end of a part ----------------------------------------------------------------------- */

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = fsync(fd) != 0 ? -errno : 0;
	close(fd);
	return error;
}

/* What workers have written into a mapping is in no file of a machine that loses its power. */
static int sync_half(const char *half)
{
	AUTO_FREE char *pattern = format("%s/plans/*", half);
	glob_t found = { 0 };
	int error = 0;

	glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && error == 0; i++)
		error = sync_path(found.gl_pathv[i]);
	globfree(&found);
	return error != 0 ? error : sync_path(half);
}

static int keep_copy(const struct job_part *part, const char *half, char **ret_error)
{
	AUTO_FREE char *why = *ret_error;
	AUTO_FREE char *copy = free_name(part, "differs", rename, half);

	*ret_error = format(
		"%s; kept as %s; next: remove the wrong one", why, copy != NULL ? copy : half);
	return -EILSEQ;
}

int job_publish(const struct job_part *part, const char *half,
	int compare(const char *mine, const char *there, char **ret_error), char **ret_error)
{
	AUTO_FREE char *there = job_part_directory(part);
	int error = sync_half(half);

	if (error == 0 && rename(half, there) != 0)
		error = -errno;
	if (error == 0)
		return 0;
	if (access(there, F_OK) != 0)
		return fail(ret_error, error, there);
	if (access(half, F_OK) != 0)
		return 0; /* the server renamed it, and its answer was lost */
	error = compare(half, there, ret_error);
	if (error == -EILSEQ)
		return keep_copy(part, half, ret_error);
	if (error == 0)
		file_remove_tree(half);
	return error;
}

/* ---- time and place -------------------------------------------------------------------------- */

static double changed_s(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ?
		(double)status.st_mtim.tv_sec + (double)status.st_mtim.tv_nsec / 1e9 :
		0;
}

double job_wall_s(const char *job)
{
	AUTO_FREE char *begin = request_path(job);
	AUTO_FREE char *pattern = format("runs/%s/*-of-*/run.json", job);
	double first = changed_s(begin), last = first;
	glob_t found = { 0 };

	glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		double end;

		*strrchr(found.gl_pathv[i],
			'/') = '\0'; /* the directory: its last file was renamed into it */
		end = changed_s(found.gl_pathv[i]);
		last = end > last ? end : last;
	}
	globfree(&found);
	return last - first;
}

/* The first "model name" of /proc/cpuinfo. */
static char *cpu_name(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	AUTO_FREE char *line = NULL;
	char *name = NULL;
	size_t size = 0;

	while (file != NULL && name == NULL && getline(&line, &size, file) > 0)
		if (strncmp(line, "model name", 10) == 0 && strstr(line, ": ") != NULL)
			name = format("%.*s", (int)strcspn(strstr(line, ": ") + 2, "\n"),
				strstr(line, ": ") + 2);
	if (file != NULL)
		fclose(file);
	return name != NULL ? name : format("unknown");
}

json_t *job_host(void)
{
	AUTO_FREE char *cpu = cpu_name();
	struct utsname system;

	uname(&system);
	return json_pack("{ss ss ss sI}", "host", system.nodename, "cpu", cpu, "kernel",
		system.release, "cores", (json_int_t)sysconf(_SC_NPROCESSORS_ONLN));
}
