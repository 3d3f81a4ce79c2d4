/* SPDX-License-Identifier: Apache-2.0
 * Unpacking saved reports. */
#include "unpack.h"

#include "base/util.h"
#include "harnesses/base/child.h"
#include "harnesses/base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_MAX 6
#define END_MS    10000 /* a tool that has closed its output ends soon */

static const struct tool {
	size_t length;
	char magic[MAGIC_MAX];
	char *argv[4];
} tools[] = {
	{ 2, { '\x1f', '\x8b' }, { "gzip", "-dc" } },
	{ 6, { '\xfd', '7', 'z', 'X', 'Z', '\0' },
		{ "xz", "-dc", "--memlimit-decompress=256MiB" } },
	{ 4, { '\x28', '\xb5', '\x2f', '\xfd' }, { "zstd", "-dc", "-q" } },
	{ 3, { 'B', 'Z', 'h' }, { "bzip2", "-dc" } },
	{ 4, { 'P', 'K', '\3', '\4' }, { "unzip", "-p", "/dev/stdin" } },
};

static const struct tool *tool_of(int fd)
{
	char magic[MAGIC_MAX] = { 0 };
	ssize_t size = file_read_at(fd, magic, sizeof(magic), 0);

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (size >= (ssize_t)tools[i].length &&
			memcmp(magic, tools[i].magic, tools[i].length) == 0)
			return &tools[i];
	return NULL;
}

/* Stops reading at @most bytes, and the tool with it. */
static int read_through(
	const struct tool *tool, int fd, size_t most, uint8_t **ret, size_t *ret_size)
{
	AUTO_FREE char *program = file_find_program(tool->argv[0]);
	const struct child_options options = { .argv = (char *const *)tool->argv,
		.program = program,
		.standard = { fd, CHILD_PIPE, CHILD_NULL },
		.place = CHILD_GROUP,
		.no_core = true };
	int ends[3], status = -1, error;
	pid_t child = program != NULL ? child_spawn(&options, ends) : -ENOEXEC;

	if (child < 0)
		return (int)child;
	error = file_read_descriptor(ends[1], most, ret, ret_size);
	close(ends[1]);
	if (error == 0 && *ret_size < most)
		child_wait(child, clock_now_ms() + END_MS);
	child_finish(child, &status, NULL);
	if (error == 0 && *ret_size == 0 && status != 0) {
		free(*ret);
		return -EBADMSG;
	}
	return error;
}

int unpack_read(
	const char *path, size_t most, uint8_t **ret, size_t *ret_size, const char **ret_tool)
{
	int fd = file_open(path), error;
	const struct tool *tool;

	*ret_tool = NULL;
	if (fd < 0)
		return fd;
	tool = tool_of(fd);
	error = tool != NULL ? read_through(tool, fd, most, ret, ret_size) :
			       file_read_descriptor(fd, most, ret, ret_size);
	if (error == -ENOEXEC)
		*ret_tool = tool->argv[0];
	close(fd);
	return error;
}
