/* SPDX-License-Identifier: Apache-2.0
 * Reads the report files of sanitizers. */
#include "logs.h"

#include "base/util.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64u << 20) /* read of one */
#define PIDS     (1l << 22)  /* Linux has no more; then it starts again */

/* What root runs may go on as another user: whoever finds the name, which @directory's parent does not list, may add a
 * file, and neither list nor remove any. */
static int open_for_others(const char *directory)
{
	return geteuid() == 0 ? chmod(directory, S_ISVTX | 0733) : 0;
}

int logs_open(const char *parent, struct logs *ret)
{
	/* runtimes read options in quotes, and from LLVM 21 on %p and the like in a path */
	bool plain = strpbrk(parent, "'%") == NULL;

	*ret = (struct logs){ .fd = -1,
		.directory = format("%s/reports-XXXXXX", plain ? parent : "/tmp") };
	if (mkdtemp(ret->directory) == NULL || open_for_others(ret->directory) != 0)
		return -errno;
	ret->fd = open(ret->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->fd < 0)
		return -errno;
	ret->path = format("%s/report", ret->directory);
	return 0;
}

void logs_close(struct logs *logs)
{
	if (logs->fd >= 0)
		close(logs->fd);
	if (logs->directory != NULL)
		file_remove_tree(logs->directory);
	free(logs->directory);
	free(logs->path);
	*logs = (struct logs){ .fd = -1 };
}

struct entry {
	long age; /* processes that were started since the first */
	char *name;
};

static int compare_logs(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->age != y->age ? (x->age > y->age) - (x->age < y->age) : strcmp(x->name, y->name);
}

/* The last number in "report.1234", "report.program.1234.txt" (log_exe_name, log_suffix). */
static long age_of(const char *name, pid_t first)
{
	const char *end = name + strlen(name);
	long pid;

	while (end > name && (end[-1] < '0' || end[-1] > '9'))
		end--;
	while (end > name && end[-1] >= '0' && end[-1] <= '9')
		end--;
	pid = strtol(end, NULL, 10) % PIDS;
	return (pid - first + PIDS) % PIDS;
}

static bool read_file(const struct logs *logs, const char *name, struct capture *ret)
{
	int fd = openat(logs->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	bool regular = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);

	if (regular)
		capture_read(ret, fd, FILE_MAX);
	if (fd >= 0)
		close(fd);
	return regular;
}

static void remove_entry(const struct logs *logs, const char *name)
{
	if (unlinkat(logs->fd, name, 0) != 0 && errno == EISDIR) {
		AUTO_FREE char *path = format("%s/%s", logs->directory, name);

		file_remove_tree(path);
	}
}

static size_t list_entries(DIR *stream, pid_t first, struct entry *list, const struct logs *logs)
{
	size_t count = 0;

	for (const struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (count < LOGS_MAX)
			list[count++] = (struct entry){ age_of(entry->d_name, first),
				format("%s", entry->d_name) };
		else
			remove_entry(logs, entry->d_name);
	}
	return count;
}

size_t logs_take(const struct logs *logs, pid_t first, struct capture *ret)
{
	struct entry list[LOGS_MAX];
	int copy = logs->fd >= 0 ? openat(logs->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
	size_t count, taken = 0;

	if (stream == NULL) {
		if (copy >= 0)
			close(copy);
		return 0;
	}
	count = list_entries(stream, first, list, logs);
	closedir(stream);
	qsort(list, count, sizeof(*list), compare_logs);
	for (size_t i = 0; i < count; i++) {
		taken += read_file(logs, list[i].name, ret);
		remove_entry(logs, list[i].name);
		free(list[i].name);
	}
	return taken;
}
