/* SPDX-License-Identifier: Apache-2.0
 * The names of targets, and the runs of a target. */
#include "runs.h"

#include "base/escape.h"
#include "base/json_file.h"
#include "base/util.h"
#include "exec/program.h"
#include "fuzz.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- names ----------------------------------------------------------------------------------- */

char *target_beside(const char *source, const char *end)
{
	const char *slash = strrchr(source, '/'), *dot = strrchr(source, '.');
	size_t size = dot != NULL && (slash == NULL || dot > slash + 1) ? (size_t)(dot - source) :
									  strlen(source);

	return format("%.*s%s", (int)size, source, end);
}

char *target_name(const char *source)
{
	AUTO_FREE char *stem = target_beside(source, "");
	const char *slash = strrchr(stem, '/');
	char *name = format("%.40s", slash != NULL ? slash + 1 : stem);

	for (char *at = name; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("._-", *at) == NULL)
			*at = '_';
	return name;
}

char *target_identity(const char *source)
{
	AUTO_FREE char *real = run_dir_real_path(source);

	return escape_plain(real != NULL ? real : source);
}

/* For make, to which a dollar is a reference. */
static char *doubled(const char *text)
{
	char *copy = calloc(2 * strlen(text) + 1, 1), *to = copy;

	if (copy == NULL)
		abort();
	for (; *text != '\0'; text++) {
		*to++ = *text;
		if (*text == '$')
			*to++ = '$';
	}
	return copy;
}

/* @line, which is freed, and NAME=value behind it, if there is a value. */
static char *add_variable(char *line, const char *name, const char *value, bool for_make)
{
	AUTO_FREE char *before = line;
	AUTO_FREE char *escaped = NULL;
	AUTO_FREE char *quoted = NULL;

	if (value == NULL || *value == '\0')
		return format("%s", before);
	escaped = for_make ? doubled(value) : format("%s", value);
	quoted = program_quoted(escaped);
	return format("%s%s%s=%s", before, *before != '\0' ? " " : "", name, quoted);
}

char **target_argv(const struct target_request *request, char *alone[2])
{
	alone[0] = (char *)(uintptr_t)request->program;
	alone[1] = NULL;
	return request->argv != NULL ? request->argv : alone;
}

/* What is not as it is by itself. */
static char *add_others(char *line, const struct target_request *request, bool for_make)
{
	bool is_usual = request->detector == &detectors[DETECTOR_asan_ubsan] ||
		request->command != NULL;

	line = add_variable(line, "PROGRAM", request->command, false);
	line = add_variable(line, "SOURCES", request->sources, for_make);
	line = add_variable(line, "FLAGS", request->flags, for_make);
	line = add_variable(line, "BUILD", request->build, false);
	line = add_variable(line, "DETECTOR", is_usual ? NULL : request->detector->slug, for_make);
	return add_variable(line, "ENGINE",
		request->engine == ENGINE_AFL ? NULL : engine_slug(request->engine), for_make);
}

char *target_variables(const struct target_request *request)
{
	char *line = add_variable(format("%s", ""), "TARGET", request->source, true);

	return add_others(line, request, true);
}

char *target_gate_command(const struct target_request *request)
{
	AUTO_FREE char *before = add_others(format("%s", ""), request, false);
	AUTO_FREE char *source = program_quoted(request->source);

	return format("%s%sci/gate --target %s", before, *before != '\0' ? " " : "", source);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static json_t *read_result(const char *directory, char **ret_error)
{
	AUTO_FREE char *path = format("%s/target.json", directory);
	int error;

	return json_file_read(path, TARGET_SCHEMA, &error, ret_error);
}

static bool is_of(const struct target_request *request, const char *directory, const char *identity)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *json = read_result(directory, &why);

	return json != NULL && !json_is_true(json_object_get(json, "failed")) &&
		strcmp(json_file_text(json, "source"), identity) == 0 &&
		strcmp(json_file_text(json, "detector"), request->detector->slug) == 0;
}

static bool is_cut_off(
	const struct target_request *request, const char *directory, const char *identity)
{
	AUTO_FREE char *result = format("%s/target.json", directory);
	AUTO_JSON json_t *json = json_file_in(directory, "run.json", RUN_SCHEMA_TARGET);

	return json != NULL && access(result, F_OK) != 0 &&
		strcmp(json_file_text(json, "source"), identity) == 0 &&
		strcmp(json_file_text(json, "detector"), request->detector->slug) == 0;
}

char *target_find_run(const struct target_request *request, char **ret_error)
{
	AUTO_FREE char *identity = target_identity(request->source);
	char *found = NULL;
	struct run_dirs runs;

	*ret_error = NULL;
	if (request->run != NULL) {
		AUTO_FREE char *by_id = format("runs/%s", request->run);
		const char *name = access(by_id, F_OK) == 0 ? by_id : request->run;

		if (is_of(request, name, identity))
			return format("%s", name);
		*ret_error = is_cut_off(request, name, identity) ?
			format("RUN=%s: the run was cut off; next: build/bin/triage fuzz "
			       "--finish %s",
				request->run, name) :
			format("RUN=%s: not a complete run of %s under %s; next: "
			       "build/bin/triage runs",
				request->run, identity, request->detector->slug);
		return NULL;
	}
	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && found == NULL;)
		if (is_of(request, runs.list[i], identity))
			found = format("%s", runs.list[i]);
	run_dir_free(&runs);
	return found;
}

static void add_input(const char *path, void *inputs)
{
	inputs_find(path, inputs);
}

size_t target_kept(const char *directory, struct inputs *inputs)
{
	struct inputs hangs = { 0 };
	size_t count;

	engine_each_saved(directory, add_input, inputs);
	engine_each_hang(directory, add_input, &hangs);
	inputs_sort(&hangs);
	count = hangs.count;
	for (size_t i = 0; i < count && i < TARGET_HANGS_MAX; i++)
		inputs_find(hangs.list[i], inputs);
	inputs_free(&hangs);
	return count;
}

void target_saved(const char *directory, struct inputs *inputs)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *json = read_result(directory, &why);
	size_t i;
	const json_t *seed;

	target_kept(directory, inputs);
	json_array_foreach(json_object_get(json_object_get(json, "seeds"), "crashing"), i, seed)
		inputs_find(json_string_value(seed) != NULL ? json_string_value(seed) : "", inputs);
}
