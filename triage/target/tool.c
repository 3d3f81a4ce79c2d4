/* SPDX-License-Identifier: Apache-2.0
 * A program with a main() of its own. */
#include "tool.h"

#include "base/complain.h"
#include "base/util.h"
#include "exec/program.h"

#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#define WHO "target"

#define STATS_MAX (64u << 10)
#define PLOT_MAX  (64u << 20)

/* ---- its command line ------------------------------------------------------------------------ */

static int split(struct target_request *request)
{
	wordexp_t words = { 0 };
	int error = wordexp(request->command, &words, WRDE_NOCMD);

	if (error != 0)
		return complain(WHO, EXIT_USAGE,
			"PROGRAM=%s: %s; next: PROGRAM='./tool --option @@', where @@ is the input's file",
			request->command,
			error == WRDE_SYNTAX ? "a quote is not closed" :
					       "it must be one command, made of words");
	request->argv = allocate(words.we_wordc + 1, sizeof(*request->argv));
	for (size_t i = 0; i < words.we_wordc; i++)
		request->argv[i] = format("%s", words.we_wordv[i]);
	wordfree(&words);
	if (words.we_wordc == 0 || words.we_wordc > ENGINE_WORDS_MAX)
		return complain(WHO, EXIT_USAGE, "PROGRAM=%s: %zu words; 1 to %d are allowed",
			request->command, words.we_wordc, ENGINE_WORDS_MAX);
	return 0;
}

/* Without coverage AFL++ would try inputs blindly. */
static int check_instrumented(struct target_request *request, const struct program *program)
{
	AUTO_FREE char *qemu = file_find_program("afl-qemu-trace");

	request->emulated = !program->forkserver && qemu != NULL;
	if (program->forkserver || request->emulated)
		return 0;
	complain(WHO, 0,
		"%s was not built for AFL++, so AFL++ gets no coverage from it; next: build it "
		"again with",
		program->program);
	complain(WHO, 0,
		"  export CC=afl-clang-fast CXX=afl-clang-fast++ CFLAGS='-g -O1 -fsanitize=address' "
		"CXXFLAGS=\"$CFLAGS\" ASAN_OPTIONS=detect_leaks=0");
	return complain(WHO, EXIT_USAGE,
		"or install afl-qemu-trace; AFL++ then fuzzes any program, but slowly");
}

int target_tool_open(struct target_request *request)
{
	AUTO_FREE char *why = NULL;
	struct program program = { 0 };
	int code;

	if (request->command == NULL)
		return 0;
	request->detector = &detectors[DETECTOR_none];
	code = split(request);
	if (code == 0 && program_open(request->argv, NULL, &program, &why) != 0)
		code = complain(WHO, EXIT_USAGE, "PROGRAM=%s: %s", request->command, why);
	if (code == 0)
		code = check_instrumented(request, &program);
	if (code == 0)
		request->program = format("%s", program.program);
	if (code == 0 && request->source == NULL)
		request->source = request->argv[0];
	program_free(&program);
	return code;
}

void target_tool_close(struct target_request *request)
{
	if (request->command == NULL)
		return;
	free((char *)(uintptr_t)request->program);
	for (size_t i = 0; request->argv != NULL && request->argv[i] != NULL; i++)
		free(request->argv[i]);
	free(request->argv);
}

/* ---- its executions -------------------------------------------------------------------------- */

/* The whole file, or an empty text. */
static char *text_of(const char *path, size_t most)
{
	uint8_t *text = NULL;
	size_t size;

	return file_read(path, most, &text, &size) == 0 ? (char *)text : format("%s", "");
}

/* From fuzzer_stats, "execs_done : 813", which AFL++ writes once a minute and at its end. */
static uint64_t from_stats(const char *instance)
{
	AUTO_FREE char *path = format("%s/fuzzer_stats", instance);
	AUTO_FREE char *text = text_of(path, STATS_MAX);
	const char *found = strstr(text, "execs_done");

	found = found != NULL ? strchr(found, ':') : NULL;
	return found != NULL ? strtoull(found + 1, NULL, 10) : 0;
}

/* From the last line of plot_data, "# relative_time, cycles_done, ...", where something new is written every 5 s. */
static uint64_t from_plot(const char *instance)
{
	AUTO_FREE char *path = format("%s/plot_data", instance);
	AUTO_FREE char *text = text_of(path, PLOT_MAX);
	const char *head = strstr(text, "total_execs"), *last = text;

	for (const char *line = text; (line = strchr(line, '\n')) != NULL && strchr(++line, '\n');)
		last = line;
	if (head == NULL || last == text)
		return 0;
	for (const char *at = text; last != NULL && (at = strchr(at, ',')) != NULL && at++ < head;)
		last = strchr(last, ',') != NULL ? strchr(last, ',') + 1 : NULL;
	return last != NULL ? strtoull(last, NULL, 10) : 0;
}

uint64_t target_tool_executions(const char *directory)
{
	AUTO_FREE char *pattern = format("%s/afl/*", directory);
	uint64_t sum = 0;
	glob_t found;

	if (glob(pattern, GLOB_ONLYDIR, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		uint64_t stats = from_stats(found.gl_pathv[i]), plot = from_plot(found.gl_pathv[i]);

		sum += stats > plot ? stats : plot;
	}
	globfree(&found);
	return sum;
}
