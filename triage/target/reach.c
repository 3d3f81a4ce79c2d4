/* SPDX-License-Identifier: Apache-2.0
 * Counts the functions of a library that inputs reach. */
#include "reach.h"

#include "harnesses/base/process.h"
#include "base/util.h"
#include "harnesses/record/reach.h"
#include "start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLLOWED_MAX 200
#define PATIENCE     10 /* times as long as an execution may take under the engine */
#define SAID_MAX     (64u << 10)

static size_t size_of(const struct target_library *library)
{
	return sizeof(struct reach_map) + library->function_count * sizeof(struct reach_function);
}

static int write_functions(const struct target_library *library, const char *path)
{
	struct reach_map *reach = calloc(1, size_of(library));
	int error;

	if (reach == NULL)
		abort();
	reach->magic = REACH_MAGIC;
	reach->count = library->function_count;
	for (size_t i = 0; i < library->function_count; i++)
		reach->list[i].address = library->functions[i];
	error = file_write(path, reach, size_of(library));
	free(reach);
	return error;
}

static int read_hits(const struct target_library *library, const char *path, size_t *ret_reached)
{
	AUTO_FREE uint8_t *bytes = NULL;
	const struct reach_map *reach;
	size_t size;
	int error = file_read(path, size_of(library), &bytes, &size);

	if (error != 0 || size != size_of(library))
		return error != 0 ? error : -EIO;
	reach = (const struct reach_map *)(const void *)bytes;
	if (!reach->begun)
		return -ENOTSUP;
	*ret_reached = 0;
	for (size_t i = 0; i < library->function_count; i++)
		*ret_reached += reach->list[i].hit;
	return 0;
}

static bool has(const struct inputs *inputs, const char *path)
{
	for (size_t i = 0; inputs != NULL && i < inputs->count; i++)
		if (strcmp(inputs->list[i], path) == 0)
			return true;
	return false;
}

int target_reach(const struct target_library *library, const char *directory,
	const struct inputs *inputs, const struct inputs *left_out, size_t *ret_reached)
{
	const struct target_request *request = library->request;
	AUTO_FREE char *path = format("%s/reach", directory);
	AUTO_FREE char *variable = format("%s=%s", REACH_VARIABLE, path);
	AUTO_FREE char **environment = target_environment_with(variable);
	char *argv[FOLLOWED_MAX + 2] = { (char *)(uintptr_t)request->program };
	struct process_result result;
	size_t count = 1;
	int error;

	for (size_t i = 0; i < inputs->count && count <= FOLLOWED_MAX; i++)
		if (!has(left_out, inputs->list[i]))
			argv[count++] = inputs->list[i];
	if (count == 1)
		return -ENODATA;
	error = write_functions(library, path);
	if (error == 0)
		error = process_run(
			argv, environment, PATIENCE * request->timeout_ms, SAID_MAX, &result);
	if (error == 0) {
		process_free(&result);
		/* however it ended: what it reached before is in the file */
		error = read_hits(library, path, ret_reached);
	}
	unlink(path);
	return error;
}
