/* SPDX-License-Identifier: Apache-2.0
 * Reading and writing files. */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void free_pointer(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL)
		abort();
	return memory;
}

void *list_grow(void *list, size_t count, size_t size)
{
	/* to the next power of two */
	void *longer = (count & (count - 1)) != 0 ?
		list :
		reallocarray(list, count > 0 ? 2 * count : 1, size);

	if (longer == NULL)
		abort();
	return longer;
}

FILE *text_open(char **ret_text, size_t *ret_size)
{
	FILE *out = open_memstream(ret_text, ret_size);

	if (out == NULL)
		abort();
	return out;
}

void text_close(FILE *out)
{
	if (fclose(out) != 0)
		abort();
}

void free_json(json_t **json)
{
	json_decref(*json);
}

char *format_list(const char *template, va_list arguments)
{
	char *text;

	if (vasprintf(&text, template, arguments) < 0)
		abort();
	return text;
}

char *format(const char *template, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	return text;
}

int file_read_descriptor(int fd, size_t most, uint8_t **ret, size_t *ret_size)
{
	size_t capacity = 4096, used = 0;
	uint8_t *bytes = malloc(capacity + 1);

	while (bytes != NULL && used < most) {
		ssize_t got;

		if (used == capacity) {
			uint8_t *larger = realloc(bytes, 2 * capacity + 1);

			if (larger == NULL)
				break;
			bytes = larger;
			capacity *= 2;
		}
		got = read(fd, bytes + used, (capacity < most ? capacity : most) - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(bytes);
			return -errno;
		}
		if (got == 0) {
			most = used;
			break;
		}
		used += (size_t)got;
	}
	if (bytes == NULL || used < most) {
		free(bytes);
		return -ENOMEM;
	}
	bytes[used] = '\0';
	*ret = bytes;
	*ret_size = used;
	return 0;
}

ssize_t file_read_at(int fd, void *bytes, size_t count, uint64_t offset)
{
	size_t have = 0;

	while (have < count) {
		ssize_t got = pread(fd, (char *)bytes + have, count - have, (off_t)(offset + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

/* 0, or why a file of that type is not read. */
static int type_error(const struct stat *status)
{
	if (S_ISREG(status->st_mode))
		return 0;
	return S_ISDIR(status->st_mode) ? -EISDIR : -ENOTSUP;
}

int file_open(const char *path)
{
	struct stat status;
	int fd, error = stat(path, &status) == 0 ? type_error(&status) : -errno;

	if (error != 0)
		return error;
	/* it may have become another since: neither wait for it nor take it for a terminal */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	error = fstat(fd, &status) == 0 ? type_error(&status) : -errno;
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

int file_read(const char *path, size_t most, uint8_t **ret, size_t *ret_size)
{
	int fd, error;

	if (strcmp(path, "-") == 0)
		return file_read_descriptor(STDIN_FILENO, most, ret, ret_size);
	fd = file_open(path);
	if (fd < 0)
		return fd;
	error = file_read_descriptor(fd, most, ret, ret_size);
	close(fd);
	return error;
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return fsync(fd) == 0 ? 0 : -errno;
}

int file_write(const char *path, const void *bytes, size_t size)
{
	AUTO_FREE char *temporary = format("%s.%d.tmp", path, (int)getpid());
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), error;

	if (fd < 0)
		return -errno;
	error = write_all(fd, bytes, size);
	if (close(fd) != 0 && error == 0)
		error = -errno;
	if (error == 0 && rename(temporary, path) != 0)
		error = -errno;
	if (error != 0)
		unlink(temporary);
	return error;
}

int file_write_json(const char *path, const json_t *json)
{
	AUTO_FREE char *text = json_dumps(
		json, JSON_SORT_KEYS | JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	AUTO_FREE char *lines = text != NULL ? format("%s\n", text) : NULL;

	return lines != NULL ? file_write(path, lines, strlen(lines)) : -ENOMEM;
}

int file_make_directories(const char *path)
{
	AUTO_FREE char *partial = format("%s/", path);

	for (char *slash = strchr(partial + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(partial, 0755) != 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

void file_remove_tree(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *file_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *file_find_program(const char *name)
{
	const char *path = getenv("PATH");
	AUTO_FREE char *all = format("%s", path != NULL ? path : "/usr/bin:/bin");
	char *rest = NULL;

	for (char *part = strtok_r(all, ":", &rest); part != NULL;
		part = strtok_r(NULL, ":", &rest)) {
		char *candidate = format("%s/%s", part, name);

		if (access(candidate, X_OK) == 0)
			return candidate;
		free(candidate);
	}
	return NULL;
}
